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
    page_end(page, run->scenario_json);
}

int run_report(struct results *results, const struct stored_run *run, const char *assumptions,
               struct text *out_page, struct error *err)
{
    struct run_data *data = memory_new(1, sizeof *data);
    int status = run_data_read(data, results, run, err);
    if (!status) {
        add_head(out_page, run, data, assumptions);
        status = page_plot(out_page, data, PLOT_CAPACITY, err);
    }
    if (!status) {
        table_periods(out_page, data);
        status = page_plot(out_page, data, PLOT_DECISIONS, err);
    }
    if (!status)
        status = table_reasons(out_page, results, run->run, err);
    if (!status)
        status = page_plot(out_page, data, PLOT_COST, err);
    if (!status) {
        table_costs(out_page, data);
        add_foot(out_page, run);
        status = text_status(out_page, err);
    }
    run_data_clean_up(data);
    free(data);
    return status;
}
