#include "base/memory.h"
#include "base/timestamp.h"
#include "compare_parts.h"

#include <stdlib.h>
#include <string.h>

static void add_side(struct text *page, const struct two_runs *two, size_t which)
{
    const struct stored_run *run = two->request->runs[which];
    const struct figures *figures = &two->data[which]->figures;
    text_addf(page, "<li><span class=\"key\" style=\"background:%s\"></span>%s: <b>",
              which == COMPARE_OLD ? OLD_COLOUR : NEW_COLOUR, which == COMPARE_OLD ? "Old" : "New");
    html_add(page, run->policy);
    text_add(page, "</b> (");
    html_add(page, two->request->comparison->sides[which].path);
    text_add(page, "). Cost <b>");
    page_usd(page, figures->value[FIGURE_cost_total_micro_usd]);
    text_add(page, " USD</b>, unfulfilled <b>");
    page_unit_hours(page, figures->value[FIGURE_capacity_unfulfilled_unit_s]);
    text_add(page, " unit-hours</b> of ");
    page_unit_hours(page, figures->value[FIGURE_capacity_required_unit_s]);
    text_add(page, "</li>\n");
}

static void add_assumptions(struct text *page, const struct compare_report_request *request)
{
    const char *old_lines = request->assumptions[COMPARE_OLD];
    const char *new_lines = request->assumptions[COMPARE_NEW];
    bool same = old_lines && new_lines && strcmp(old_lines, new_lines) == 0;
    if (!old_lines && !new_lines)
        return;
    text_add(page, "<h2>Assuming</h2>\n");
    for (size_t which = 0; which < COMPARE_SIDES; which++) {
        const char *lines = request->assumptions[which];
        if (!lines || (same && which == COMPARE_NEW))
            continue;
        text_addf(page, "<p>%s:</p>\n<pre>", same ? "Both" : which == COMPARE_OLD ? "Old" : "New");
        html_add(page, lines);
        text_add(page, "</pre>\n");
    }
}

static void add_head(struct text *page, const struct two_runs *two)
{
    const struct compare_report_request *request = two->request;
    const struct run_data *data = two->data[COMPARE_OLD];
    const char *const names[] = {request->runs[COMPARE_OLD]->name,
                                 request->runs[COMPARE_NEW]->name};
    char from[TIMESTAMP_TEXT_SIZE];
    char to[TIMESTAMP_TEXT_SIZE];
    char *title = strcmp(names[0], names[1]) == 0
                      ? memory_format("%s: two runs compared", names[0])
                      : memory_format("%s, then %s", names[0], names[1]);
    page_begin(page, title);
    free(title);
    text_addf(page, "<p>%s to %s (UTC)</p>\n<ul class=\"plain\">\n",
              timestamp_format(data->from_s, from), timestamp_format(data->to_s, to));
    add_side(page, two, COMPARE_OLD);
    add_side(page, two, COMPARE_NEW);
    text_add(page, "</ul>\n");
    compare_table_values(page, request->comparison);
    for (size_t i = 0; i < request->comparison->warning_count; i++) {
        text_add(page, "<p>Warning: ");
        html_add(page, request->comparison->warnings[i]);
        text_add(page, "</p>\n");
    }
    add_assumptions(page, request);
    compare_table_figures(page, request->comparison);
    text_add(page, "<h2>Where they part</h2>\n<pre class=\"lines\" tabindex=\"0\">");
    html_add(page, request->parting);
    text_add(page, "</pre>\n");
}

static void add_foot(struct text *page, const struct compare_report_request *request)
{
    text_add(page, "<h2>Where this comes from</h2>\n");
    for (size_t which = 0; which < COMPARE_SIDES; which++) {
        const struct stored_run *run = request->runs[which];
        text_addf(page, "<pre>%s: ballast ", which == COMPARE_OLD ? "old" : "new");
        html_add(page, run->version);
        text_add(page, ", run key ");
        html_add(page, run->key);
        text_add(page, "\ntraces ");
        html_add(page, run->trace_hash);
        text_add(page, "</pre>\n");
    }
    page_add_scenario(page, "Old's scenario, with every default",
                      request->runs[COMPARE_OLD]->scenario_json);
    page_add_scenario(page, "New's scenario, with every default",
                      request->runs[COMPARE_NEW]->scenario_json);
    page_end(page);
}

static int add_pictures(struct text *page, const struct two_runs *two, struct error *err)
{
    int status = compare_picture_levels(page, two, false, err);
    if (!status)
        status = compare_picture_difference(page, two, false, err);
    if (!status)
        status = compare_picture_levels(page, two, true, err);
    if (status)
        return status;
    compare_table_calls(page, two);
    status = compare_picture_cost(page, two, err);
    if (!status)
        status = compare_picture_difference(page, two, true, err);
    if (!status)
        compare_table_parts(page, two);
    return status;
}

int compare_report(const struct compare_report_request *request, struct text *out_page,
                   struct error *err)
{
    struct two_runs *two = memory_new(1, sizeof *two);
    const struct divergence *divergence = &request->comparison->worlds[0].divergence;
    int status = STATUS_OK;
    two->request = request;
    two->parts_s = divergence->kind == DIVERGENCE_NONE ? 0 : divergence->time_s;
    for (size_t which = 0; which < COMPARE_SIDES; which++) {
        two->data[which] = memory_new(1, sizeof *two->data[which]);
        if (!status)
            status =
                run_data_read(two->data[which], request->results[which], request->runs[which], err);
    }
    if (!status) {
        two_runs_add_up(two);
        add_head(out_page, two);
        status = add_pictures(out_page, two, err);
    }
    if (!status) {
        add_foot(out_page, request);
        status = text_status(out_page, err);
    }
    for (size_t which = 0; which < COMPARE_SIDES; which++) {
        run_data_clean_up(two->data[which]);
        free(two->data[which]);
    }
    free(two);
    return status;
}
