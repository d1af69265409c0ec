#include "alternatives.h"

#include "base/memory.h"
#include "show.h"
#include "summary.h"

#include <stdlib.h>
#include <string.h>

static const char *const kind_names[] = {
    [ALTERNATIVE_POLICY] = "policy",
    [ALTERNATIVE_SPOT] = "spot",
    [ALTERNATIVE_ON_DEMAND] = "on-demand",
    [ALTERNATIVE_MIXED] = "mixed",
};

/* ---- what is run -------------------------------------------------------------------------------
 */

/* Takes over `name`. */
static struct alternative *add(struct alternatives *a, enum alternative_kind kind, char *name,
                               const char *policy)
{
    struct alternative *item = &a->items[a->count];
    *item = (struct alternative){.kind = kind, .name = name, .trial = &a->trials[a->count]};
    *item->trial = (struct trial){.policy = policy, .overrides = item->overrides};
    a->count++;
    return item;
}

static void set(struct alternative *item, const char *path, const char *value)
{
    item->overrides[item->trial->override_count++] = (struct scenario_override){path, value};
}

/* Fleet and group as one that follows the demand, so that no policy, no plan and no bound of the
 * backup's has a say. */
static void add_group(struct alternatives *a, enum alternative_kind kind, char *name, long base,
                      long percentage)
{
    struct alternative *item = add(a, kind, name, "none");
    item->distribution = memory_format("{\"OnDemandBaseCapacity\":%ld,"
                                       "\"OnDemandPercentageAboveBaseCapacity\":%ld}",
                                       base, percentage);
    set(item, "backup_group.group.MinSize", "0");
    set(item, "backup_group.group.DesiredCapacity", "0");
    set(item, "backup_group.group.MaxSize", "10000");
    set(item, "modify_spot_fleet", "[]");
    set(item, "scaling", "null");
    set(item, "instances_distribution", item->distribution);
}

/* The fleet as it is, and no backup. */
static void add_spot_alone(struct alternatives *a)
{
    char *name = memory_copy_text("spot alone");
    if (a->session->scenario.distribution.given) {
        add_group(a, ALTERNATIVE_SPOT, name, 0, 0);
        return;
    }
    struct alternative *item = add(a, ALTERNATIVE_SPOT, name, "none");
    set(item, "backup_group.group.MinSize", "0");
    set(item, "backup_group.group.DesiredCapacity", "0");
}

/* "BASE:PERCENT". */
static int add_mix(struct alternatives *a, const char *text, struct error *err)
{
    char *end = NULL;
    long base = strtol(text, &end, 10);
    bool right = end != text && *end == ':' && base >= 0 && base <= 10000;
    const char *second = right ? end + 1 : text;
    long percentage = strtol(second, &end, 10);
    right = right && end != second && *end == '\0' && percentage >= 0 && percentage <= 100;
    if (!right)
        return error_set(err, STATUS_BAD_INPUT,
                         "--mix %s: write BASE:PERCENT, units on demand from 0 to 10000 and the "
                         "percentage of the others from 0 to 100, such as 8:25",
                         text);
    add_group(a, ALTERNATIVE_MIXED, memory_format("mixed, %ld and %ld %%", base, percentage), base,
              percentage);
    return STATUS_OK;
}

static int plan(struct alternatives *a, const struct alternatives_request *request,
                struct error *err)
{
    const char *usual = "0:50";
    size_t mixes = request->mixes->count ? request->mixes->count : 1;
    size_t most = 3 + request->against->count + mixes;
    a->items = memory_new(most, sizeof *a->items);
    a->trials = memory_new(most, sizeof *a->trials);
    add(a, ALTERNATIVE_POLICY, memory_copy_text(a->session->scenario.policy.name), NULL);
    for (size_t i = 0; i < request->against->count; i++)
        add(a, ALTERNATIVE_POLICY, memory_copy_text(request->against->values[i]),
            request->against->values[i]);
    add_spot_alone(a);
    add_group(a, ALTERNATIVE_ON_DEMAND, memory_copy_text("on-demand alone"), 0, 100);
    int status = STATUS_OK;
    for (size_t i = 0; i < mixes && !status; i++)
        status = add_mix(a, request->mixes->count ? request->mixes->values[i] : usual, err);
    return status;
}

int alternatives_run(struct alternatives *out, const struct session *session,
                     const struct alternatives_request *request, struct error *err)
{
    *out = (struct alternatives){.session = session};
    int status = plan(out, request, err);
    if (status)
        return status;
    const struct trials trials = {.session = session,
                                  .command = "run",
                                  .threads = request->threads,
                                  .items = out->trials,
                                  .count = out->count};
    status = trials_run(&trials, err);
    for (size_t i = 0; i < out->count && !status; i++) {
        if (out->items[i].kind == ALTERNATIVE_POLICY && out->trials[i].refusal)
            status = error_set(err, STATUS_BAD_INPUT, "%s", out->trials[i].refusal);
    }
    return status;
}

void alternatives_clean_up(struct alternatives *alternatives)
{
    for (size_t i = 0; i < alternatives->count; i++) {
        free(alternatives->items[i].name);
        free(alternatives->items[i].distribution);
        trial_clean_up(&alternatives->trials[i]);
    }
    free(alternatives->items);
    free(alternatives->trials);
    *alternatives = (struct alternatives){0};
}

/* ---- what is told ------------------------------------------------------------------------------
 */

static void print_row(FILE *out, const struct alternative *item)
{
    const struct figures *figures = &item->trial->figures;
    int128 total = figures->value[FIGURE_cost_total_micro_usd];
    char a[SHOW_SIZE];
    char b[SHOW_SIZE];
    char c[SHOW_SIZE];
    char d[SHOW_SIZE];
    fprintf(out, "%-24s %12s %9s %12s  %s\n", item->name, show_usd(total, a),
            show_percent(total, figures->value[FIGURE_cost_all_on_demand_micro_usd], b),
            show_unit_hours(figures->value[FIGURE_capacity_unfulfilled_unit_s], c),
            show_duration((int64_t)figures->value[FIGURE_capacity_shortfall_s], d));
}

void alternatives_print(const struct alternatives *alternatives, FILE *out)
{
    summary_print_title(alternatives->session, out);
    summary_print_notes(alternatives->session, out);
    fprintf(out, "%-24s %12s %9s %12s  %s\n", "", "total, USD", "of all on", "unfulfilled",
            "time short");
    fprintf(out, "%-24s %12s %9s %12s\n", "", "", "demand", "unit-hours");
    for (size_t i = 0; i < alternatives->count; i++) {
        const struct alternative *item = &alternatives->items[i];
        if (!item->trial->refusal) {
            print_row(out, item);
            continue;
        }
        char *head = memory_format("%s is not possible here: ", item->name);
        show_wrapped(out, head, item->trial->refusal);
        free(head);
    }
}

void alternatives_json(const struct alternatives *alternatives, struct text *out_text)
{
    text_add(out_text, "{");
    summary_add_run(alternatives->session, out_text);
    text_add(out_text, ",\"alternatives\":[");
    for (size_t i = 0; i < alternatives->count; i++) {
        const struct alternative *item = &alternatives->items[i];
        text_addf(out_text, "%s{\"kind\":\"%s\",\"name\":", i ? "," : "", kind_names[item->kind]);
        text_add_json_string(out_text, item->name);
        if (item->distribution)
            text_addf(out_text, ",\"instances_distribution\":%s", item->distribution);
        text_add(out_text, ",");
        if (item->trial->refusal) {
            text_add(out_text, "\"refused\":");
            text_add_json_string(out_text, item->trial->refusal);
        } else {
            figures_add_json(&item->trial->figures, out_text);
        }
        text_add(out_text, "}");
    }
    text_addf(out_text, "],\"notes\":%s}\n", alternatives->session->notes.data);
}
