#include "seen.h"

#include "base/timestamp.h"

static const char *const statistic_names[BALLAST_STATISTICS] = {"Maximum", "Minimum", "Average",
                                                                "Sum", "SampleCount"};

static int64_t filled_in(int64_t value, int32_t parameter, const int64_t *parameters)
{
    return parameter ? parameters[parameter - 1] : value;
}

static void say_points(struct text *text, const struct ballast_answer *answer)
{
    char when[TIMESTAMP_TEXT_SIZE];
    char value[DECIMAL_TEXT_SIZE];
    for (size_t i = 0; i < answer->point_count; i++) {
        timestamp_format(answer->points[i].time_s, when);
        text_addf(text, "%s%.5s %s",
                  i == 0       ? ""
                  : i % 6 == 0 ? ",\n      "
                               : ", ",
                  when + 11, decimal_format(answer->points[i].value_micro, value));
    }
}

static void say_read(struct text *text, const struct ballast_read *read, const int64_t *parameters,
                     const struct ballast_answer *answer)
{
    static const char *const names[] = {"", "", "the fleet", "the cluster", "spot prices"};
    if (read->kind == BALLAST_READ_METRIC)
        text_addf(text, "  %s, %s over %lld s\n      ", read->metric,
                  statistic_names[filled_in((int64_t)read->statistic, read->statistic_parameter,
                                            parameters)],
                  (long long)filled_in(read->lookback_s, read->lookback_parameter, parameters));
    else
        text_addf(text, "  %s: ", names[read->kind]);
    char value[DECIMAL_TEXT_SIZE];
    char fulfilled[DECIMAL_TEXT_SIZE];
    if (answer->status == BALLAST_ERROR)
        text_addf(text, "the call failed (%s)", answer->error_code);
    else if (answer->status == BALLAST_EMPTY)
        text_add(text, "nothing");
    else if (read->kind == BALLAST_READ_METRIC)
        say_points(text, answer);
    else if (read->kind == BALLAST_READ_FLEET)
        text_addf(text, "target %s, fulfilled %s%s",
                  decimal_format(answer->fleet->target_micro, value),
                  decimal_format(answer->fleet->fulfilled_micro, fulfilled),
                  answer->fleet->active ? "" : ", not active");
    else if (read->kind == BALLAST_READ_CLUSTER)
        text_addf(text, "%lld instances, %lld tasks running, %lld pending",
                  (long long)answer->cluster->registered_instances,
                  (long long)answer->cluster->running_tasks,
                  (long long)answer->cluster->pending_tasks);
    else if (read->kind == BALLAST_READ_SPOT_PRICES)
        text_addf(text, "%zu pools", answer->spot_price_count);
    text_add(text, "\n");
}

static void say_group(struct text *text, const struct ballast_group *group)
{
    if (group->status == BALLAST_ERROR)
        text_addf(text, "  the group: the call failed (%s)\n", group->error_code);
    else if (group->status == BALLAST_EMPTY)
        text_add(text, "  the group: there is none\n");
    else
        text_addf(
            text, "  the group: desired %lld (min %lld, max %lld), %lld in service, %lld pending\n",
            (long long)group->desired_capacity, (long long)group->min_size,
            (long long)group->max_size, (long long)group->in_service, (long long)group->pending);
}

void seen_say(struct text *text, const struct ballast_policy *policy, const int64_t *parameters,
              const struct ballast_observation *observation)
{
    char when[TIMESTAMP_TEXT_SIZE];
    text_addf(text, "Seen at %s, asked by the %s (points in the order returned)\n",
              timestamp_format(observation->now_s, when),
              observation->trigger == BALLAST_ALARM ? "alarm" : "schedule");
    for (size_t i = 0; i < policy->read_count; i++)
        say_read(text, &policy->reads[i], parameters, &observation->answers[i]);
    say_group(text, &observation->group);
}

static void say_fault(struct text *text, const struct sim_fault *told)
{
    const struct fault *fault = told->fault;
    char when[TIMESTAMP_TEXT_SIZE];
    timestamp_format(told->time_s, when);
    text_addf(text, "  injected at %s: ", when);
    switch (fault->kind) {
    case FAULT_API_ERROR:
        text_addf(text, "%s failed: %s%s\n", fault_call_names[told->call], fault->code,
                  fault->after_effect && told->call >= CALL_SET_DESIRED_CAPACITY
                      ? ", though it had taken effect"
                      : "");
        break;
    case FAULT_INVOCATION_DROPPED:
        text_add(text, "the event was lost, nothing was evaluated\n");
        break;
    case FAULT_DUPLICATE_INVOCATION:
        text_addf(text, "the event comes again %lld s later\n", (long long)fault->delay_s);
        break;
    case FAULT_FUNCTION_ERROR:
        text_add(text, "the function failed before it evaluated anything\n");
        break;
    case FAULT_FUNCTION_TIMEOUT:
        text_addf(text, "the function ran out of time after %lld s, before it acted\n",
                  (long long)fault->delay_s);
        break;
    case FAULT_METRIC_ORDER:
        text_addf(text, "points were returned %s first\n",
                  fault->oldest_first ? "oldest" : "newest");
        break;
    case FAULT_LATE_METRICS:
    case FAULT_MISSING_METRICS:
        break; /* seen in the points */
    }
}

struct observing {
    struct seen *seen;
    const int64_t *parameters;
    int64_t last_s; /* first pass: of the last evaluation; second pass: the one to tell */
    int64_t end_s;  /* of the run */
    bool telling;
};

static void tell(const struct controller_evaluation *evaluation, int64_t acts_s, struct seen *seen,
                 const int64_t *parameters)
{
    const struct ballast_observation *observation = evaluation->observation;
    struct text *text = &seen->text;
    text->size = 0;
    seen_say(text, seen->policy, parameters, observation);
    text_addf(text, "  interruption notices since the evaluation before: %lld\n",
              (long long)observation->interruption_notices);
    char when[TIMESTAMP_TEXT_SIZE];
    const struct controller_decided decided = {.decision = *evaluation->decision,
                                               .guard = evaluation->guard,
                                               .action = evaluation->action,
                                               .desired_capacity = evaluation->desired_capacity};
    said_decision(&seen->said, seen->policy, &decided);
    seen->now_s = observation->now_s;
    seen->acts_s = acts_s;
    if (acts_s != seen->now_s)
        text_addf(text, "  it acted at %s\n", timestamp_format(acts_s, when));
}

static void observe(const struct controller_evaluation *evaluation, int64_t acts_s, void *context)
{
    struct observing *observing = context;
    int64_t now_s = evaluation->observation->now_s;
    if (now_s > observing->seen->time_s || acts_s >= observing->end_s)
        return; /* what never acted is no evaluation */
    if (!observing->telling)
        observing->last_s = now_s;
    else if (now_s == observing->last_s) /* of two in one second the later one is told */
        tell(evaluation, acts_s, observing->seen, observing->parameters);
}

static void observe_fault(const struct sim_fault *fault, void *context)
{
    struct observing *observing = context;
    if (observing->telling && fault->time_s >= observing->last_s)
        say_fault(&observing->seen->faults, fault);
}

/* Two passes: the first finds the last evaluation, the second tells it. A run asks hundreds of
 * thousands of times, and putting each into words would take longer than simulating twice. */
int seen_again(const struct scenario *scenario, const struct trace_set *traces,
               struct seen *out_seen, struct error *err)
{
    struct observing observing = {
        .seen = out_seen, .parameters = scenario->policy.values, .end_s = scenario->to_s};
    const struct sim_observer observer = {.context = &observing,
                                          .evaluation = observe,
                                          .fault = observe_fault,
                                          .stop_after_s = out_seen->time_s};
    struct figures figures;
    out_seen->policy = scenario->policy.policy;
    int status = simulate(scenario, traces, NULL, &observer, &figures, err);
    observing.telling = true;
    if (!status)
        status = simulate(scenario, traces, NULL, &observer, &figures, err);
    if (!status && out_seen->faults.size)
        text_add(&out_seen->text, out_seen->faults.data);
    return status;
}

void seen_clean_up(struct seen *seen)
{
    text_clean_up(&seen->text);
    text_clean_up(&seen->faults);
}
