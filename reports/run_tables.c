/* The tables of a run's page. */
#include "base/memory.h"
#include "base/timestamp.h"
#include "run_parts.h"

#include <inttypes.h>

enum { ROWS_MOST = 62, DAY_S = 86400 };

/* Days, weeks or four weeks, so that a table can be read. */
static int64_t period_s(const struct run_data *data)
{
    static const int64_t lengths[] = {3600, 6 * 3600, DAY_S, 7 * DAY_S, 28 * DAY_S};
    size_t i = 0;
    while (i + 1 < ARRAY_LENGTH(lengths) &&
           (data->to_s - data->from_s) / lengths[i] >= ROWS_MOST / 2)
        i++;
    int64_t length = lengths[i];
    while ((data->to_s - data->from_s) / length >= ROWS_MOST)
        length *= 2;
    return length;
}

void table_periods(struct text *page, const struct run_data *data)
{
    int64_t length = period_s(data);
    text_add(page, "<details open><summary>As a table</summary><div class=\"wide\" tabindex=\"0\">"
                   "<table><tr><th>from (UTC)</th><th>required, unit-h</th><th>spot</th><th>on "
                   "demand</th><th>missing</th><th>interrupted</th></tr>\n");
    for (int64_t from_s = data->from_s; from_s < data->to_s; from_s += length) {
        char from[TIMESTAMP_TEXT_SIZE];
        int64_t to_s = from_s + length < data->to_s ? from_s + length : data->to_s;
        struct served sum = run_data_served(data, from_s, to_s);
        int64_t interrupted = 0;
        for (size_t i = 0; i < data->notice_count; i += 2)
            interrupted +=
                data->notices[i] >= from_s && data->notices[i] < to_s ? data->notices[i + 1] : 0;
        text_addf(page, "<tr><td>%s</td><td>", timestamp_format(from_s, from));
        page_unit_hours(page, sum.spot + sum.on_demand + sum.missing);
        const int128 values[] = {sum.spot, sum.on_demand, sum.missing};
        for (size_t i = 0; i < ARRAY_LENGTH(values); i++) {
            text_add(page, "</td><td>");
            page_unit_hours(page, values[i]);
        }
        text_addf(page, "</td><td>%" PRId64 "</td></tr>\n", interrupted);
    }
    text_add(page, "</table></div></details>\n");
}

static void add_reason(const struct told_reason *reason, void *context)
{
    struct text *page = context;
    char first[TIMESTAMP_TEXT_SIZE];
    char last[TIMESTAMP_TEXT_SIZE];
    text_add(page, "<tr><td>");
    html_add(page, reason->reason);
    text_add(page, "</td><td>");
    html_add(page, reason->action);
    text_add(page, "</td><td>");
    html_add(page, reason->outcome);
    text_addf(page, "</td><td>%" PRId64 "</td><td>%s</td><td>%s</td><td class=\"text\">",
              reason->evaluations, timestamp_format(reason->first_s, first),
              timestamp_format(reason->last_s, last));
    html_add(page, reason->words);
    text_add(page, "</td></tr>\n");
}

int table_reasons(struct text *page, struct results *results, int64_t run, struct error *err)
{
    text_add(page, "<details open><summary>As a table</summary><div class=\"wide\" tabindex=\"0\">"
                   "<table><tr><th>reason</th><th>decided</th><th>answered</th><th>evaluations</th>"
                   "<th>first (UTC)</th><th>last</th><th>the first, in words</th></tr>\n");
    int status = results_each_reason(results, run, add_reason, page, err);
    text_add(page, "</table></div></details>\n");
    return status;
}

/* USD as a price, to the last digit; half to even where it is a mean. */
static void add_price(struct text *page, int128 micro_usd)
{
    char number[DECIMAL_TEXT_SIZE];
    text_addf(page, "</td><td>%s", decimal_format(micro_usd, number));
}

void table_prices(struct text *page, const struct run_prices *prices)
{
    text_add(page, "<details open><summary>As a table</summary><div class=\"wide\" tabindex=\"0\">"
                   "<table><tr><th>pool</th><th>weight</th><th>cap</th><th>lowest</th><th>mean</th>"
                   "<th>highest</th><th>above the cap, h</th><th>interrupted</th></tr>\n");
    for (size_t i = 0; i < prices->count; i++) {
        const struct pool_prices *pool = &prices->pools[i];
        char weight[DECIMAL_TEXT_SIZE];
        text_add(page, "<tr><td>");
        html_add(page, pool->zone);
        text_add(page, " ");
        html_add(page, pool->instance_type);
        text_addf(page, "</td><td>%s", decimal_format(pool->weight_micro, weight));
        add_price(page, pool->cap_micro_usd);
        if (pool->known_s > 0) {
            add_price(page, pool->lowest_micro_usd);
            add_price(page, divide_half_even(pool->sum_micro_usd_s, pool->known_s));
            add_price(page, pool->highest_micro_usd);
            text_add(page, "</td><td>");
            page_number(page, pool->above_s, SECONDS_PER_HOUR);
        } else {
            text_add(page, "</td><td></td><td>no price known</td><td></td><td>");
        }
        text_addf(page, "</td><td>%" PRId64 "</td></tr>\n", pool->interrupted);
    }
    text_add(page, "</table></div></details>\n");
}

static void add_figure_row(struct text *page, const struct run_data *data, const char *what,
                           enum figure figure)
{
    if (!data->figures.known[figure])
        return;
    text_addf(page, "<tr><td>%s</td><td>", what);
    page_usd(page, data->figures.value[figure]);
    text_add(page, "</td><td>");
    int128 all = data->figures.value[FIGURE_cost_all_on_demand_micro_usd];
    if (all > 0)
        page_number(page, 100 * data->figures.value[figure], all);
    text_add(page, " %</td></tr>\n");
}

void table_costs(struct text *page, const struct run_data *data)
{
    text_add(page, "<details open><summary>As a table</summary><div class=\"wide\" tabindex=\"0\">"
                   "<table><tr><th></th><th>USD</th><th>of all on demand</th></tr>\n");
    add_figure_row(page, data, "spot", FIGURE_cost_spot_micro_usd);
    add_figure_row(page, data, "on demand", FIGURE_cost_on_demand_micro_usd);
    add_figure_row(page, data, "of it idle", FIGURE_cost_on_demand_surplus_micro_usd);
    add_figure_row(page, data, "other", FIGURE_cost_other_micro_usd);
    add_figure_row(page, data, "total", FIGURE_cost_total_micro_usd);
    add_figure_row(page, data, "all on demand", FIGURE_cost_all_on_demand_micro_usd);
    add_figure_row(page, data, "the least for what was served (bound)",
                   FIGURE_cost_lower_bound_micro_usd);
    add_figure_row(page, data, "the least for all that was required (bound)",
                   FIGURE_cost_full_service_bound_micro_usd);
    text_add(page, "</table></div></details>\n");
}
