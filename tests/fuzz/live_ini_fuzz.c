/* The reader of AWS's shared config and credentials files. */
#include "live/ini.h"
#include "live/secret.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    char *text = secret_new(count);
    if (count)
        memcpy(text, bytes, count);
    struct ini ini;
    struct error err = {0};
    int status = ini_parse(&ini, "fuzz", text, count, &err);
    if (status) {
        if (status != STATUS_BAD_INPUT || !err.text[0] || strchr(err.text, '\n'))
            abort();
        return 0;
    }
    for (size_t i = 0; i < ini.count; i++) {
        const struct ini_entry *entry = &ini.entries[i];
        if (!ini_has_section(&ini, entry->section) ||
            !ini_get(&ini, entry->section, entry->parent, entry->key))
            abort();
    }
    ini_clean_up(&ini);
    return 0;
}
