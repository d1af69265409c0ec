#include "run_report.h"

#include "base/memory.h"
#include "base/timestamp.h"
#include "run_parts.h"

#include <stdlib.h>

static const char style[] =
    ":root{color-scheme:light dark;--line:#8886}*{box-sizing:border-box}"
    "body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:0 auto;padding:1rem}"
    "h1{font-size:1.5rem;margin:.5rem 0;overflow-wrap:anywhere}h2{font-size:1.15rem;margin:2rem 0 "
    ".5rem}"
    "svg{width:100%;min-width:36rem;height:auto;display:block}figure{margin:0;overflow-x:auto}"
    "figcaption{margin:.3rem "
    "0;font-size:.9rem}"
    ".key{display:inline-block;width:.8em;height:.8em;margin:0 .3em 0 .8em}"
    ".wide{overflow-x:auto}table{border-collapse:collapse;font-size:.88rem;"
    "font-variant-numeric:tabular-nums}th,td{padding:.15rem .6rem;text-align:right;"
    "border-bottom:1px solid var(--line);white-space:nowrap}th:first-child,td:first-child,td.text"
    "{text-align:left}td.text{white-space:normal;min-width:14rem}details{margin:.5rem 0}"
    "pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:.85rem}"
    "@media "
    "print{details{display:block}body{max-width:none}h2{break-after:avoid}figure{break-inside:"
    "avoid}}";

static void add_head(struct text *page, const struct stored_run *run, const struct run_data *data,
                     const char *assumptions)
{
    char from[TIMESTAMP_TEXT_SIZE];
    char to[TIMESTAMP_TEXT_SIZE];
    text_addf(page, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta "
                    "name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    html_add(page, run->name);
    text_addf(page, "</title><style>%s</style></head><body><main>\n<h1>", style);
    html_add(page, run->name);
    text_add(page, "</h1>\n<p>Policy <b>");
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
    text_add(page, "</pre>\n<details><summary>The scenario, with every default</summary><pre>");
    html_add(page, run->scenario_json);
    text_add(page, "</pre></details>\n</main></body></html>\n");
}

int run_report(struct results *results, const struct stored_run *run, const char *assumptions,
               struct text *out_page, struct error *err)
{
    struct run_data *data = memory_new(1, sizeof *data);
    int status = run_data_read(data, results, run, err);
    if (!status) {
        add_head(out_page, run, data, assumptions);
        status = picture_capacity(out_page, data, err);
    }
    if (!status) {
        table_periods(out_page, data);
        status = picture_decisions(out_page, data, err);
    }
    if (!status)
        status = table_reasons(out_page, results, run->run, err);
    if (!status)
        status = picture_cost(out_page, data, err);
    if (!status) {
        table_costs(out_page, data);
        add_foot(out_page, run);
        status = text_status(out_page, err);
    }
    run_data_clean_up(data);
    free(data);
    return status;
}
