#include "run_report.h"

#include "base/memory.h"
#include "base/timestamp.h"
#include "run_parts.h"

#include <stdlib.h>

static void add_head(struct text *page, const struct stored_run *run, const struct run_data *data,
                     const char *assumptions)
{
    char from[TIMESTAMP_TEXT_SIZE];
    char to[TIMESTAMP_TEXT_SIZE];
    page_begin(page, run->name);
    text_add(page, "<p>Policy <b>");
    html_add(page, run->policy);
    text_addf(page, "</b>, %s to %s (UTC). Cost <b>", timestamp_format(data->from_s, from),
              timestamp_format(data->to_s, to));
    page_usd(page, data->figures.value[FIGURE_cost_total_micro_usd]);
    text_add(page, " USD</b>; missing <b>");
    page_unit_hours(page, data->figures.value[FIGURE_capacity_unfulfilled_unit_s]);
    text_add(page, " unit-hours</b> of ");
    page_unit_hours(page, data->figures.value[FIGURE_capacity_required_unit_s]);
    text_add(page, ".</p>\n");
    if (assumptions) {
        text_add(page, "<h2>Assuming</h2>\n<pre>");
        html_add(page, assumptions);
        text_add(page, "</pre>\n");
    }
}

static void add_foot(struct text *page, const struct stored_run *run)
{
    text_add(page, "<h2>Where this comes from</h2>\n<pre>ballast ");
    html_add(page, run->version);
    text_add(page, ", run key ");
    html_add(page, run->key);
    text_add(page, "\ntraces ");
    html_add(page, run->trace_hash);
    text_add(page, "</pre>\n");
    page_add_scenario(page, "The scenario, with every default", run->scenario_json);
    page_end(page);
}

/* What interrupts, where it is not these prices, and what is in the table only. */
static void add_prices_note(struct text *page, const struct run_prices *prices, size_t drawn)
{
    if (!prices->interrupt)
        text_add(page,
                 "<p>Prices interrupt nobody in this run: what interrupted is said above.</p>\n");
    if (drawn > 0 && drawn < prices->count)
        text_addf(page,
                  "<p>Drawn are the %zu of %zu pools that have prices and the most "
                  "interruptions.</p>\n",
                  drawn, prices->count);
}

/* The market, or in a sentence why it is not shown. */
static int add_prices(struct text *page, struct results *results, int64_t run,
                      const struct run_market *market, const struct run_data *data,
                      struct error *err)
{
    if (!market->scenario) {
        text_addf(page, "<h2>Spot prices against caps</h2>\n<p>Not drawn: %s.</p>\n", market->why);
        return STATUS_OK;
    }
    struct run_prices prices = {0};
    const struct pool_prices *drawn[POOLS_DRAWN_MOST];
    int status = run_prices_read(&prices, results, run, market, data->from_s, data->to_s, err);
    size_t count = status ? 0 : run_prices_drawn(&prices, drawn);
    if (count > 0)
        status = page_plot(page, data, &prices, PLOT_PRICES, err);
    else if (!status)
        text_add(page, "<h2>Spot prices against caps</h2>\n<p>Not drawn: none is known.</p>\n");
    if (!status) {
        add_prices_note(page, &prices, count);
        table_prices(page, &prices);
    }
    run_prices_clean_up(&prices);
    return status;
}

int run_report(struct results *results, const struct stored_run *run, const char *assumptions,
               const struct run_market *market, struct text *out_page, struct error *err)
{
    struct run_data *data = memory_new(1, sizeof *data);
    int status = run_data_read(data, results, run, err);
    if (!status) {
        add_head(out_page, run, data, assumptions);
        status = page_plot(out_page, data, NULL, PLOT_CAPACITY, err);
    }
    if (!status) {
        table_periods(out_page, data);
        status = page_plot(out_page, data, NULL, PLOT_DECISIONS, err);
    }
    if (!status)
        status = table_reasons(out_page, results, run->run, err);
    if (!status)
        status = add_prices(out_page, results, run->run, market, data, err);
    if (!status)
        status = page_plot(out_page, data, NULL, PLOT_COST, err);
    if (!status) {
        table_costs(out_page, data);
        add_foot(out_page, run);
        status = text_status(out_page, err);
    }
    run_data_clean_up(data);
    free(data);
    return status;
}
