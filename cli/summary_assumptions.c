/* The assumptions that carry a run's result. */
#include "base/memory.h"
#include "base/timestamp.h"
#include "show.h"
#include "summary.h"

#include <stdlib.h>
#include <string.h>

/* 2017-11-28: since then prices alone do not tell who was interrupted. */
#define SMOOTHED_SINCE_S INT64_C(1511827200)

/* " (assumed)" where a value is a default of that kind; nothing where the user said so. */
static void add_source(struct text *lines, const struct scenario *scenario, const char *path)
{
    size_t length = strlen(path);
    for (size_t i = 0; i < scenario->value_count; i++) {
        const struct scenario_value *value = &scenario->values[i];
        if (strncmp(value->path, path, length) != 0)
            continue;
        char next = value->path[length];
        if (next && next != '.' && next != '[')
            continue;
        if (value->source != VALUE_USER)
            text_addf(lines, " (%s)", value_source_name(value->source));
        return;
    }
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
    int64_t since_s = scenario_per_second_since(scenario);
    char time[TIMESTAMP_TEXT_SIZE] = "";
    int date = (int)strlen("2017-10-02");
    if (since_s != INT64_MAX)
        timestamp_format(since_s, time);
    text_add(lines, "billing: ");
    if (scenario->billing == BILLING_HOURLY)
        text_add(lines, "whole hours, as asked for");
    else if (scenario->billing == BILLING_PER_SECOND)
        text_add(lines, "per second, as asked for");
    else if (since_s == INT64_MAX)
        text_addf(lines, "whole hours (as %s is billed)", scenario->product);
    else if (scenario->to_s <= since_s)
        text_addf(lines, "whole hours (launched before %.*s)", date, time);
    else if (scenario->from_s >= since_s)
        text_addf(lines, "per second, 60 s minimum (launched since %.*s)", date, time);
    else
        text_addf(lines, "by launch date: whole hours before %.*s, then per second", date, time);
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
        text_add(lines, "SWITCHED OFF: nothing is ever interrupted; real fleets are\n");
        return;
    case INTERRUPTIONS_TRACE:
        text_add(lines, "from the trace's interruption records, and prices above the cap");
        break;
    case INTERRUPTIONS_ADVISOR:
        text_add(lines, "GENERATED from the Spot Advisor's monthly bands, not observed; and prices "
                        "above the cap");
        break;
    }
    text_addf(lines, "; %lld s notice", (long long)scenario->account.interruption_notice_s);
    add_source(lines, scenario, "account.interruption_notice_s");
    text_add(lines, "\n");
    const struct delay *shortage = &scenario->interruption_terms.shortage;
    if (shortage->kind != DELAY_CONSTANT || shortage->min_s > 0) {
        add_delay(lines, "shortage: nothing new in a place after an interruption for", shortage);
        text_add(lines, "\n");
    }
    if (scenario->launch_failures.permille > 0)
        text_addf(lines, "backup: where its type is short, %lld of 1000 launches fail\n",
                  (long long)scenario->launch_failures.permille);
}

void summary_assumptions(const struct session *session, struct text *out_lines)
{
    const struct scenario *scenario = &session->scenario;
    const struct account *account = &scenario->account;
    const char *origin = "replayed from records;";
    if (session->traces.synthetic)
        origin = "SYNTHETIC (generated, not observed);";
    else if (scenario->advisor_prices)
        origin = "CONSTANT prices from the Spot Advisor's savings where no other source has any;";
    else if (scenario->inline_traces.market_count)
        origin = scenario->trace_path_count ? "records, and prices written in the scenario;"
                                            : "as written in the scenario;";
    text_addf(out_lines, "market: %s trace %.12s, %s\n", origin, session->traces.hash,
              scenario->to_s <= SMOOTHED_SINCE_S    ? "bidding era"
              : scenario->from_s < SMOOTHED_SINCE_S ? "bidding and smoothed era"
                                                    : "smoothed era");
    add_interruptions(scenario, out_lines);
    add_billing(scenario, out_lines);
    add_delay(out_lines, "delays: spot launch", &account->spot_launch_delay);
    add_source(out_lines, scenario, "account.spot_launch_delay_s");
    add_delay(out_lines, ", on-demand launch", &account->on_demand_launch_delay);
    add_source(out_lines, scenario, "account.on_demand_launch_delay_s");
    add_delay(out_lines, ", join", &account->join_delay);
    add_source(out_lines, scenario, "account.join_delay_s");
    int64_t period_s = account->metric_period_s              ? account->metric_period_s
                       : scenario->fleet.detailed_monitoring ? 60
                                                             : 300;
    text_addf(out_lines, "\nmetrics: a point every %lld s", (long long)period_s);
    add_source(out_lines, scenario, "account.metric_period_s");
    add_delay(out_lines, ", readable after", &account->metric_delay);
    add_source(out_lines, scenario, "account.metric_delay_s");
    text_addf(out_lines, "\ncontroller: every %lld s", (long long)scenario->controller.every_s);
    text_add(out_lines, scenario->controller.alarm ? " and at the PendingCapacity alarm\n" : "\n");
    text_addf(out_lines, "start: %s\n",
              scenario->cold ? "cold, with nothing running" : "warm, fleet and backup in place");
}

/* Lines of "what: how it is" as two columns. */
static void print_lines(FILE *out, const struct text *lines)
{
    for (const char *at = lines->data ? lines->data : ""; *at;) {
        size_t length = strcspn(at, "\n");
        size_t label = strcspn(at, ":");
        char head[32];
        char *rest = memory_copy_bytes(at + label + 1, length - label - 1);
        snprintf(head, sizeof head, "  %-15.*s", (int)label, at);
        show_wrapped(out, head, rest);
        free(rest);
        at += length + (at[length] == '\n');
    }
}

void summary_print_assumptions(const struct session *session, FILE *out)
{
    struct text lines = {0};
    summary_assumptions(session, &lines);
    fprintf(out, "Assuming\n");
    print_lines(out, &lines);
    text_clean_up(&lines);
}
