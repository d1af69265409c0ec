/* The request's SpotMaintenanceStrategies: what the fleet does about rebalance recommendations.
 * docs/model.md, "Capacity rebalancing". */
#include "scenario/parts.h"
#include "scenario/writer.h"

#include <string.h>

enum { TERMINATION_DELAY_MIN_S = 120, TERMINATION_DELAY_MAX_S = 7200 }; /* of AWS */

static const char *const words[] = {
    [REPLACEMENT_LAUNCH - 1] = "launch",
    [REPLACEMENT_LAUNCH_BEFORE_TERMINATE - 1] = "launch-before-terminate",
    NULL,
};

/* AWS requires it with launch-before-terminate and refuses it otherwise. */
static int read_delay_of(struct reader *reader, const cJSON *object)
{
    struct spot_fleet *fleet = &reader->scenario->fleet;
    const cJSON *delay = member(object, "TerminationDelay");
    bool wanted = fleet->replacement == REPLACEMENT_LAUNCH_BEFORE_TERMINATE;
    if (delay && !wanted)
        return reader_fail(
            reader, delay,
            "AWS takes it with ReplacementStrategy \"launch-before-terminate\" only: "
            "leave it out, or choose that");
    if (!delay && wanted)
        return reader_fail(reader, object,
                           "no TerminationDelay, which AWS requires with "
                           "\"launch-before-terminate\": add it (%d to %d s)",
                           TERMINATION_DELAY_MIN_S, TERMINATION_DELAY_MAX_S);
    return delay ? reader_int64(reader, delay, TERMINATION_DELAY_MIN_S, TERMINATION_DELAY_MAX_S,
                                &fleet->termination_delay_s)
                 : STATUS_OK;
}

int read_capacity_rebalance(struct reader *reader, const cJSON *fleet_node)
{
    struct spot_fleet *fleet = &reader->scenario->fleet;
    const cJSON *object =
        member(member(fleet_node, "SpotMaintenanceStrategies"), "CapacityRebalance");
    if (!object)
        return STATUS_OK;
    int status = reader_object(reader, object);
    if (status)
        return status;
    const cJSON *strategy = member(object, "ReplacementStrategy");
    if (!strategy)
        return reader_fail(reader, object,
                           "no ReplacementStrategy, which AWS requires: add \"launch\" or "
                           "\"launch-before-terminate\"");
    int index = 0;
    status = reader_word(reader, strategy, words, &index);
    if (status)
        return status;
    fleet->replacement = (enum replacement_strategy)(index + 1);
    if (fleet->type != FLEET_MAINTAIN)
        return reader_fail(reader, object,
                           "AWS rebalances the capacity of fleets of Type \"maintain\" only: leave "
                           "it out, or choose that");
    return read_delay_of(reader, object);
}

static bool in_one_place(const struct spot_fleet *fleet)
{
    for (size_t i = 1; i < fleet->pool_count; i++) {
        if (strcmp(fleet->pools[i].zone, fleet->pools[0].zone) != 0 ||
            strcmp(fleet->pools[i].instance_type, fleet->pools[0].instance_type) != 0)
            return false;
    }
    return true;
}

void note_capacity_rebalance(struct reader *reader)
{
    struct scenario *scenario = reader->scenario;
    const struct spot_fleet *fleet = &scenario->fleet;
    if (fleet->replacement == REPLACEMENT_NONE)
        return;
    if (scenario->interruption_terms.rebalance_permille == 0)
        add_note(scenario, true,
                 "the fleet's capacity rebalancing has nothing to act on: no interruption is "
                 "announced while interruptions.rebalance_permille is 0");
    if (fleet->strategy == STRATEGY_LOWEST_PRICE)
        add_note(scenario, true,
                 "AWS advises against capacity rebalancing with lowestPrice: replacements go where "
                 "it is cheapest, at risk or not");
    else if (in_one_place(fleet))
        add_note(scenario, true,
                 "all of the fleet's pools are of one type in one zone: while that is at risk, "
                 "capacity rebalancing finds no better place for replacements");
}

void write_capacity_rebalance(struct writer *writer, const cJSON *fleet_node)
{
    const struct spot_fleet *fleet = &writer->reader->scenario->fleet;
    const cJSON *object =
        member(member(fleet_node, "SpotMaintenanceStrategies"), "CapacityRebalance");
    if (fleet->replacement == REPLACEMENT_NONE)
        return;
    write_open(writer, "SpotMaintenanceStrategies", '{');
    write_open(writer, "CapacityRebalance", '{');
    write_string(writer, "ReplacementStrategy", words[fleet->replacement - 1],
                 member(object, "ReplacementStrategy"));
    if (fleet->replacement == REPLACEMENT_LAUNCH_BEFORE_TERMINATE)
        write_integer(writer, "TerminationDelay", fleet->termination_delay_s,
                      member(object, "TerminationDelay"));
    write_close(writer, '}');
    write_close(writer, '}');
}
