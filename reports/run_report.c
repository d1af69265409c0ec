#include "run_report.h"

#include "base/memory.h"
#include "base/timestamp.h"
#include "gnuplot.h"
#include "run_data.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 860, ROWS_MOST = 62, DAY_S = 86400 };

/* On light and on dark paper. */
#define BLUE   "#3b82f6"
#define ORANGE "#f59e0b"
#define RED    "#dc2626"
#define GREEN  "#10b981"

static const char style[] =
    ":root{color-scheme:light dark;--line:#8886}*{box-sizing:border-box}"
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem}"
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

void html_add(struct text *page, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '&':
            text_add(page, "&amp;");
            break;
        case '<':
            text_add(page, "&lt;");
            break;
        case '>':
            text_add(page, "&gt;");
            break;
        case '"':
            text_add(page, "&quot;");
            break;
        case '\'':
            text_add(page, "&#39;");
            break;
        default:
            text_add_bytes(page, text, 1);
        }
    }
}

/* ---- numbers ------------------------------------------------------------------------------------
 */

/* numerator / denominator with two decimals and thousands apart. */
static void add_number(struct text *page, int128 numerator, int128 denominator)
{
    char digits[DECIMAL_TEXT_SIZE];
    int128 hundredths = divide_half_even(numerator * 100, denominator);
    if (hundredths < 0) {
        text_add(page, "−");
        hundredths = -hundredths;
    }
    int128_format(hundredths / 100, digits);
    size_t length = strlen(digits);
    for (size_t i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            text_add(page, ",");
        text_add_bytes(page, &digits[i], 1);
    }
    text_addf(page, ".%02d", (int)(hundredths % 100));
}

static void add_usd(struct text *page, int128 micro_usd)
{
    add_number(page, micro_usd, MICRO);
}

static void add_unit_hours(struct text *page, int128 micro_unit_s)
{
    add_number(page, micro_unit_s, (int128)MICRO * 3600);
}

/* ---- pictures -----------------------------------------------------------------------------------
 */

static void begin_picture(const struct run_data *data, int height, struct text *script)
{
    int64_t days = (data->to_s - data->from_s) / DAY_S;
    text_addf(script,
              "set terminal svg size 960,%d dynamic font \"sans-serif,13\" linewidth 1\n"
              "set encoding utf8\nset border 3\nset tics nomirror out\nset grid ytics lc rgb "
              "\"#999999\" lw 0.4\nset key off\nset lmargin 9\nset rmargin 2\nset xdata time\n"
              "set timefmt \"%%s\"\nset xrange [\"%" PRId64 "\":\"%" PRId64 "\"]\n"
              "set format x \"%s\"\nset yrange [0:*]\n",
              height, data->from_s, data->to_s,
              days > 400  ? "%b %Y"
              : days >= 3 ? "%b %d"
                          : "%H:%M");
}

/* As it can stand in a page: without a prologue and what nothing refers to, with text and lines in
 * the page's own colour, and names that no other picture has. */
static void add_svg(struct text *page, const struct text *svg, int number)
{
    const char *at = strstr(svg->data, "<svg");
    const char *defs = at ? strstr(at, "<defs>") : NULL;
    const char *after = defs ? strstr(defs, "</defs>") : NULL;
    while (at && *at) {
        if (after && at == defs) {
            at = after + strlen("</defs>");
        } else if (strncmp(at, "black", 5) == 0) {
            text_add(page, "currentColor");
            at += 5;
        } else if (strncmp(at, "rgb(  0,   0,   0)", 18) == 0) {
            text_add(page, "currentColor");
            at += 18;
        } else if (strncmp(at, "gnuplot_", 8) == 0) {
            text_addf(page, "p%d_", number);
            at += 8;
        } else {
            text_add_bytes(page, at++, 1);
        }
    }
}

static int add_picture(struct text *page, const struct text *script, int number, const char *what,
                       struct error *err)
{
    struct text svg = {0};
    int status = text_status(script, err);
    if (!status)
        status = gnuplot_draw(script->data, script->size, &svg, err);
    if (!status && !strstr(svg.data, "<svg"))
        status = error_set(err, STATUS_FAILURE, "gnuplot drew no SVG");
    if (!status) {
        text_addf(page, "<figure role=\"img\" tabindex=\"0\" aria-label=\"%s\">", what);
        add_svg(page, &svg, number);
        text_add(page, "</figure>\n");
    }
    text_clean_up(&svg);
    return status;
}

static void add_key(struct text *page, const char *colour, const char *what)
{
    text_addf(page, "<span class=\"key\" style=\"background:%s\"></span>%s", colour, what);
}

/* Tics from 0 on, at steps of 1, 2 or 5 times a power of ten. */
static void set_tics(struct text *script, int64_t top)
{
    static const int64_t factors[] = {1, 2, 5};
    int64_t power = 1;
    size_t i = 0;
    while (factors[i] * power * 6 < top) {
        i = (i + 1) % ARRAY_LENGTH(factors);
        power *= i == 0 ? 10 : 1;
    }
    text_addf(script, "set ytics 0,%" PRId64 "\n", factors[i] * power);
}

/* "top = N": the greatest value, and at least 1. */
static void set_top(struct text *script, int64_t micro)
{
    char number[DECIMAL_TEXT_SIZE];
    text_addf(script, "top = %s\n", decimal_format(micro > 0 ? micro : MICRO, number));
    set_tics(script, micro / MICRO);
}

/* What lasts for less than a point of the picture would be painted over: a line for each. */
static void add_slivers(struct text *script, const struct level *levels, size_t count)
{
    for (int missing = 0; missing < 2; missing++) {
        text_addf(script, "$s%d << END\n", missing);
        for (size_t i = 0; i < count; i++) {
            const struct level *level = &levels[i];
            int64_t below = level->spot_micro + (missing ? level->on_demand_micro : 0);
            int64_t height = missing ? level->missing_micro : level->on_demand_micro;
            char from[DECIMAL_TEXT_SIZE];
            char up[DECIMAL_TEXT_SIZE];
            if (height > 0)
                text_addf(script, "%" PRId64 " %s %s\n", level->time_s, decimal_format(below, from),
                          decimal_format(height, up));
        }
        /* never empty, which gnuplot takes for a mistake */
        text_addf(script, "%" PRId64 " 0 0\nEND\n", count ? levels[0].time_s : 0);
    }
}

static int add_capacity(struct text *page, const struct run_data *data, struct error *err)
{
    struct text script = {0};
    struct level *levels = memory_new(data->level_count + 1, sizeof *levels);
    if (data->level_count)
        memcpy(levels, data->levels, data->level_count * sizeof *levels);
    size_t count = levels_reduce(levels, data->level_count, data->from_s, data->to_s, COLUMNS);
    int64_t top_micro = 0;
    begin_picture(data, 300, &script);
    text_add(&script, "$d << END\n");
    for (size_t i = 0; i <= count && count > 0; i++) {
        const struct level *level = &levels[i < count ? i : count - 1];
        char spot[DECIMAL_TEXT_SIZE];
        char served[DECIMAL_TEXT_SIZE];
        char all[DECIMAL_TEXT_SIZE];
        int64_t sum = level->spot_micro + level->on_demand_micro;
        top_micro = sum + level->missing_micro > top_micro ? sum + level->missing_micro : top_micro;
        text_addf(&script, "%" PRId64 " %s %s %s\n", i < count ? level->time_s : data->to_s,
                  decimal_format(level->spot_micro, spot), decimal_format(sum, served),
                  decimal_format(sum + level->missing_micro, all));
    }
    text_add(&script, "END\n$n << END\n");
    for (size_t i = 0; i < data->notice_count; i += 2)
        text_addf(&script, "%" PRId64 " %" PRId64 "\n", data->notices[i], data->notices[i + 1]);
    text_add(&script, "END\n");
    add_slivers(&script, levels, count);
    set_top(&script, top_micro);
    text_add(&script, "set yrange [-0.09 * top : top * 1.05]\nplot $d using 1:4 with fillsteps fs "
                      "solid noborder lc rgb \"" RED
                      "\", $d using 1:3 with fillsteps fs solid noborder lc rgb \"" ORANGE
                      "\", $d using 1:2 with fillsteps fs solid noborder lc rgb \"" BLUE
                      "\", $s0 using 1:2:(0):3 with vectors nohead lw 2 lc rgb \"" ORANGE
                      "\", $s1 using 1:2:(0):3 with vectors nohead lw 2 lc rgb \"" RED "\"");
    if (data->notice_count)
        text_add(&script, ", $n using 1:(-0.02 * top):(0):(-0.05 * top) with vectors nohead lw 0.8 "
                          "lc rgb \"" RED "\"");
    text_add(&script, "\n");
    text_add(page, "<h2>Capacity, in units</h2>\n");
    int status = add_picture(page, &script, 1, "capacity served and missing over time", err);
    text_add(page, "<figcaption>");
    add_key(page, BLUE, "served by spot");
    add_key(page, ORANGE, "served on demand");
    add_key(page, RED, "missing; below, interruptions");
    text_add(page, ". Where many changes fall on one point of the picture, its extremes are drawn."
                   "</figcaption>\n");
    free(levels);
    text_clean_up(&script);
    return status;
}

/* A second for each column at most: more could not be told apart. */
static void add_seconds(struct text *script, const struct run_data *data, int which)
{
    int64_t last = -1;
    for (size_t i = 0; i < data->call_count[which]; i++) {
        int64_t at_s = data->calls[which][i];
        int64_t column =
            (int64_t)((int128)(at_s - data->from_s) * COLUMNS / (data->to_s - data->from_s));
        if (column != last)
            text_addf(script, "%" PRId64 " 1\n", at_s);
        last = column;
    }
}

static int add_decisions(struct text *page, const struct run_data *data, struct error *err)
{
    struct text script = {0};
    struct level *levels = memory_new(data->level_count + 1, sizeof *levels);
    if (data->level_count)
        memcpy(levels, data->levels, data->level_count * sizeof *levels);
    size_t count = levels_reduce(levels, data->level_count, data->from_s, data->to_s, COLUMNS);
    begin_picture(data, 240, &script);
    text_add(&script, "$d << END\n");
    int64_t top = 0;
    for (size_t i = 0; i <= count && count > 0; i++) {
        int64_t desired = levels[i < count ? i : count - 1].desired;
        top = desired > top ? desired : top;
        text_addf(&script, "%" PRId64 " %" PRId64 "\n", i < count ? levels[i].time_s : data->to_s,
                  desired);
    }
    text_add(&script, "END\n");
    for (int which = 0; which < 3; which++) {
        text_addf(&script, "$c%d << END\n", which);
        add_seconds(&script, data, which);
        text_add(&script, "END\n");
    }
    set_top(&script, top * MICRO);
    text_add(&script, "set yrange [-0.32 * top : top * 1.05]\nplot $d using 1:2 with steps lw 1.5 "
                      "lc rgb \"" ORANGE "\"");
    static const char *const colours[] = {GREEN, BLUE, RED};
    for (int which = 0; which < 3; which++) {
        if (data->call_count[which])
            text_addf(&script,
                      ", $c%d using 1:(-0.%02d * top):(0):(0.07 * top) with vectors nohead lw 1.2 "
                      "lc rgb \"%s\"",
                      which, 12 + 9 * which, colours[which]);
    }
    text_add(&script, "\n");
    text_add(page,
             "<h2>Decisions: the backup group's desired capacity, and what was called</h2>\n");
    int status = add_picture(page, &script, 2, "desired capacity and calls over time", err);
    text_add(page, "<figcaption>");
    add_key(page, ORANGE, "DesiredCapacity, instances");
    text_add(page, ". Below it, from above:");
    add_key(page, GREEN, "scale-outs");
    add_key(page, BLUE, "scale-ins");
    add_key(page, RED, "first of refused calls in a row");
    text_add(page, "</figcaption>\n");
    free(levels);
    text_clean_up(&script);
    return status;
}

static int add_cost(struct text *page, const struct run_data *data, struct error *err)
{
    struct text script = {0};
    int128 spent = 0;
    int128 on_demand = 0;
    begin_picture(data, 260, &script);
    text_add(&script, "$d << END\n");
    text_addf(&script, "%" PRId64 " 0 0\n", data->from_s);
    for (int i = 0; i < COST_POINTS; i++) {
        char a[DECIMAL_TEXT_SIZE];
        char b[DECIMAL_TEXT_SIZE];
        spent += data->spent[i];
        on_demand += data->all_on_demand[i];
        text_addf(&script, "%" PRId64 " %s %s\n",
                  data->from_s +
                      (int64_t)((int128)(i + 1) * (data->to_s - data->from_s) / COST_POINTS),
                  decimal_format((int64_t)spent, a), decimal_format((int64_t)on_demand, b));
    }
    text_add(&script, "END\nplot $d using 1:3 with lines lw 1.5 lc rgb \"" ORANGE
                      "\", $d using 1:2 with lines lw 2 lc rgb \"" BLUE "\"\n");
    text_add(page, "<h2>Cost so far, in USD</h2>\n");
    int status = add_picture(page, &script, 3, "cumulative cost over time", err);
    text_add(page, "<figcaption>");
    add_key(page, BLUE, "this run");
    add_key(page, ORANGE, "all on demand");
    text_add(page, ". What an instance cost is spread evenly over the time it ran.</figcaption>\n");
    text_clean_up(&script);
    return status;
}

/* ---- tables -------------------------------------------------------------------------------------
 */

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

static void add_periods(struct text *page, const struct run_data *data)
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
        add_unit_hours(page, sum.spot + sum.on_demand + sum.missing);
        const int128 values[] = {sum.spot, sum.on_demand, sum.missing};
        for (size_t i = 0; i < ARRAY_LENGTH(values); i++) {
            text_add(page, "</td><td>");
            add_unit_hours(page, values[i]);
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

static int add_reasons(struct text *page, struct results *results, int64_t run, struct error *err)
{
    text_add(page, "<details open><summary>As a table</summary><div class=\"wide\" tabindex=\"0\">"
                   "<table><tr><th>reason</th><th>decided</th><th>answered</th><th>evaluations</th>"
                   "<th>first (UTC)</th><th>last</th><th>the first, in words</th></tr>\n");
    int status = results_each_reason(results, run, add_reason, page, err);
    text_add(page, "</table></div></details>\n");
    return status;
}

static void add_figure_row(struct text *page, const struct run_data *data, const char *what,
                           enum figure figure)
{
    if (!data->figures.known[figure])
        return;
    text_addf(page, "<tr><td>%s</td><td>", what);
    add_usd(page, data->figures.value[figure]);
    text_add(page, "</td><td>");
    int128 all = data->figures.value[FIGURE_cost_all_on_demand_micro_usd];
    if (all > 0)
        add_number(page, 100 * data->figures.value[figure], all);
    text_add(page, " %</td></tr>\n");
}

static void add_costs(struct text *page, const struct run_data *data)
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

/* ---- the page -----------------------------------------------------------------------------------
 */

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
    add_usd(page, data->figures.value[FIGURE_cost_total_micro_usd]);
    text_add(page, " USD</b>; missing <b>");
    add_unit_hours(page, data->figures.value[FIGURE_capacity_unfulfilled_unit_s]);
    text_add(page, " unit-hours</b> of ");
    add_unit_hours(page, data->figures.value[FIGURE_capacity_required_unit_s]);
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
        status = add_capacity(out_page, data, err);
    }
    if (!status) {
        add_periods(out_page, data);
        status = add_decisions(out_page, data, err);
    }
    if (!status)
        status = add_reasons(out_page, results, run->run, err);
    if (!status)
        status = add_cost(out_page, data, err);
    if (!status) {
        add_costs(out_page, data);
        add_foot(out_page, run);
        status = text_status(out_page, err);
    }
    run_data_clean_up(data);
    free(data);
    return status;
}
