#include "overrides.h"

#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int overrides_read(struct overrides *out_overrides, const struct option_list *set,
                   bool no_interruptions, struct error *err)
{
    size_t given = set ? set->count : 0;
    *out_overrides =
        (struct overrides){.items = memory_new(given + 1, sizeof *out_overrides->items)};
    for (size_t i = 0; i < given; i++) {
        const char *text = set->values[i];
        const char *equals = strchr(text, '=');
        if (!equals || equals == text)
            return error_set(err, STATUS_BAD_INPUT,
                             "--set %s: write PATH=VALUE, such as --set demand.units=40", text);
        out_overrides->items[out_overrides->count++] = (struct scenario_override){
            .path = memory_copy_bytes(text, (size_t)(equals - text)), .value = equals + 1};
    }
    if (no_interruptions)
        out_overrides->items[out_overrides->count++] = (struct scenario_override){
            .path = memory_copy_text("interruptions.source"), .value = "none"};
    return STATUS_OK;
}

void overrides_clean_up(struct overrides *overrides)
{
    for (size_t i = 0; i < overrides->count; i++)
        free((char *)(uintptr_t)overrides->items[i].path);
    free(overrides->items);
    *overrides = (struct overrides){0};
}
