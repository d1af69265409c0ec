/* What the account's things are called. */
#include "twin/twin_parts.h"

#include "base/pcg64.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char ACCOUNT[] = "123456789012";

/* Of the number'th request: 0 is the scenario's. */
void names_fleet(struct twin_names *names, const struct scenario *scenario, size_t number)
{
    uint64_t a = pcg64_word(scenario->name) ^ scenario->seed;
    uint64_t b = pcg64_word(scenario->group.name) + a + number;
    snprintf(names->fleet, sizeof names->fleet,
             "sfr-%08" PRIx64 "-%04" PRIx64 "-4%03" PRIx64 "-a%03" PRIx64 "-%012" PRIx64, a >> 32,
             (a >> 16) & 0xffff, a & 0xfff, b >> 52, b & UINT64_C(0xffffffffffff));
}

void names_make(struct twin_names *out_names, const struct scenario *scenario)
{
    *out_names = (struct twin_names){.group = scenario->group.name};
    if (scenario->service_count)
        out_names->cluster = scenario->cluster.name ? scenario->cluster.name : "default";
    snprintf(out_names->account, sizeof out_names->account, "%s", ACCOUNT);
    names_fleet(out_names, scenario, 0);
    char region[REGION_TEXT_SIZE];
    region_of_zone(scenario->fleet.pools[0].zone, region);
    snprintf(out_names->region, sizeof out_names->region, "%s", *region ? region : "us-east-1");
}

char *instance_id(size_t number, char out_id[ID_SIZE])
{
    snprintf(out_id, ID_SIZE, "i-%017zx", number + 1);
    return out_id;
}

size_t instance_number(const char *id)
{
    if (strlen(id) != 19 || strncmp(id, "i-", 2) != 0 || strspn(id + 2, "0123456789abcdef") != 17)
        return SIZE_MAX;
    uint64_t number = strtoull(id + 2, NULL, 16);
    return number > 0 && number < SIZE_MAX ? (size_t)number - 1 : SIZE_MAX;
}
