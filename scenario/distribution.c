/* `instances_distribution`: fleet and backup as one mixed-instances group that sizes itself. */
#include "base/decimal.h"
#include "scenario/parts.h"
#include "scenario/writer.h"

#include <string.h>

enum { PERCENT = 100 };

static const char base_key[] = "OnDemandBaseCapacity";
static const char percentage_key[] = "OnDemandPercentageAboveBaseCapacity";

int64_t distribution_on_demand(const struct instances_distribution *distribution, int64_t units)
{
    int64_t base = units < distribution->on_demand_base ? units : distribution->on_demand_base;
    return base + (int64_t)divide_ceiling(
                      (int128)(units - base) * distribution->on_demand_percentage, PERCENT);
}

/* What would size the fleet or the group beside it. */
static int refuse_others(struct reader *reader)
{
    const cJSON *modify = member(reader->root, "modify_spot_fleet");
    bool none = !modify || (cJSON_IsArray(modify) && !modify->child);
    if (!none)
        return reader_fail(reader, modify,
                           "\"instances_distribution\" sets the fleet's target: leave one of the "
                           "two out");
    const cJSON *scaling = member(reader->root, "scaling");
    if (scaling && !cJSON_IsNull(scaling))
        return reader_fail(reader, scaling,
                           "\"instances_distribution\" sets the fleet's target: leave one of the "
                           "two out");
    if (reader->scenario->fleet.on_demand_micro > 0)
        return reader_fail(reader, reader_at(reader, "spot_fleet.OnDemandTargetCapacity"),
                           "\"instances_distribution\" says how much is on-demand, and the backup "
                           "is it: leave one of the two out");
    const cJSON *type = reader_at(reader, "spot_fleet.Type");
    if (reader->scenario->fleet.type == FLEET_REQUEST)
        return reader_fail(reader, type,
                           "a mixed-instances group keeps its size: \"maintain\" is what the fleet "
                           "must be");
    const cJSON *policy = reader_at(reader, "policy.name");
    if (policy && cJSON_IsString(policy) && strcmp(policy->valuestring, "none") != 0)
        return reader_fail(
            reader, policy,
            "with \"instances_distribution\" the group sizes itself: only the policy "
            "none goes with it");
    return STATUS_OK;
}

int read_distribution(struct reader *reader)
{
    static const char *const keys[] = {base_key, percentage_key, NULL};
    struct instances_distribution *out = &reader->scenario->distribution;
    const cJSON *object = member(reader->root, "instances_distribution");
    if (!object)
        return STATUS_OK;
    *out = (struct instances_distribution){.given = true, .on_demand_percentage = PERCENT};
    int status = reader_keys(reader, object, keys);
    const cJSON *base = member(object, base_key);
    const cJSON *percentage = member(object, percentage_key);
    if (!status && base)
        status = reader_int64(reader, base, 0, TARGET_MAX_UNITS, &out->on_demand_base);
    if (!status && percentage)
        status = reader_int64(reader, percentage, 0, PERCENT, &out->on_demand_percentage);
    return status ? status : refuse_others(reader);
}

void note_distribution(struct reader *reader)
{
    const struct scenario *scenario = reader->scenario;
    const struct backup_group *group = &scenario->group;
    int64_t most = 0;
    for (size_t i = 0; scenario->distribution.given && i < scenario->demand_count; i++) {
        int64_t units = (int64_t)divide_ceiling(scenario->demand[i].required_micro, MICRO);
        int64_t part = distribution_on_demand(&scenario->distribution, units);
        most = part > most ? part : most;
    }
    int64_t instances =
        (int64_t)divide_ceiling((int128)most * MICRO, group->units_per_instance_micro);
    if (instances > group->max_size)
        add_note(reader->scenario, true,
                 "the on-demand part comes to need %lld instances, but MaxSize is %lld: the rest "
                 "of it stays unfulfilled",
                 (long long)instances, (long long)group->max_size);
}

void write_distribution(struct writer *writer)
{
    const cJSON *object = member(writer->reader->root, "instances_distribution");
    const struct instances_distribution *from = &writer->reader->scenario->distribution;
    if (!from->given)
        return;
    write_open(writer, "instances_distribution", '{');
    write_integer(writer, base_key, from->on_demand_base, member(object, base_key));
    write_integer(writer, percentage_key, from->on_demand_percentage,
                  member(object, percentage_key));
    write_close(writer, '}');
}
