/* The hindcast as a whole: simulate, and compare. */
#include "study/hindcast.h"

#include "base/memory.h"
#include "sim/billing.h"
#include "sim/sim.h"
#include "study/hindcast_parts.h"

#include <assert.h>
#include <stdlib.h>

const struct hindcast_component_about hindcast_components[HINDCAST_COMPONENTS] = {
    [HINDCAST_SPOT_COST] = {"spot_cost", "spot, USD", HINDCAST_FINE},
    [HINDCAST_ON_DEMAND_COST] = {"on_demand_cost", "on-demand, USD", HINDCAST_FINE},
    [HINDCAST_TOTAL_COST] = {"total_cost", "total, USD", HINDCAST_FINE},
    [HINDCAST_SPOT_CAPACITY] = {"spot_running", "spot running, unit-hours", HINDCAST_UNIT_S},
    [HINDCAST_ON_DEMAND_SERVICE] = {"on_demand_in_service", "on-demand in service, hours",
                                    HINDCAST_INSTANCE_S},
    [HINDCAST_SPOT_LAUNCHES] = {"spot_launches", "spot launches", HINDCAST_COUNT},
    [HINDCAST_INTERRUPTIONS] = {"spot_interruptions", "spot interruptions", HINDCAST_COUNT},
    [HINDCAST_ON_DEMAND_INSTANCES] = {"on_demand_instances", "on-demand instances", HINDCAST_COUNT},
};

const struct hindcast_source_about hindcast_sources[HINDCAST_SOURCES] = {
    [HINDCAST_ROUNDING] = {"rounding", "the bill's own rounding: amounts beside usage x rate",
                           HINDCAST_SPOT_COST},
    [HINDCAST_PRICES] = {"prices", "billed at other prices than were recorded", HINDCAST_SPOT_COST},
    [HINDCAST_BILLING_RULE] = {"billing_rule", "billed by another rule than the model's",
                               HINDCAST_SPOT_COST},
    [HINDCAST_LIFE] = {"billed_time", "billed for another time than the recorded life",
                       HINDCAST_SPOT_COST},
    [HINDCAST_END_NOT_SEEN] = {"end_not_seen",
                               "billed up to an end, or an interruption, that was not recorded",
                               HINDCAST_SPOT_COST},
    [HINDCAST_NOT_BILLED] = {"not_billed", "recorded instances that the bill does not have",
                             HINDCAST_SPOT_COST},
    [HINDCAST_NOT_RECORDED] = {"not_recorded",
                               "billed instances of the fleet that were not recorded",
                               HINDCAST_SPOT_COST},
    [HINDCAST_POOLS] = {"pools", "launched in other pools", HINDCAST_SPOT_COST},
    [HINDCAST_BEFORE] = {"running_before",
                         "ran before the recording: their hours began at another second",
                         HINDCAST_SPOT_COST},
    [HINDCAST_LAUNCH_TIME] = {"launch_time", "launched at another time", HINDCAST_SPOT_COST},
    [HINDCAST_INTERRUPTED] = {"interruptions",
                              "interrupted at another time, or only in one of the two",
                              HINDCAST_SPOT_COST},
    [HINDCAST_TERMINATED] = {"terminations", "ended by the fleet at another time",
                             HINDCAST_SPOT_COST},
    [HINDCAST_NOT_SIMULATED] = {"not_simulated", "launches that the simulation does not have",
                                HINDCAST_SPOT_COST},
    [HINDCAST_ONLY_SIMULATED] = {"only_simulated", "launches that only the simulation has",
                                 HINDCAST_SPOT_COST},
    [HINDCAST_OD_ROUNDING] = {"on_demand_rounding", "the bill's own rounding",
                              HINDCAST_ON_DEMAND_COST},
    [HINDCAST_OD_PRICE] = {"on_demand_price", "billed at another price than the scenario's",
                           HINDCAST_ON_DEMAND_COST},
    [HINDCAST_OD_BILLED_TIME] = {"on_demand_billed_time",
                                 "billed time out of service, and the billing rule",
                                 HINDCAST_ON_DEMAND_COST},
    [HINDCAST_OD_DELAYS] = {"on_demand_delays", "slower or faster into and out of service",
                            HINDCAST_ON_DEMAND_COST},
    [HINDCAST_OD_HINDERED] = {"decisions_hindered",
                              "another desired capacity, since an evaluation was missed, blind or "
                              "not carried out",
                              HINDCAST_ON_DEMAND_COST},
    [HINDCAST_OD_DECISIONS] = {"decisions", "another desired capacity", HINDCAST_ON_DEMAND_COST},
};

enum hindcast_component hindcast_explains(const struct hindcast *hindcast,
                                          enum hindcast_source source)
{
    enum hindcast_component component = hindcast_sources[source].component;
    if (hindcast->values[component].known)
        return component;
    if (source >= HINDCAST_OD_DELAYS && hindcast->values[HINDCAST_ON_DEMAND_SERVICE].known)
        return HINDCAST_ON_DEMAND_SERVICE;
    return HINDCAST_COMPONENTS;
}

/* ---- what the simulation tells -----------------------------------------------------------------
 */

/* Its price is constant, so that its cost tells for how long it is charged. */
static void take_on_demand(struct hindcast_work *work, const struct record_instance *instance)
{
    int64_t price = billing_discounted(work->scenario->group.on_demand_micro_usd,
                                       work->scenario->price_terms.on_demand_discount_permille);
    const struct charged charged = {
        .start_s = instance->running_s,
        .seconds = price ? (int64_t)(instance->cost_micro_usd_s / price) : 0,
        .fine = instance->cost_micro_usd_s * FINE_PER_MICRO_USD_S,
    };
    work->on_demand_cost += charged.fine;
    if (charged.seconds)
        ARRAY_PUSH(work->charged, work->charged_count, work->charged_capacity, charged);
}

static int take_instance(const struct record_instance *instance, void *context)
{
    struct hindcast_work *work = context;
    bool ended = instance->ended_s != RECORD_NEVER;
    if (instance->running_s == RECORD_NEVER)
        return STATUS_OK;
    int128 cost = instance->cost_micro_usd_s * FINE_PER_MICRO_USD_S;
    if (instance->kind == RECORD_ON_DEMAND) {
        take_on_demand(work, instance);
        return STATUS_OK;
    }
    const struct lived lived = {
        .pool = hindcast_pool(work, instance->zone, instance->instance_type),
        .start_s = instance->running_s,
        .end_s = ended ? instance->ended_s : INT64_MAX,
        .ec2 = ended && (instance->end == END_PRICE || instance->end == END_CAPACITY),
        .before = instance->warm,
        .cost = cost,
        .match = SIZE_MAX,
    };
    ARRAY_PUSH(work->simulated, work->simulated_count, work->simulated_capacity, lived);
    return STATUS_OK;
}

static int take_capacity(const struct record_capacity *capacity, void *context)
{
    struct hindcast_work *work = context;
    ARRAY_PUSH(work->steps, work->step_count, work->step_capacity, *capacity);
    return STATUS_OK;
}

/* ---- all of it ---------------------------------------------------------------------------------
 */

static void compare(struct hindcast_work *work, const struct hindcast_bill_about *billed)
{
    struct hindcast_value *values = work->out->values;
    hindcast_see(work);
    hindcast_recorded(work);
    hindcast_match(work);
    hindcast_spot(work);
    hindcast_on_demand(work);
    hindcast_minutes(work);
    hindcast_hours(work);
    values[HINDCAST_SPOT_COST].known = billed->spot;
    values[HINDCAST_ON_DEMAND_COST].known = billed->on_demand;
    values[HINDCAST_ON_DEMAND_INSTANCES].known = billed->on_demand;
    values[HINDCAST_TOTAL_COST] = (struct hindcast_value){
        billed->spot && billed->on_demand,
        values[HINDCAST_SPOT_COST].simulated + values[HINDCAST_ON_DEMAND_COST].simulated,
        values[HINDCAST_SPOT_COST].actual + values[HINDCAST_ON_DEMAND_COST].actual};
}

/* The hours have all that the window has; shares of the feed's lines are rounded each. */
static bool hours_add_up(const struct hindcast *hindcast)
{
    int128 sums[2] = {0};
    for (size_t i = 0; i < hindcast->hour_count; i++) {
        sums[0] += hindcast->hours[i].spot[0];
        sums[1] += hindcast->hours[i].on_demand[0];
    }
    return hindcast->hour_count == 0 ||
           (sums[0] == hindcast->values[HINDCAST_SPOT_COST].simulated &&
            sums[1] == hindcast->values[HINDCAST_ON_DEMAND_COST].simulated);
}

/* The walk arrived where it was to. */
static bool sources_add_up(const struct hindcast *hindcast)
{
    int128 sums[HINDCAST_COMPONENTS] = {0};
    for (int i = 0; i < HINDCAST_SOURCES; i++)
        sums[hindcast_sources[i].component] += hindcast->sources[i];
    for (int i = HINDCAST_SPOT_COST; i <= HINDCAST_ON_DEMAND_COST; i++) {
        if (sums[i] != hindcast->values[i].simulated - hindcast->values[i].actual)
            return false;
    }
    return true;
}

int hindcast_run(const struct hindcast_input *input, struct hindcast *out_hindcast,
                 struct error *err)
{
    *out_hindcast = (struct hindcast){0};
    struct hindcast_work work = {
        .input = input,
        .scenario = input->scenario,
        .from_s = input->scenario->measure_from_s,
        .to_s = input->scenario->measure_to_s,
        .out = out_hindcast,
    };
    if (input->scenario->fleet.on_demand_micro)
        return error_set(err, STATUS_BAD_INPUT,
                         "%s: a fleet with an OnDemandTargetCapacity cannot be compared: a "
                         "recording does not know its on-demand instances",
                         input->scenario->file);
    work.billed = hindcast_billed(input->bill, &work.billed_count);
    const struct record_sink sink = {
        .context = &work, .instance = take_instance, .capacity = take_capacity};
    struct figures figures;
    int status = simulate(input->scenario, input->traces, &sink, NULL, &figures, err);
    if (!status) {
        struct hindcast_bill_about billed = {0};
        if (input->bill)
            billed = *hindcast_bill_told(input->bill);
        compare(&work, &billed);
        bool add_up = sources_add_up(out_hindcast) && hours_add_up(out_hindcast);
        assert(add_up);
        (void)add_up;
    }
    free(work.actual);
    free(work.simulated);
    free(work.steps);
    free(work.seen);
    free(work.charged);
    return status;
}

void hindcast_clean_up(struct hindcast *hindcast)
{
    free(hindcast->minutes);
    free(hindcast->hours);
    *hindcast = (struct hindcast){0};
}

int64_t hindcast_error_ppm(const struct hindcast_value *value)
{
    int128 error = value->simulated - value->actual;
    if (error == 0)
        return 0;
    if (value->actual == 0)
        return INT64_MAX;
    bool negative = error < 0;
    int128 ppm = divide_half_even((negative ? -error : error) * MICRO, value->actual);
    if (ppm > INT64_MAX)
        return INT64_MAX;
    return negative ? -(int64_t)ppm : (int64_t)ppm;
}
