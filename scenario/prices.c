/* On-demand prices: the scenario's own, else the imported catalogues', else what generated markets
 * were made from. */
#include "base/timestamp.h"
#include "scenario/parts.h"
#include "scenario/regions.h"
#include "scenario/trace_answers.h"

#include <string.h>

/* Which of several dated catalogues was taken. */
static void note_catalog(struct reader *reader, const char *region, const char *type,
                         const struct trace_price *price)
{
    char time[TIMESTAMP_TEXT_SIZE];
    add_note(reader->scenario, false,
             "the on-demand price of %s in %s is that of the catalogue \"%s\", which holds from %s",
             type, region, price->catalog, timestamp_format(price->since_s, time));
}

/* A price from the databases' catalogues at "from"; they must agree. */
static int from_catalogues(struct reader *reader, const char *region, const char *type,
                           int64_t *out_micro_usd)
{
    const struct scenario *scenario = reader->scenario;
    for (size_t i = 0; i < scenario->trace_path_count; i++) {
        const struct trace_question question = {.kind = QUESTION_PRICE,
                                                .path = scenario->trace_paths[i],
                                                .name = scenario->catalog,
                                                .region = region,
                                                .instance_type = type,
                                                .at_s = scenario->from_s};
        struct trace_answer answer;
        int status = trace_ask(reader->memory, &question, &answer, &reader->all_kept, reader->err);
        if (status)
            return status;
        const struct trace_price found = answer.price;
        trace_answer_clean_up(&answer);
        int64_t price = found.micro_usd_per_hour;
        if (price >= 0 && found.since_s >= 0 && !scenario->catalog)
            note_catalog(reader, region, type, &found);
        if (price >= 0 && *out_micro_usd >= 0 && price != *out_micro_usd)
            return error_set(reader->err, STATUS_BAD_INPUT,
                             "%s: its catalogue disagrees with that of another of the scenario's "
                             "traces on the on-demand price of %s in %s: say it in "
                             "\"on_demand_usd_per_hour\"",
                             scenario->trace_paths[i], type, region);
        if (price >= 0)
            *out_micro_usd = price;
    }
    return STATUS_OK;
}

static int64_t from_synth(const struct scenario *scenario, const char *type)
{
    for (size_t i = 0; i < scenario->synth_count; i++) {
        for (size_t m = 0; m < scenario->synth[i].market_count; m++) {
            if (strcmp(scenario->synth[i].markets[m].instance_type, type) == 0)
                return scenario->synth[i].markets[m].on_demand_micro_usd;
        }
    }
    return -1;
}

static int find_price(struct reader *reader, const char *region, const char *type,
                      int64_t *out_micro_usd)
{
    *out_micro_usd = -1;
    const cJSON *map = reader_at(reader, "on_demand_usd_per_hour");
    const cJSON *node = map ? member(map, type) : NULL;
    if (node)
        return reader_decimal(reader, node, 1, PRICE_MAX_MICRO, out_micro_usd);
    int status = *region && trace_catalog_has(reader->scenario->product)
                     ? from_catalogues(reader, region, type, out_micro_usd)
                     : STATUS_OK;
    if (!status && *out_micro_usd < 0)
        *out_micro_usd = from_synth(reader->scenario, type);
    return status;
}

static int missing(struct reader *reader, const cJSON *node, const char *region, const char *type,
                   const char *why)
{
    const struct scenario *scenario = reader->scenario;
    const char *where = *region ? region : "a region that is not known either";
    if (!trace_catalog_has(scenario->product))
        return reader_fail(reader, node,
                           "the on-demand price of %s with %s in %s is not known, for catalogues "
                           "have those of Linux/UNIX, and %s: add "
                           "\"on_demand_usd_per_hour\": {\"%s\": 0.25} with its price to the "
                           "scenario",
                           type, scenario->product, where, why, type);
    return reader_fail(
        reader, node,
        "the on-demand price of %s in %s is not known%s%s%s, and %s: add "
        "\"on_demand_usd_per_hour\": {\"%s\": 0.25} with its price to the scenario, "
        "or %s",
        type, where, scenario->catalog ? " to the catalogue \"" : "",
        scenario->catalog ? scenario->catalog : "", scenario->catalog ? "\"" : "", why, type,
        scenario->catalog ? "name another \"catalog\"" : "import a catalogue of on-demand prices");
}

/* All pools must be in one region, for a fleet is; zones of unknown form are left alone. */
static int find_region(struct reader *reader, char out_region[REGION_TEXT_SIZE])
{
    const struct scenario *scenario = reader->scenario;
    out_region[0] = '\0';
    const char *first = NULL;
    for (size_t i = 0; i < scenario->fleet.pool_count + scenario->group.zone_count; i++) {
        bool of_fleet = i < scenario->fleet.pool_count;
        const char *zone = of_fleet ? scenario->fleet.pools[i].zone
                                    : scenario->group.zones[i - scenario->fleet.pool_count];
        char region[REGION_TEXT_SIZE];
        region_of_zone(zone, region);
        if (!*region)
            continue;
        if (*out_region && strcmp(region, out_region) != 0)
            return reader_fail(
                reader, member(reader->root, of_fleet ? "spot_fleet" : "backup_group"),
                "%s and %s are in different regions: fleet and backup are in one", first, zone);
        first = zone;
        strcpy(out_region, region);
    }
    return STATUS_OK;
}

static int check_map(struct reader *reader)
{
    const cJSON *map = reader_at(reader, "on_demand_usd_per_hour");
    int status = map ? reader_object(reader, map) : STATUS_OK;
    for (const cJSON *node = map && !status ? map->child : NULL; node && !status;
         node = node->next) {
        int64_t price = 0;
        status = reader_decimal(reader, node, 1, PRICE_MAX_MICRO, &price);
    }
    return status;
}

/* Whether the fleet asks for on-demand capacity of its own, at once or later. */
static bool on_demand_asked_for(const struct reader *reader)
{
    bool asked = reader->scenario->fleet.on_demand_micro > 0;
    const cJSON *changes = member(reader->root, "modify_spot_fleet");
    for (const cJSON *change = cJSON_IsArray(changes) ? changes->child : NULL; change;
         change = change->next)
        asked = asked || member(change, "OnDemandTargetCapacity");
    return asked;
}

int read_prices(struct reader *reader)
{
    struct scenario *scenario = reader->scenario;
    struct backup_group *group = &scenario->group;
    char region[REGION_TEXT_SIZE];
    int status = check_map(reader);
    if (!status)
        status = find_region(reader, region);
    if (!status)
        status = find_price(reader, region, group->instance_type, &group->on_demand_micro_usd);
    if (!status && group->on_demand_micro_usd < 0)
        status = missing(reader, reader_at(reader, "backup_group.launch.InstanceType"), region,
                         group->instance_type, "the backup is paid at it");
    bool on_demand = on_demand_asked_for(reader);
    for (size_t i = 0; i < scenario->fleet.pool_count && !status; i++) {
        struct fleet_pool *pool = &scenario->fleet.pools[i];
        status = find_price(reader, region, pool->instance_type, &pool->on_demand_micro_usd);
        bool diversified = scenario->fleet.strategy == STRATEGY_DIVERSIFIED;
        if (!status && pool->on_demand_micro_usd < 0 &&
            (diversified || on_demand || pool->cap_per_unit_micro_usd < 0))
            status =
                missing(reader, member(reader->root, "spot_fleet"), region, pool->instance_type,
                        diversified ? "\"diversified\" launches only below it"
                        : on_demand ? "the fleet's on-demand capacity is chosen and paid by it"
                                    : "without a SpotPrice it is the most the fleet pays");
    }
    return status;
}
