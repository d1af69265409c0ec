/* Do the traces that were gathered cover the run? */
#include "base/timestamp.h"
#include "scenario/loading.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { HOUR_S = 3600 };
static const int64_t silence_refused_s = 48 * HOUR_S; /* AWS restates every price once a day */
static const int64_t silence_noted_s = 25 * HOUR_S;

static int missing_market(const struct loading *loading, const struct market_key *key)
{
    char **zones = NULL;
    size_t count = 0;
    int status =
        known_zones(loading->scenario, NULL, key->instance_type, &zones, &count, loading->err);
    struct text list = {.limit = 400};
    for (size_t i = 0; i < count; i++) {
        text_addf(&list, "%s%s", i ? ", " : "", zones[i]);
        free(zones[i]);
    }
    free(zones);
    if (!status && count)
        status = error_set(loading->err, STATUS_BAD_INPUT,
                           "%s: the traces have no prices of %s in %s (%s); they have it in %s",
                           loading->scenario->file, key->instance_type, key->zone, key->product,
                           list.data);
    else if (!status)
        status = error_set(loading->err, STATUS_BAD_INPUT,
                           "%s: the traces have no prices of %s in %s (%s), nor of that type in "
                           "any zone: import them, or choose another \"product\"",
                           loading->scenario->file, key->instance_type, key->zone, key->product);
    text_clean_up(&list);
    return status;
}

static int check_market(const struct loading *loading, const struct market *market,
                        enum market_origin origin)
{
    struct scenario *scenario = loading->scenario;
    char time[TIMESTAMP_TEXT_SIZE];
    char from[TIMESTAMP_TEXT_SIZE];
    if (market->step_count == 0 || market->steps[0].time_s > scenario->from_s)
        return error_set(loading->err, STATUS_BAD_INPUT,
                         "%s: prices of %s in %s begin at %s, after \"from\" %s: begin later, or "
                         "import what came before",
                         scenario->file, market->instance_type, market->zone,
                         timestamp_format(market->first_record_s, time),
                         timestamp_format(scenario->from_s, from));
    if (origin != FROM_INLINE && origin != FROM_ADVISOR &&
        market->last_record_s < scenario->to_s - silence_refused_s)
        return error_set(loading->err, STATUS_BAD_INPUT,
                         "%s: prices of %s in %s end at %s, more than 48 h before \"to\" %s: end "
                         "earlier, or import what came after",
                         scenario->file, market->instance_type, market->zone,
                         timestamp_format(market->last_record_s, time),
                         timestamp_format(scenario->to_s, from));
    if (origin == FROM_DATABASE && market->longest_silence_s > silence_noted_s)
        add_note(scenario, true,
                 "prices of %s in %s are silent for %" PRId64 " h from %s: AWS restates them every "
                 "day, so records may be missing",
                 market->instance_type, market->zone, market->longest_silence_s / HOUR_S,
                 timestamp_format(market->longest_silence_from_s, time));
    return STATUS_OK;
}

/* Whether the traces can say that a place of the backup is short. */
static void check_backup(const struct loading *loading)
{
    struct scenario *scenario = loading->scenario;
    const struct trace_set *set = loading->set;
    const char *type = scenario->group.instance_type;
    bool known =
        scenario->launch_failures.permille == 0 || scenario->interruptions == INTERRUPTIONS_NONE;
    for (size_t i = 0; i < set->market_count && !known; i++)
        known = strcmp(set->markets[i].instance_type, type) == 0;
    for (size_t i = 0; i < set->interruption_count && !known; i++)
        known = strcmp(set->interruptions[i].instance_type, type) == 0;
    for (size_t i = 0; i < set->capacity_count && !known; i++)
        known = strcmp(set->capacities[i].instance_type, type) == 0;
    if (!known)
        add_note(scenario, true,
                 "account.on_demand_failure_permille: the traces know nothing of %s in the zones "
                 "of the backup, so none of its launches fails",
                 type);
}

int loading_check(struct loading *loading)
{
    struct scenario *scenario = loading->scenario;
    int status = STATUS_OK;
    check_backup(loading);
    for (size_t i = 0; i < loading->required_count && !status; i++) {
        const struct market *market = loading_market(loading->set, &loading->wanted[i]);
        if (!market)
            return missing_market(loading, &loading->wanted[i]);
        status = check_market(loading, market, loading->origins[market - loading->set->markets]);
    }
    if (!status && scenario->interruptions == INTERRUPTIONS_TRACE)
        status = check_known(scenario, loading->wanted, loading->wanted_count, loading->err);
    if (!status && scenario->interruptions == INTERRUPTIONS_TRACE &&
        loading->set->interruption_count == 0 && loading->set->capacity_count == 0)
        add_note(scenario, true,
                 "interruptions are to be taken from the traces, but within the run these have "
                 "none for the fleet's pools");
    if (!status && scenario->interruptions != INTERRUPTIONS_TRACE &&
        scenario->interruptions != INTERRUPTIONS_ADVISOR && loading->set->capacity_count)
        add_note(scenario, true,
                 "the traces say how many instances can run in a place, but that is read only with "
                 "interruptions.source \"trace\": launches never fail here");
    return status;
}
