/* forecast: what is pending now, or what was pending at this hour before, whichever is more.
 *
 * The season (a day or a week, UTC) has hourly slots; hours are counted from 1970. While an hour
 * lasts, the most that was seen pending in it is remembered (the newest point of PendingCapacity
 * within lookback_s at each evaluation; below zero counts as zero). At the first evaluation of a
 * later hour that maximum is folded into its slot: the first time as it is, then
 *
 *     slot = floor((slot * (100 - smoothing_percent) + maximum * smoothing_percent) / 100)
 *
 * Hours in which nothing was seen leave their slot as it is. forecast = the larger of the slots of
 * now and of now + lead_s; below least_units it is nothing. need = the instances for the larger of
 * what is pending and the forecast, within MinSize..MaxSize. Where nothing says what is pending,
 * the forecast alone, and nothing scales in.
 */
#include "policy/builtin.h"
#include "policy/sizing.h"

enum parameter {
    SEASON,
    SMOOTHING_PERCENT,
    LEAD_S,
    LEAST_UNITS,
    LOOKBACK_S,
    UNITS_PER_INSTANCE,
    PARAMETER_COUNT
};

enum season { SEASON_DAY = 0, SEASON_WEEK };
enum { SLOT_S = 3600, SLOTS_DAY = 24, SLOTS_WEEK = 168 };

static const char *const seasons[] = {"day", "week", NULL};

static const struct ballast_parameter parameters_table[PARAMETER_COUNT] = {
    [SEASON] = {"season", BALLAST_CHOICE, "", SEASON_DAY, 0, 0, seasons,
                "what repeats: the day, learned in days, or the week, learned in weeks"},
    [SMOOTHING_PERCENT] = {"smoothing_percent", BALLAST_INTEGER, "%", 30, 1, 100, NULL,
                           "weight of the newest season; 100 repeats the last one, 30 remembers "
                           "mostly the last five"},
    [LEAD_S] = {"lead_s", BALLAST_DURATION, "s", 300, 0, SLOT_S, NULL,
                "how long before an hour its backup is started; 300 is the default of AWS's "
                "predictive scaling (SchedulingBufferTime)"},
    [LEAST_UNITS] = {"least_units", BALLAST_CAPACITY, "units", BALLAST_MICRO, 0,
                     10000 * (int64_t)BALLAST_MICRO, NULL,
                     "a forecast below this is none: what is smoothed fades and never ends"},
    [LOOKBACK_S] = {"lookback_s", BALLAST_DURATION, "s", 900, 60, 86400, NULL,
                    "how far back a point of PendingCapacity may be taken from"},
    [UNITS_PER_INSTANCE] = SIZING_UNITS_PER_INSTANCE_PARAMETER,
};

static const struct ballast_read reads[] = {{.kind = BALLAST_READ_METRIC,
                                             .metric = "PendingCapacity",
                                             .statistic = BALLAST_MAXIMUM,
                                             .period_s = 60,
                                             .lookback_parameter = BALLAST_PARAMETER(LOOKBACK_S)}};

enum reason { GROUP_UNKNOWN, SIZE_FITS, SCALE_OUT, SCALE_IN, PENDING_MISSING, REASON_COUNT };

static const struct ballast_reason reasons[REASON_COUNT] = {
    [GROUP_UNKNOWN] = SIZING_GROUP_UNKNOWN_REASON,
    [SIZE_FITS] = {"size-fits", "{0u} units pending, {3u} expected: {1} instances within MinSize "
                                "and MaxSize, as many as the group wants"},
    [SCALE_OUT] = {"scale-out", "{0u} units pending, {3u} expected: {1} instances within MinSize "
                                "and MaxSize, the group wants {2}: more at once"},
    [SCALE_IN] = {"scale-in", "{0u} units pending, {3u} expected: {1} instances within MinSize and "
                              "MaxSize, the group wants {2}: fewer, once the cooldown allows"},
    [PENDING_MISSING] = {"pending-missing",
                         "what is pending is unknown, and {3u} units are expected: the group's {2} "
                         "instances stay"},
};

/* What is remembered. Micro-units; -1 is "never seen". */
struct memory {
    int64_t started;           /* whether `hour` means anything */
    int64_t hour;              /* the newest hour of an evaluation, since 1970 */
    int64_t seen;              /* the most pending in it */
    int64_t slots[SLOTS_WEEK]; /* of a day the first 24 */
};

_Static_assert(sizeof(struct memory) <= BALLAST_STATE_MAX, "the memory is too large");

static void init(const int64_t *parameters, void *state)
{
    (void)parameters;
    struct memory *memory = state;
    memory->seen = -1;
    for (size_t i = 0; i < SLOTS_WEEK; i++)
        memory->slots[i] = -1;
}

static int64_t hour_of(int64_t time_s)
{
    return time_s / SLOT_S - (time_s % SLOT_S < 0);
}

static int64_t slot_count(const int64_t *parameters)
{
    return parameters[SEASON] == SEASON_WEEK ? SLOTS_WEEK : SLOTS_DAY;
}

static int64_t slot_of(int64_t hour, const int64_t *parameters)
{
    int64_t slot = hour % slot_count(parameters);
    return slot < 0 ? slot + slot_count(parameters) : slot;
}

/* pending_micro is -1 where it is unknown. An evaluation of an hour that is over teaches nothing.
 */
static void learn(struct memory *memory, int64_t hour, int64_t pending_micro,
                  const int64_t *parameters)
{
    if (memory->started && hour < memory->hour)
        return;
    if (memory->started && hour > memory->hour && memory->seen >= 0) {
        int64_t *slot = &memory->slots[slot_of(memory->hour, parameters)];
        int64_t newest = parameters[SMOOTHING_PERCENT];
        *slot = *slot < 0 ? memory->seen : (*slot * (100 - newest) + memory->seen * newest) / 100;
    }
    if (!memory->started || hour > memory->hour)
        memory->seen = -1;
    memory->started = 1;
    memory->hour = hour;
    if (pending_micro > memory->seen)
        memory->seen = pending_micro;
}

/* What is expected of this hour, and with the next one. */
struct expectation {
    int64_t this_micro;
    int64_t both_micro;
};

static struct expectation expectation_of(const struct memory *memory, int64_t hour,
                                         const int64_t *parameters)
{
    int64_t slot = slot_of(hour, parameters);
    int64_t next = slot + 1 < slot_count(parameters) ? slot + 1 : 0;
    int64_t least = parameters[LEAST_UNITS]; /* at least 0: what was never seen is below it */
    int64_t this_micro = memory->slots[slot] < least ? 0 : memory->slots[slot];
    int64_t next_micro = memory->slots[next] < least ? 0 : memory->slots[next];
    return (struct expectation){this_micro, next_micro > this_micro ? next_micro : this_micro};
}

struct sized policy_forecast_sized(const struct ballast_observation *observation,
                                   const int64_t *parameters, void *state)
{
    struct memory *memory = state;
    const struct ballast_answer *answer = &observation->answers[0];
    bool known = answer->status == BALLAST_OK;
    int64_t pending = known ? answer->points[sizing_newest_point(answer)].value_micro : -1;
    if (known && pending < 0)
        pending = 0;
    int64_t hour = hour_of(observation->now_s);
    int64_t ahead = hour_of(observation->now_s + parameters[LEAD_S]);
    learn(memory, hour, pending, parameters);
    const struct expectation of = expectation_of(memory, hour, parameters);
    int64_t expected = ahead > hour ? of.both_micro : of.this_micro;
    int64_t next_s = (hour + 1) * SLOT_S;
    bool to_the_hour = expected == of.both_micro; /* the next one changes nothing until it comes */
    return (struct sized){
        .holds = false,
        .sizing =
            {
                .need = sizing_instances(
                    pending > expected ? pending : expected,
                    sizing_units_per_instance(observation, parameters[UNITS_PER_INSTANCE])),
                .unclamped = false,
                .out_only = !known,
                .keeps_larger = false,
                .keeps_smaller = false,
                .group_unknown = GROUP_UNKNOWN,
                .fits = known ? SIZE_FITS : PENDING_MISSING,
                .out = SCALE_OUT,
                .in = SCALE_IN,
                .held = PENDING_MISSING,
                .figures = {known ? pending : 0, 0, 0, expected, 0, 0},
                .valid_until_s = to_the_hour ? next_s : next_s - parameters[LEAD_S],
            },
        .reads = SIZED_READ(0),
        .differ = 0,
        /* More than the target is as good as the target. */
        .banded = SIZED_READ(0),
        .band = {BALLAST_UNKNOWN + 1, 0},
    };
}

static struct ballast_decision decide(const struct ballast_observation *observation,
                                      const int64_t *parameters, void *state)
{
    const struct sized sized = policy_forecast_sized(observation, parameters, state);
    return sized_decide(&observation->group, &sized);
}

const struct ballast_policy policy_forecast = {
    .abi = BALLAST_POLICY_ABI,
    .name = "forecast",
    .description = "the backup is what is pending, or what used to be pending at this hour, "
                   "started ahead",
    .source = "exponential smoothing of each hour of the season, as in textbooks of forecasting; "
              "hourly, daily or weekly, and started ahead as AWS's predictive scaling is",
    .parameters = parameters_table,
    .parameter_count = PARAMETER_COUNT,
    .reads = reads,
    .read_count = sizeof reads / sizeof reads[0],
    .reasons = reasons,
    .reason_count = REASON_COUNT,
    .state_version = 1,
    .state_size = sizeof(struct memory),
    .init = init,
    .decide = decide,
};
