/* From what spot was billed to what it costs in the simulation, one step at a time. */
#include "study/hindcast_parts.h"

/* Billed time and a rule's agree if they are no further apart: launches and ends are recorded, and
 * billed, to some seconds only. */
enum { SAME_S = 60 };

/* What a bill has of one instance within the window. */
struct of_bill {
    int128 cost;
    int128 valued;   /* use × rate */
    int128 recorded; /* use × the recorded price of its hours */
    int128 used;     /* parts of an hour */
    size_t lines;
    int64_t last_s; /* the last second that was billed, if its hour was used from the start on */
};

static int64_t most(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Use at the price recorded for its hour: the mean over what of the hour the instance lived, or
 * over the hour. */
static int128 at_recorded_price(const struct hindcast_work *work, const struct lived *lived,
                                const struct billed *line, int128 used)
{
    int64_t from_s = most(line->start_s, lived->start_s);
    int64_t to_s = least(line->end_s, lived->end_s);
    if (from_s >= to_s) {
        from_s = line->start_s;
        to_s = line->start_s + 1;
    }
    /* Before its launch there are no hours of its own. */
    int64_t start_s = least(lived->start_s, from_s);
    int128 sum = hindcast_charge_within(work, lived->pool, start_s, from_s, to_s);
    /* FINE over seconds × 3600 s × parts / 10^10. */
    return divide_half_even(sum / FINE_PER_MICRO_USD_S * 3600 * used, to_s - from_s);
}

static struct of_bill of_bill(const struct hindcast_work *work, const struct lived *lived)
{
    struct of_bill sum = {0};
    size_t count = 0;
    const struct billed *lines = hindcast_lines(work, lived->life, &count);
    for (size_t i = 0; i < count; i++) {
        struct billed_share share;
        if (!billed_in(&lines[i], work->from_s, work->to_s, &share))
            continue;
        sum.lines++;
        sum.cost += share.cost;
        sum.valued += share.valued;
        sum.used += share.used;
        sum.last_s =
            most(sum.last_s, lines[i].start_s + (int64_t)divide_half_even(
                                                    (int128)lines[i].used * 3600, CHARGE_PARTS));
        sum.recorded += at_recorded_price(work, lived, &lines[i], share.used);
    }
    return sum;
}

/* Has it an end that only the bill knows? All that is missing is then missing there. */
static bool end_not_seen(const struct hindcast_work *work, const struct lived *lived,
                         const struct of_bill *bill)
{
    int64_t used_s = (int64_t)divide_half_even(bill->used * 3600, CHARGE_PARTS);
    int64_t missing_s = work->to_s - most(lived->start_s, work->from_s) - used_s;
    int64_t at_end_s = work->to_s - bill->last_s;
    return lived->end_s == INT64_MAX && bill->lines && missing_s > SAME_S &&
           missing_s <= at_end_s + SAME_S && missing_s >= at_end_s - SAME_S;
}

/* Is the billed time that which another rule than the model's makes of the same life? */
static bool is_other_rule(const struct hindcast_work *work, const struct lived *lived, int128 used)
{
    int64_t used_s = (int64_t)divide_half_even(used * 3600, CHARGE_PARTS);
    bool per_second = scenario_per_second(work->scenario, lived->start_s);
    int64_t own_s = hindcast_charged_s(work, lived->start_s, lived->end_s, lived->ec2, per_second);
    if (used_s <= own_s + SAME_S && used_s >= own_s - SAME_S)
        return false;
    for (int rule = 0; rule < 4; rule++) {
        int64_t other_s =
            hindcast_charged_s(work, lived->start_s, lived->end_s, rule & 1, rule & 2);
        if (used_s <= other_s + SAME_S && used_s >= other_s - SAME_S)
            return true;
    }
    return false;
}

/* From the bill to what the recorded instance costs by the model. */
static int128 walk_bill(struct hindcast_work *work, const struct lived *lived)
{
    struct of_bill bill = of_bill(work, lived);
    int128 model = hindcast_charge(work, lived->pool, lived->start_s, lived->end_s, lived->ec2);
    hindcast_add(work, HINDCAST_ROUNDING, bill.valued - bill.cost);
    if (lived->pool == NO_POOL) {
        hindcast_add(work, HINDCAST_POOLS, -bill.valued);
        return bill.cost;
    }
    hindcast_add(work, HINDCAST_PRICES, bill.recorded - bill.valued);
    enum hindcast_source source = HINDCAST_LIFE;
    if (end_not_seen(work, lived, &bill))
        source = HINDCAST_END_NOT_SEEN;
    else if (is_other_rule(work, lived, bill.used))
        source = HINDCAST_BILLING_RULE;
    else if (bill.lines == 0)
        source = HINDCAST_NOT_BILLED;
    hindcast_add(work, source, model - bill.recorded);
    return bill.cost;
}

/* From a recorded instance to the simulated one that stands for it. Who began after the other had
 * ended gets its end first, so that no step is an instance that ends before it begins. */
static void walk_pair(struct hindcast_work *work, const struct lived *recorded,
                      const struct lived *simulated)
{
    struct lived now = *recorded;
    int128 cost = hindcast_charge(work, now.pool, now.start_s, now.end_s, now.ec2);
    bool end_first = simulated->start_s > now.end_s;
    for (int step = 0; step < 3; step++) {
        enum hindcast_source source = HINDCAST_POOLS;
        if (step == 0) {
            now.pool = simulated->pool;
        } else if ((step == 1) == end_first) {
            source = recorded->ec2 || simulated->ec2 ? HINDCAST_INTERRUPTED : HINDCAST_TERMINATED;
            now.end_s = simulated->end_s;
            now.ec2 = simulated->ec2;
        } else {
            source = recorded->before ? HINDCAST_BEFORE : HINDCAST_LAUNCH_TIME;
            now.start_s = simulated->start_s;
        }
        int128 next = hindcast_charge(work, now.pool, now.start_s, now.end_s, now.ec2);
        hindcast_add(work, source, next - cost);
        cost = next;
    }
}

/* Instances of the fleet, says a tag, that nobody recorded: they have no life to walk from. */
static int128 walk_unrecorded(struct hindcast_work *work)
{
    int128 sum = 0;
    for (size_t i = 0; i < work->billed_count; i++) {
        const struct billed *line = &work->billed[i];
        struct billed_share share;
        if (line->kind != BILLED_SPOT_UNRECORDED ||
            !billed_in(line, work->from_s, work->to_s, &share))
            continue;
        sum += share.cost;
        hindcast_add(work, HINDCAST_NOT_RECORDED, -share.cost);
    }
    return sum;
}

/* ---- values ------------------------------------------------------------------------------------
 */

static bool within(const struct hindcast_work *work, int64_t time_s)
{
    return time_s >= work->from_s && time_s < work->to_s;
}

/* [0] capacity, [1] launches, [2] interruptions. */
static void count(const struct hindcast_work *work, const struct lived *lived, int128 sums[3])
{
    int64_t begin_s = most(lived->start_s, work->from_s);
    int64_t end_s = least(lived->end_s, work->to_s);
    if (lived->pool != NO_POOL && end_s > begin_s)
        sums[0] +=
            (int128)work->scenario->fleet.pools[lived->pool].weight_micro * (end_s - begin_s);
    sums[1] += !lived->before && within(work, lived->start_s);
    sums[2] += lived->ec2 && within(work, lived->end_s);
}

void hindcast_spot(struct hindcast_work *work)
{
    struct hindcast_value *values = work->out->values;
    int128 billed = walk_unrecorded(work);
    int128 simulated = 0;
    int128 sums[2][3] = {{0}};
    for (size_t i = 0; i < work->actual_count; i++) {
        const struct lived *recorded = &work->actual[i];
        billed += walk_bill(work, recorded);
        count(work, recorded, sums[1]);
        if (recorded->match != SIZE_MAX)
            walk_pair(work, recorded, &work->simulated[recorded->match]);
        else
            hindcast_add(work, HINDCAST_NOT_SIMULATED,
                         -hindcast_charge(work, recorded->pool, recorded->start_s, recorded->end_s,
                                          recorded->ec2));
    }
    for (size_t i = 0; i < work->simulated_count; i++) {
        const struct lived *lived = &work->simulated[i];
        simulated += lived->cost;
        count(work, lived, sums[0]);
        if (lived->match == SIZE_MAX)
            hindcast_add(work, HINDCAST_ONLY_SIMULATED, lived->cost);
    }
    values[HINDCAST_SPOT_COST] = (struct hindcast_value){false, simulated, billed};
    static const enum hindcast_component components[3] = {
        HINDCAST_SPOT_CAPACITY, HINDCAST_SPOT_LAUNCHES, HINDCAST_INTERRUPTIONS};
    for (int i = 0; i < 3; i++)
        values[components[i]] = (struct hindcast_value){true, sums[0][i], sums[1][i]};
}
