#include "summary.h"

#include "base/memory.h"
#include "base/timestamp.h"
#include "show.h"

#include <stdlib.h>
#include <string.h>

static int128 value(const struct session *session, enum figure figure)
{
    return session->figures.value[figure];
}

void summary_print_title(const struct session *session, FILE *out)
{
    const struct scenario *scenario = &session->scenario;
    char from[TIMESTAMP_TEXT_SIZE];
    char to[TIMESTAMP_TEXT_SIZE];
    char hours[SHOW_SIZE];
    show_wrapped(out, "", scenario->name);
    fprintf(out, "policy %s, seed %llu\n", scenario->policy.name,
            (unsigned long long)scenario->seed);
    fprintf(out, "%s to %s, %s\n\n", timestamp_format(scenario->measure_from_s, from),
            timestamp_format(scenario->measure_to_s, to),
            show_duration(scenario->measure_to_s - scenario->measure_from_s, hours));
}

void summary_print_notes(const struct session *session, FILE *out)
{
    const struct scenario *scenario = &session->scenario;
    for (size_t i = 0; i < scenario->note_count; i++) {
        if (scenario->notes[i].warning)
            show_wrapped(out, "Warning  ", scenario->notes[i].text);
    }
    for (size_t i = 0; i < scenario->note_count; i++) {
        if (!scenario->notes[i].warning)
            show_wrapped(out, "Note     ", scenario->notes[i].text);
    }
    if (scenario->note_count)
        fprintf(out, "\n");
}

/* One row of the two tables: a label, an amount, its share. */
static void print_row(FILE *out, const char *label, const char *amount, const char *share)
{
    fprintf(out, "  %-22s %14s  %9s\n", label, amount, share);
}

/* What could have been bought: the least that could be paid lies between the two. */
static void print_schedule(const struct session *session, enum figure figure, int128 reference,
                           FILE *out)
{
    char a[SHOW_SIZE];
    char b[SHOW_SIZE];
    const struct session_schedule *schedule =
        &session->schedules[figure == FIGURE_cost_full_service_bound_micro_usd];
    int128 cost = schedule->cost_micro_usd;
    if (!schedule->known)
        return;
    print_row(out, "  could be had for", show_usd(cost, a), show_percent(cost, reference, b));
    print_row(out, "  gap between them", show_usd(cost - value(session, figure), a),
              show_percent(cost - value(session, figure), reference, b));
}

/* What perfect knowledge would have paid, if it was asked for. */
static void print_bounds(const struct session *session, int128 reference, FILE *out)
{
    static const struct {
        const char *label;
        enum figure figure;
    } rows[] = {{"least for what served", FIGURE_cost_lower_bound_micro_usd},
                {"  regret", FIGURE_cost_regret_micro_usd},
                {"least for all required", FIGURE_cost_full_service_bound_micro_usd}};
    char a[SHOW_SIZE];
    char b[SHOW_SIZE];
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        int128 cost = value(session, rows[i].figure);
        if (!session->figures.known[rows[i].figure])
            continue;
        print_row(out, rows[i].label, show_usd(cost, a), show_percent(cost, reference, b));
        if (rows[i].figure != FIGURE_cost_regret_micro_usd)
            print_schedule(session, rows[i].figure, reference, out);
    }
}

static void print_cost(const struct session *session, FILE *out)
{
    static const struct {
        const char *label;
        enum figure figure;
    } rows[] = {{"spot", FIGURE_cost_spot_micro_usd},
                {"on-demand", FIGURE_cost_on_demand_micro_usd},
                {"  of it idle", FIGURE_cost_on_demand_surplus_micro_usd},
                {"other", FIGURE_cost_other_micro_usd},
                {"total", FIGURE_cost_total_micro_usd},
                {"all on-demand", FIGURE_cost_all_on_demand_micro_usd}};
    char a[SHOW_SIZE];
    char b[SHOW_SIZE];
    int128 total = value(session, FIGURE_cost_total_micro_usd);
    int128 reference = value(session, FIGURE_cost_all_on_demand_micro_usd);
    fprintf(out, "%-24s %14s  %s\n", "Cost", "USD", "of all on-demand");
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        int128 cost = value(session, rows[i].figure);
        if (rows[i].figure != FIGURE_cost_other_micro_usd || cost != 0)
            print_row(out, rows[i].label, show_usd(cost, a), show_percent(cost, reference, b));
    }
    print_row(out, "saving", show_usd(reference - total, a),
              show_percent(reference - total, reference, b));
    print_bounds(session, reference, out);
    fprintf(out, "\n");
}

static void print_capacity(const struct session *session, FILE *out)
{
    static const struct {
        const char *label;
        enum figure figure;
    } rows[] = {{"required", FIGURE_capacity_required_unit_s},
                {"served by spot", FIGURE_capacity_served_spot_unit_s},
                {"served by on-demand", FIGURE_capacity_served_on_demand_unit_s},
                {"unfulfilled", FIGURE_capacity_unfulfilled_unit_s},
                {"surplus", FIGURE_capacity_surplus_unit_s}};
    char a[SHOW_SIZE];
    char b[SHOW_SIZE];
    int128 required = value(session, FIGURE_capacity_required_unit_s);
    fprintf(out, "%-24s %14s  %s\n", "Capacity", "unit-hours", "of required");
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        int128 amount = value(session, rows[i].figure);
        print_row(out, rows[i].label, show_unit_hours(amount, a),
                  show_percent(amount, required, b));
    }
    char worst[DECIMAL_TEXT_SIZE];
    int128 episodes = value(session, FIGURE_capacity_shortfall_episodes);
    if (episodes == 0)
        fprintf(out, "  never short\n");
    else
        fprintf(out, "  short for %s in %s episode%s, at worst by %s units\n",
                show_duration((int64_t)value(session, FIGURE_capacity_shortfall_s), a),
                show_count(episodes, b), episodes == 1 ? "" : "s",
                decimal_format(value(session, FIGURE_capacity_worst_shortfall_units), worst));
    if (session->scenario.service_count)
        fprintf(out, "  tasks missing: %s task-hours\n",
                show_unit_hours(value(session, FIGURE_capacity_task_unserved_s) * MICRO, a));
    fprintf(out, "  backup still running while spot served all: %s\n\n",
            show_duration((int64_t)value(session, FIGURE_capacity_recovery_s), a));
}

static void print_events(const struct session *session, FILE *out)
{
    char a[SHOW_SIZE];
    char b[SHOW_SIZE];
    char c[SHOW_SIZE];
    fprintf(out, "Events\n");
    fprintf(out, "  spot       %s interrupted, %s launched\n",
            show_count(value(session, FIGURE_events_spot_interruptions), a),
            show_count(value(session, FIGURE_events_spot_launches), b));
    fprintf(out, "  backup     %s launched, by %s scale-outs; %s scale-ins\n",
            show_count(value(session, FIGURE_events_on_demand_launches), a),
            show_count(value(session, FIGURE_events_scale_out), b),
            show_count(value(session, FIGURE_events_scale_in), c));
    if (value(session, FIGURE_events_on_demand_launch_failures))
        fprintf(out, "             %s launches failed for lack of capacity\n",
                show_count(value(session, FIGURE_events_on_demand_launch_failures), a));
    fprintf(out, "  scale-ins  %s refused, in %s episodes of %s in all\n",
            show_count(value(session, FIGURE_events_scale_in_refused), a),
            show_count(value(session, FIGURE_events_scale_in_refused_episodes), b),
            show_duration((int64_t)value(session, FIGURE_events_scale_in_blocked_s), c));
    fprintf(out, "  policy     asked %s times\n",
            show_count(value(session, FIGURE_events_evaluations), a));
}

void summary_print(const struct session *session, const char *db, FILE *out)
{
    summary_print_title(session, out);
    summary_print_assumptions(session, out);
    fprintf(out, "\n");
    summary_print_notes(session, out);
    print_cost(session, out);
    print_capacity(session, out);
    print_events(session, out);
    if (!db)
        return;
    fprintf(out, "\n%s as run %lld in %s (key %.12s).\nWhat it saw and decided:\n",
            session->known ? "Already recorded" : "Recorded", (long long)session->run, db,
            session->key);
    char from[TIMESTAMP_TEXT_SIZE];
    fprintf(out, "  ballast explain %lld --db %s --at %s\n", (long long)session->run, db,
            timestamp_format(session->scenario.measure_from_s + SECONDS_PER_HOUR, from));
}

void summary_add_run(const struct session *session, struct text *out_text)
{
    const struct scenario *scenario = &session->scenario;
    char from[TIMESTAMP_TEXT_SIZE];
    char to[TIMESTAMP_TEXT_SIZE];
    text_add(out_text, "\"run\":{\"name\":");
    text_add_json_string(out_text, scenario->name);
    text_addf(out_text, ",\"key\":\"%s\",\"policy\":", session->key);
    text_add_json_string(out_text, scenario->policy.name);
    text_addf(out_text, ",\"from\":\"%s\",\"to\":\"%s\"", timestamp_format(scenario->from_s, from),
              timestamp_format(scenario->to_s, to));
    text_addf(out_text, ",\"measure\":{\"from\":\"%s\",\"to\":\"%s\"}",
              timestamp_format(scenario->measure_from_s, from),
              timestamp_format(scenario->measure_to_s, to));
    text_addf(out_text, ",\"seed\":%llu,\"trace_hash\":\"%s\",\"synthetic\":%s",
              (unsigned long long)scenario->seed, session->traces.hash,
              session->traces.synthetic ? "true" : "false");
    text_addf(out_text, ",\"interruptions\":\"%s\"}", session_interruptions(scenario));
}

/* Beside the figures: {"lower": {"cost_micro_usd": N, "gap_micro_usd": N}, "full_service": ...};
 * null where none is known. Nothing without bounds. */
static void add_schedules(const struct session *session, struct text *out_text)
{
    static const struct {
        const char *name;
        enum figure figure;
    } of[] = {{"lower", FIGURE_cost_lower_bound_micro_usd},
              {"full_service", FIGURE_cost_full_service_bound_micro_usd}};
    if (!session->bounds)
        return;
    text_add(out_text, ",\"schedules\":{");
    for (size_t i = 0; i < ARRAY_LENGTH(of); i++) {
        char cost[DECIMAL_TEXT_SIZE];
        char gap[DECIMAL_TEXT_SIZE];
        const struct session_schedule *schedule = &session->schedules[i];
        text_addf(out_text, "%s\"%s\":", i ? "," : "", of[i].name);
        if (schedule->known)
            text_addf(out_text, "{\"cost_micro_usd\":%s,\"gap_micro_usd\":%s}",
                      int128_format(schedule->cost_micro_usd, cost),
                      int128_format(schedule->cost_micro_usd - value(session, of[i].figure), gap));
        else
            text_add(out_text, "null");
    }
    text_add(out_text, "}");
}

void summary_json(const struct session *session, struct text *out_text)
{
    text_add(out_text, "{");
    summary_add_run(session, out_text);
    text_add(out_text, ",");
    figures_add_json(&session->figures, out_text);
    add_schedules(session, out_text);
    struct text lines = {0};
    summary_assumptions(session, &lines);
    text_add(out_text, ",\"assumptions\":[");
    bool first = true;
    for (char *line = strtok(lines.data, "\n"); line; line = strtok(NULL, "\n")) {
        text_add(out_text, first ? "" : ",");
        text_add_json_string(out_text, line);
        first = false;
    }
    text_clean_up(&lines);
    text_addf(out_text, "],\"notes\":%s}\n", session->notes.data);
}
