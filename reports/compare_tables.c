/* The tables of two runs. */
#include "base/memory.h"
#include "base/timestamp.h"
#include "compare_parts.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS = 12 };

static const char table[] = "<details open><summary>As a table</summary><div class=\"wide\" "
                            "tabindex=\"0\"><table><tr>";
static const char table_end[] = "</table></div></details>\n";

/* ---- figures ----------------------------------------------------------------------------------
 */

static void add_value(struct text *page, enum figure_kind kind, int128 value)
{
    if (kind == FIGURE_MONEY)
        page_usd(page, value);
    else if (kind == FIGURE_UNIT_S)
        page_unit_hours(page, value);
    else if (kind == FIGURE_UNITS)
        page_number(page, value, MICRO);
    else
        page_count(page, value);
}

/* "cost.total, USD" of cost.total_micro_usd. */
static void add_name(struct text *page, const struct figure_description *figure)
{
    static const struct {
        const char *ending;
        const char *unit;
    } units[] = {[FIGURE_MONEY] = {"_micro_usd", "USD"},
                 [FIGURE_UNIT_S] = {"_unit_s", "unit-h"},
                 [FIGURE_UNITS] = {"_units", "units"},
                 [FIGURE_SECONDS] = {"_s", "s"},
                 [FIGURE_COUNT] = {"", ""}};
    size_t length = strlen(figure->name) - strlen(units[figure->kind].ending);
    char *name = memory_copy_bytes(figure->name, length);
    html_add_path(page, name);
    free(name);
    text_addf(page, "%s%s", figure->kind == FIGURE_COUNT ? "" : ", ", units[figure->kind].unit);
}

static void add_figure(struct text *page, const struct compare_figure *row)
{
    const struct figure_description *figure = &figure_descriptions[row->figure];
    const struct paired_result *result = &row->result;
    int128 change = result->new_sum - result->old_sum;
    text_add(page, "<tr><td class=\"name\">");
    add_name(page, figure);
    text_add(page, "</td><td>");
    add_value(page, figure->kind, result->old_sum);
    text_add(page, "</td><td>");
    add_value(page, figure->kind, result->new_sum);
    text_addf(page, "</td><td>%s", change > 0 ? "+" : "");
    if (change)
        add_value(page, figure->kind, change);
    else
        text_add(page, "the same");
    text_add(page, "</td><td>");
    if (change && result->old_sum > 0) {
        text_add(page, change > 0 ? "+" : "");
        page_number(page, 100 * change, result->old_sum);
        text_add(page, " %");
    }
    text_add(page, "</td><td class=\"text aside\">");
    html_add(page, figure->help);
    text_add(page, "</td></tr>\n");
}

void compare_table_figures(struct text *page, const struct comparison *comparison)
{
    text_add(page, "<h2>Figures</h2>\n<div class=\"wide\" tabindex=\"0\"><table><tr><th></th>"
                   "<th>old</th><th>new</th><th>new less old</th><th>of old</th><th "
                   "class=\"left aside\">what it is</th></tr>\n");
    for (size_t i = 0; i < comparison->figure_count; i++) {
        const struct paired_result *result = &comparison->figures[i].result;
        if (result->old_sum != 0 || result->new_sum != 0)
            add_figure(page, &comparison->figures[i]);
    }
    text_add(page, "</table></div>\n<p>What is 0 in both is left out.</p>\n");
}

/* ---- what differs -----------------------------------------------------------------------------
 */

void compare_table_values(struct text *page, const struct comparison *comparison)
{
    enum { OPEN_MOST = 12 };
    if (comparison->difference_count == 0) {
        text_add(page, "<p>Value by value, both scenarios are the same.</p>\n");
        return;
    }
    text_addf(page,
              "<details%s><summary>What differs between the scenarios: %zu value%s</summary><div "
              "class=\"wide\" tabindex=\"0\"><table><tr><th></th><th class=\"left\">old</th><th "
              "class=\"left\">new</th></tr>\n",
              comparison->difference_count <= OPEN_MOST ? " open" : "",
              comparison->difference_count, comparison->difference_count == 1 ? "" : "s");
    for (size_t i = 0; i < comparison->difference_count; i++) {
        const struct compare_difference *difference = &comparison->differences[i];
        text_add(page, "<tr><td>");
        html_add_path(page, difference->path);
        for (size_t which = 0; which < COMPARE_SIDES; which++) {
            text_add(page, "</td><td class=\"left\">");
            html_add(page, difference->values[which] ? difference->values[which] : "(nothing)");
        }
        text_add(page, "</td></tr>\n");
    }
    text_add(page, table_end);
}

/* ---- as time goes -----------------------------------------------------------------------------
 */

static void add_amount(struct text *page, int128 value, bool cost, bool sign)
{
    text_add(page, "<td>");
    text_add(page, sign && value > 0 ? "+" : "");
    if (cost)
        page_usd(page, value);
    else
        page_unit_hours(page, value);
    text_add(page, "</td>");
}

void compare_table_parts(struct text *page, const struct two_runs *two)
{
    int128 spent[COMPARE_SIDES] = {0};
    text_add(page, table);
    text_add(page,
             "<th>until (UTC)</th><th>unfulfilled so far, unit-h: old</th><th>new</th><th>new "
             "less old</th><th>cost so far, USD: old</th><th>new</th><th>new less old</th>"
             "</tr>\n");
    int from = 0;
    for (int row = 1; row <= ROWS; row++) {
        char until[TIMESTAMP_TEXT_SIZE];
        int last = row * COST_POINTS / ROWS - 1;
        int64_t until_s = part_end(two, last);
        int128 missing[COMPARE_SIDES];
        for (size_t which = 0; which < COMPARE_SIDES; which++) {
            const struct run_data *data = two->data[which];
            missing[which] = run_data_served(data, data->from_s, until_s).missing;
            for (int i = from; i <= last; i++)
                spent[which] += data->spent[i];
        }
        from = last + 1;
        text_addf(page, "<tr><td>%s</td>", timestamp_format(until_s, until));
        add_amount(page, missing[COMPARE_OLD], false, false);
        add_amount(page, missing[COMPARE_NEW], false, false);
        add_amount(page, missing[COMPARE_NEW] - missing[COMPARE_OLD], false, true);
        add_amount(page, spent[COMPARE_OLD], true, false);
        add_amount(page, spent[COMPARE_NEW], true, false);
        add_amount(page, spent[COMPARE_NEW] - spent[COMPARE_OLD], true, true);
        text_add(page, "</tr>\n");
    }
    text_add(page, table_end);
}

void compare_table_calls(struct text *page, const struct two_runs *two)
{
    static const char *const names[] = {"accepted scale-outs", "accepted scale-ins",
                                        "refused calls, the first of each row of them"};
    text_add(page, table);
    text_add(page, "<th></th><th>old</th><th>new</th><th>new less old</th></tr>\n");
    for (size_t call = 0; call < ARRAY_LENGTH(names); call++) {
        int128 counts[COMPARE_SIDES];
        text_addf(page, "<tr><td>%s</td><td>", names[call]);
        for (size_t which = 0; which < COMPARE_SIDES; which++) {
            counts[which] = (int128)two->data[which]->call_count[call];
            page_count(page, counts[which]);
            text_add(page, "</td><td>");
        }
        int128 change = counts[COMPARE_NEW] - counts[COMPARE_OLD];
        text_add(page, change > 0 ? "+" : "");
        page_count(page, change);
        text_add(page, "</td></tr>\n");
    }
    text_add(page, table_end);
}
