#include "summary.h"

#include "base/timestamp.h"
#include "show.h"

#include <string.h>

/* 2017-11-28: since then prices alone do not tell who was interrupted. 2017-10-02: per-second
 * billing. */
#define SMOOTHED_SINCE_S   INT64_C(1511827200)
#define PER_SECOND_SINCE_S INT64_C(1506902400)

static int128 value(const struct session *session, enum figure figure)
{
    return session->figures.value[figure];
}

static void add_delay(struct text *lines, const char *what, const struct delay *delay)
{
    text_addf(lines, "%s ", what);
    switch (delay->kind) {
    case DELAY_CONSTANT:
        text_addf(lines, "%lld s", (long long)delay->min_s);
        break;
    case DELAY_UNIFORM:
        text_addf(lines, "%lld to %lld s", (long long)delay->min_s, (long long)delay->max_s);
        break;
    case DELAY_EXPONENTIAL:
        text_addf(lines, "%lld s on average, at least %lld", (long long)delay->max_s,
                  (long long)delay->min_s);
        break;
    case DELAY_EMPIRICAL:
        text_addf(lines, "one of %zu measured", delay->value_count);
        break;
    }
}

static void add_billing(const struct scenario *scenario, struct text *lines)
{
    text_add(lines, "billing: ");
    if (scenario->billing == BILLING_HOURLY)
        text_add(lines, "whole hours, as asked for");
    else if (scenario->billing == BILLING_PER_SECOND)
        text_add(lines, "per second, as asked for");
    else if (scenario->to_s <= PER_SECOND_SINCE_S)
        text_add(lines, "whole hours (launched before 2017-10-02)");
    else if (scenario->from_s >= PER_SECOND_SINCE_S)
        text_add(lines, "per second, 60 s minimum (launched since 2017-10-02)");
    else
        text_add(lines, "by launch date: whole hours before 2017-10-02, then per second");
    text_addf(lines, "; spot price %s\n",
              scenario->account.price_lock_continuous ? "of every second"
                                                      : "locked at each instance-hour's start");
}

static void add_interruptions(const struct scenario *scenario, struct text *lines)
{
    text_add(lines, "interruptions: ");
    switch (scenario->interruptions) {
    case INTERRUPTIONS_PRICE:
        text_add(lines, "where the spot price rises above the cap");
        break;
    case INTERRUPTIONS_NONE:
        text_add(lines, "SWITCHED OFF: nothing is ever interrupted; real fleets are");
        break;
    case INTERRUPTIONS_TRACE:
        text_add(lines, "from the trace's interruption records, and prices above the cap");
        break;
    }
    text_addf(lines, "; %lld s notice\n", (long long)scenario->account.interruption_notice_s);
}

void summary_assumptions(const struct session *session, struct text *out_lines)
{
    const struct scenario *scenario = &session->scenario;
    const struct account *account = &scenario->account;
    text_addf(out_lines, "market: %s %s\n",
              session->traces.synthetic ? "SYNTHETIC (generated, not observed);"
                                        : "replayed from records;",
              scenario->to_s <= SMOOTHED_SINCE_S    ? "bidding era"
              : scenario->from_s < SMOOTHED_SINCE_S ? "bidding and smoothed era"
                                                    : "smoothed era");
    add_interruptions(scenario, out_lines);
    add_billing(scenario, out_lines);
    add_delay(out_lines, "delays (assumed): spot launch", &account->spot_launch_delay);
    add_delay(out_lines, ", on-demand launch", &account->on_demand_launch_delay);
    add_delay(out_lines, ", join", &account->join_delay);
    text_add(out_lines, "\n");
    add_delay(out_lines, "metrics (assumed): readable", &account->metric_delay);
    int64_t period_s = account->metric_period_s              ? account->metric_period_s
                       : scenario->fleet.detailed_monitoring ? 60
                                                             : 300;
    text_addf(out_lines, " after each period of %lld s\n", (long long)period_s);
}

/* Every line of `lines` with something before it. */
static void print_lines(FILE *out, const char *first, const char *rest, const struct text *lines)
{
    const char *prefix = first;
    for (const char *at = lines->data ? lines->data : ""; *at;) {
        const char *end = strchr(at, '\n');
        size_t length = end ? (size_t)(end - at) : strlen(at);
        fprintf(out, "%s%.*s\n", prefix, (int)length, at);
        prefix = rest;
        at += length + (end ? 1 : 0);
    }
}

static void print_head(const struct session *session, FILE *out)
{
    const struct scenario *scenario = &session->scenario;
    char from[TIMESTAMP_TEXT_SIZE];
    char to[TIMESTAMP_TEXT_SIZE];
    fprintf(out, "%s\n", scenario->name);
    fprintf(out, "policy %s, %s to %s (%lld h), seed %llu\n\n", scenario->policy.name,
            timestamp_format(scenario->measure_from_s, from),
            timestamp_format(scenario->measure_to_s, to),
            (long long)((scenario->measure_to_s - scenario->measure_from_s) / 3600),
            (unsigned long long)scenario->seed);
    struct text lines = {0};
    summary_assumptions(session, &lines);
    print_lines(out, "Assuming  ", "          ", &lines);
    text_clean_up(&lines);
    bool any = false;
    for (size_t i = 0; i < scenario->note_count; i++) {
        if (!scenario->notes[i].warning)
            continue;
        fprintf(out, "%s%s\n", any ? "          " : "Warning   ", scenario->notes[i].text);
        any = true;
    }
    for (size_t i = 0; i < scenario->note_count; i++) {
        if (!scenario->notes[i].warning)
            fprintf(out, "Note      %s\n", scenario->notes[i].text);
    }
    fprintf(out, "\n");
}

static void print_cost(const struct session *session, FILE *out)
{
    char a[SHOW_SIZE];
    char b[SHOW_SIZE];
    int128 total = value(session, FIGURE_cost_total_micro_usd);
    int128 reference = value(session, FIGURE_cost_all_on_demand_micro_usd);
    fprintf(out, "Cost                    USD        of all on-demand\n");
    const struct {
        const char *label;
        enum figure figure;
    } rows[] = {{"spot", FIGURE_cost_spot_micro_usd},
                {"on-demand backup", FIGURE_cost_on_demand_micro_usd},
                {"  of it idle", FIGURE_cost_on_demand_surplus_micro_usd},
                {"total", FIGURE_cost_total_micro_usd},
                {"all on-demand", FIGURE_cost_all_on_demand_micro_usd}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int128 cost = value(session, rows[i].figure);
        fprintf(out, "  %-18s %14s  %14s\n", rows[i].label, show_usd(cost, a),
                show_percent(cost, reference, b));
    }
    fprintf(out, "  %-18s %14s  %14s\n\n", "saving", show_usd(reference - total, a),
            show_percent(reference - total, reference, b));
}

static void print_capacity(const struct session *session, FILE *out)
{
    char a[SHOW_SIZE];
    char b[SHOW_SIZE];
    int128 required = value(session, FIGURE_capacity_required_unit_s);
    fprintf(out, "Capacity         unit-hours        of required\n");
    const struct {
        const char *label;
        enum figure figure;
    } rows[] = {{"required", FIGURE_capacity_required_unit_s},
                {"served by spot", FIGURE_capacity_served_spot_unit_s},
                {"  by on-demand", FIGURE_capacity_served_on_demand_unit_s},
                {"unfulfilled", FIGURE_capacity_unfulfilled_unit_s},
                {"surplus", FIGURE_capacity_surplus_unit_s}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int128 amount = value(session, rows[i].figure);
        fprintf(out, "  %-14s %14s  %14s\n", rows[i].label, show_unit_hours(amount, a),
                show_percent(amount, required, b));
    }
    char worst[DECIMAL_TEXT_SIZE];
    fprintf(out, "  shortfall: %s in %s episodes, at worst %s units\n",
            show_duration((int64_t)value(session, FIGURE_capacity_shortfall_s), a),
            show_count(value(session, FIGURE_capacity_shortfall_episodes), b),
            decimal_format(value(session, FIGURE_capacity_worst_shortfall_units), worst));
    fprintf(out, "  backup running though spot served all: %s\n\n",
            show_duration((int64_t)value(session, FIGURE_capacity_recovery_s), a));
}

static void print_events(const struct session *session, FILE *out)
{
    char a[SHOW_SIZE];
    char b[SHOW_SIZE];
    char c[SHOW_SIZE];
    fprintf(out, "Events\n");
    fprintf(out, "  spot: %s interruptions, %s launches\n",
            show_count(value(session, FIGURE_events_spot_interruptions), a),
            show_count(value(session, FIGURE_events_spot_launches), b));
    fprintf(out, "  backup: %s launches, %s scale-outs, %s scale-ins\n",
            show_count(value(session, FIGURE_events_on_demand_launches), a),
            show_count(value(session, FIGURE_events_scale_out), b),
            show_count(value(session, FIGURE_events_scale_in), c));
    fprintf(out, "  scale-in refused: %s calls in %s episodes, %s blocked\n",
            show_count(value(session, FIGURE_events_scale_in_refused), a),
            show_count(value(session, FIGURE_events_scale_in_refused_episodes), b),
            show_duration((int64_t)value(session, FIGURE_events_scale_in_blocked_s), c));
    fprintf(out, "  policy asked %s times\n",
            show_count(value(session, FIGURE_events_evaluations), a));
}

void summary_print(const struct session *session, const char *db, FILE *out)
{
    print_head(session, out);
    print_cost(session, out);
    print_capacity(session, out);
    print_events(session, out);
    if (db)
        fprintf(out, "\n%s as run %lld in %s (key %.12s)\n",
                session->known ? "Already recorded" : "Recorded", (long long)session->run, db,
                session->key);
}

void summary_json(const struct session *session, struct text *out_text)
{
    const struct scenario *scenario = &session->scenario;
    char from[TIMESTAMP_TEXT_SIZE];
    char to[TIMESTAMP_TEXT_SIZE];
    text_add(out_text, "{\"run\":{\"name\":");
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
    text_addf(out_text, ",\"interruptions\":\"%s\"},", session_interruptions(scenario));
    figures_add_json(&session->figures, out_text);
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
    text_add(out_text, "],\"notes\":[");
    for (size_t i = 0; i < scenario->note_count; i++) {
        text_addf(out_text, "%s{\"warning\":%s,\"text\":", i ? "," : "",
                  scenario->notes[i].warning ? "true" : "false");
        text_add_json_string(out_text, scenario->notes[i].text);
        text_add(out_text, "}");
    }
    text_add(out_text, "]}\n");
}
