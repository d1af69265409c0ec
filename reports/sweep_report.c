#include "sweep_report.h"

#include "base/memory.h"
#include "sweep_parts.h"

#include <stdlib.h>
#include <string.h>

static void add_point(struct text *page, const struct sweep_data *data, const char *what,
                      size_t point)
{
    text_addf(page, "<li>%s: <b>", what);
    page_usd(page, data->items[point].cost_micro_usd);
    text_add(page, " USD</b>, unfulfilled <b>");
    page_unit_hours(page, data->items[point].unfulfilled_micro_unit_s);
    text_add(page, " unit-hours</b>, with ");
    for (size_t d = 0; d < data->dimension_count; d++) {
        const struct sweep_dimension *dimension = &data->dimensions[d];
        text_add(page, d ? ", " : "");
        html_add(page, dimension->name);
        text_add(page, " = ");
        html_add(page, dimension->values[data->values[point * data->dimension_count + d]]);
    }
    text_add(page, sweep_is_beyond(data, point) ? " (beyond the limits)</li>\n" : "</li>\n");
}

static void add_best(struct text *page, const struct sweep_data *data)
{
    size_t count = 0;
    size_t *front = front_find(data->items, data->count, &count);
    size_t knee = front_knee(data->items, front, count);
    text_add(page, "<ul>\n");
    add_point(page, data, count == 1 ? "Least of both" : "Least cost", front[0]);
    if (knee != FRONT_NONE)
        add_point(page, data, "Knee between them", front[knee]);
    if (count > 1)
        add_point(page, data, "Least unfulfilled", front[count - 1]);
    text_add(page, "</ul>\n");
    free(front);
}

/* The assumptions are read from the traces as they are now. */
static void add_doubt(struct text *page, const struct sweep_data *data, const char *trace_hash)
{
    if (data->traces == 0)
        text_add(page, "<p>With the traces as they are now: the version that began this sweep kept "
                       "no hash of them.</p>\n");
    else if (data->traces == 1 && strcmp(data->trace_hash, trace_hash) != 0)
        text_add(page, "<p>With nothing varied and the traces as they are now, which are not those "
                       "that the points ran on.</p>\n");
}

static void add_head(struct text *page, const struct sweep_data *data,
                     const struct sweep_report_request *request)
{
    page_begin(page, data->name);
    text_addf(page, "<p>A sweep of <b>%zu points</b>", data->count);
    if (data->spans * data->seeds > 1) {
        text_addf(page, ", each in %zu runs: all figures are", data->spans * data->seeds);
        if (data->spans > 1)
            text_addf(page, " the sum over %zu spans%s", data->spans, data->seeds > 1 ? "," : "");
        if (data->seeds > 1)
            text_addf(page, " the mean of %zu seeds", data->seeds);
    }
    if (data->computed < data->listed)
        text_addf(page, ". <b>%zu of %zu runs</b> are computed; what follows is of these",
                  data->computed, data->listed);
    if (data->left_out)
        text_addf(page,
                  ". %zu more points lack some of their runs, as those that were stopped early do, "
                  "and are left out",
                  data->left_out);
    text_add(page, ". Varied:</p>\n<ul>\n");
    for (size_t d = 0; d < data->dimension_count; d++) {
        const struct sweep_dimension *dimension = &data->dimensions[d];
        text_add(page, "<li>");
        html_add(page, dimension->name);
        text_add(page, ": ");
        html_add(page, dimension->values[0]);
        if (dimension->value_count > 1) {
            text_add(page, dimension->value_count > 2 ? " … " : ", ");
            html_add(page, dimension->values[dimension->value_count - 1]);
            text_addf(page, " (%zu values)", dimension->value_count);
        }
        text_add(page, "</li>\n");
    }
    text_add(page, "</ul>\n");
    sweep_add_tunings(page, data);
    text_add(page, "<p>Of these points:</p>\n");
    add_best(page, data);
    if (request->assumptions) {
        text_add(page, "<h2>Assuming</h2>\n");
        add_doubt(page, data, request->trace_hash);
        text_add(page, "<pre>");
        html_add(page, request->assumptions);
        text_add(page, "</pre>\n");
    }
}

static void add_foot(struct text *page, const struct sweep_data *data)
{
    text_add(page, "<h2>Where this comes from</h2>\n<pre>ballast ");
    html_add(page, data->version);
    text_add(page, ", sweep key ");
    html_add(page, data->key);
    if (data->traces == 1) {
        text_add(page, "\ntraces ");
        html_add(page, data->trace_hash);
    } else if (data->traces > 1) {
        text_addf(page, "\n%zu different traces, of seeds, spans or pools", data->traces);
    }
    text_add(page, "</pre>\n<p>Which point is best was found on these runs alone: whether it is "
                   "better than another by more than luck is asked with <code>ballast tune</code> "
                   "or <code>ballast compare</code>.</p>\n");
    page_add_scenario(page, "The scenario, with every default", data->scenario_json);
    page_end(page);
}

int sweep_report(const struct sweep_data *data, const struct sweep_report_request *request,
                 struct text *out_page, struct error *err)
{
    struct sweep_axes axes;
    int status = sweep_axes_choose(data, request->axes, request->median, &axes, err);
    if (status)
        return status;
    add_head(out_page, data, request);
    for (int figure = 0; figure < SWEEP_FIGURES && !status; figure++)
        status = sweep_picture(out_page, data, &axes, (enum sweep_figure)figure, err);
    if (!status)
        status = sweep_picture_front(out_page, data, err);
    if (!status)
        status = sweep_picture_matter(out_page, data, err);
    if (status)
        return status;
    add_foot(out_page, data);
    return text_status(out_page, err);
}
