#include "reports/gate.h"

#include "base/memory.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

size_t gate_worlds(const struct scenario *scenario)
{
    int64_t most = 1;
    for (size_t i = 0; i < scenario->gate_count; i++) {
        if (scenario->gates[i].seeds > most)
            most = scenario->gates[i].seeds;
    }
    return (size_t)most;
}

/* ---- statistics -------------------------------------------------------------------------------
 */

static int by_value(const void *a, const void *b)
{
    const int128 *x = a;
    const int128 *y = b;
    return (*x > *y) - (*x < *y);
}

static int128 make(int128 *values, size_t count, enum gate_statistic of)
{
    int128 total = 0;
    for (size_t i = 0; i < count; i++)
        total += values[i];
    qsort(values, count, sizeof *values, by_value);
    switch (of) {
    case GATE_MEAN:
        return divide_half_even(total, (int128)count);
    case GATE_MEDIAN:
        return divide_half_even(values[(count - 1) / 2] + values[count / 2], 2);
    case GATE_MAX:
        return values[count - 1];
    case GATE_MIN:
        return values[0];
    case GATE_TOTAL:
        break;
    }
    return total;
}

/* Of the first `count` worlds; a figure unknown in one is unknown. */
static struct figures statistic_of(const struct figures *worlds, size_t count,
                                   enum gate_statistic of)
{
    struct figures made = {0};
    int128 *values = memory_new(count, sizeof *values);
    for (int f = 0; f < FIGURE_COUNT_OF_ALL; f++) {
        made.known[f] = true;
        for (size_t i = 0; i < count; i++) {
            made.known[f] = made.known[f] && worlds[i].known[f];
            values[i] = worlds[i].value[f];
        }
        made.value[f] = made.known[f] ? make(values, count, of) : 0;
    }
    free(values);
    return made;
}

void gate_entry(const struct gate_run *run, struct baseline_entry *out_entry)
{
    const struct scenario *scenario = run->scenario;
    *out_entry = (struct baseline_entry){.name = memory_copy_text(scenario->name),
                                         .policy = memory_copy_text(scenario->policy.name),
                                         .figures = run->worlds[0]};
    out_entry->statistics = memory_new(scenario->gate_count + 1, sizeof *out_entry->statistics);
    for (size_t i = 0; i < scenario->gate_count; i++) {
        const struct gate *gate = &scenario->gates[i];
        if (gate->seeds == 0 || baseline_statistic(out_entry, gate->seeds, gate->of))
            continue;
        out_entry->statistics[out_entry->statistic_count++] = (struct baseline_statistic){
            gate->seeds, gate->of, statistic_of(run->worlds, (size_t)gate->seeds, gate->of)};
    }
    for (size_t i = 0; i < run->calls.kept; i++)
        out_entry->calls.lines[i] = memory_copy_text(run->calls.lines[i]);
    out_entry->calls.kept = run->calls.kept;
    out_entry->calls.count = run->calls.count;
}

/* ---- judging ----------------------------------------------------------------------------------
 */

static int judge_gate(const struct gate_run *run, const struct gate *gate,
                      const struct baseline_entry *entry, const char *baseline_file,
                      struct gate_line *line, struct error *err)
{
    const struct figures *was = entry ? &entry->figures : NULL;
    struct figures is = run->worlds[0];
    struct condition_result result;
    struct error cause = {0};
    if (gate->seeds > 0) {
        assert((size_t)gate->seeds <= run->world_count);
        was = entry ? baseline_statistic(entry, gate->seeds, gate->of) : NULL;
        is = statistic_of(run->worlds, (size_t)gate->seeds, gate->of);
        snprintf(line->over, sizeof line->over, "%s of %" PRId64 " worlds",
                 gate_statistic_names[gate->of], gate->seeds);
    }
    if (condition_uses_baseline(&gate->condition) && !was)
        return error_set(err, STATUS_BAD_INPUT,
                         "%s: \"%s\": %s has no %s%sscenario \"%s\": add it with --update",
                         run->file, gate->condition.text, baseline_file, line->over,
                         *line->over ? " for " : "", run->scenario->name);
    if (condition_judge(&gate->condition, &is, was, &result, &cause))
        return error_set(err, STATUS_BAD_INPUT, "%s: \"%s\": %s", run->file, gate->condition.text,
                         cause.text);
    line->text = memory_copy_text(gate->condition.text);
    line->condition = true;
    line->holds = result.holds;
    line->relation = relation_words[gate->condition.relation];
    memcpy(line->left, result.left, sizeof line->left);
    memcpy(line->right, result.right, sizeof line->right);
    return STATUS_OK;
}

static bool same(const struct figures *a, const struct figures *b, int figure)
{
    return a->known[figure] == b->known[figure] &&
           (!a->known[figure] || a->value[figure] == b->value[figure]);
}

static void compare_all(const struct gate_run *run, const struct baseline_entry *entry,
                        struct gate_verdict *verdict)
{
    verdict->lines = memory_new(FIGURE_COUNT_OF_ALL, sizeof *verdict->lines);
    for (int f = 0; f < FIGURE_COUNT_OF_ALL; f++) {
        if (same(&run->worlds[0], &entry->figures, f))
            continue;
        struct gate_line *line = &verdict->lines[verdict->line_count++];
        line->text = memory_copy_text(figure_descriptions[f].name);
        line->relation = "==";
        figure_format(&entry->figures, (enum figure)f, line->left);
        figure_format(&run->worlds[0], (enum figure)f, line->right);
    }
}

static char *copy_line(const struct calls_made *calls, size_t index)
{
    return index < calls->kept ? memory_copy_text(calls->lines[index]) : NULL;
}

static void find_divergence(const struct gate_run *run, const struct baseline_entry *entry,
                            struct gate_verdict *verdict)
{
    size_t at = calls_made_differ(&entry->calls, &run->calls);
    if (at == SIZE_MAX)
        return;
    verdict->diverges = true;
    verdict->was = copy_line(&entry->calls, at);
    verdict->is = copy_line(&run->calls, at);
}

int gate_judge(struct gate_report *report, const struct gate_run *run,
               const struct baseline *baseline, struct error *err)
{
    const struct scenario *scenario = run->scenario;
    const struct baseline_entry *entry = baseline_find(baseline, scenario->name);
    report->verdicts = memory_resize(report->verdicts, report->count + 1, sizeof *report->verdicts);
    struct gate_verdict *verdict = &report->verdicts[report->count++];
    *verdict = (struct gate_verdict){.name = memory_copy_text(scenario->name),
                                     .file = run->file,
                                     .holds = true,
                                     .known = entry != NULL,
                                     .gated = scenario->gate_count > 0};
    int status = STATUS_OK;
    if (!verdict->gated && !entry)
        return error_set(err, STATUS_BAD_INPUT,
                         "%s: %s has no scenario \"%s\": add it with --update", run->file,
                         report->baseline, scenario->name);
    if (verdict->gated)
        verdict->lines = memory_new(scenario->gate_count, sizeof *verdict->lines);
    else
        compare_all(run, entry, verdict);
    for (size_t i = 0; i < scenario->gate_count && !status; i++)
        status = judge_gate(run, &scenario->gates[i], entry, report->baseline,
                            &verdict->lines[verdict->line_count++], err);
    for (size_t i = 0; i < verdict->line_count && !status; i++)
        verdict->holds = verdict->holds && verdict->lines[i].holds;
    if (!status && !verdict->holds)
        report->breached++;
    if (!status && !verdict->holds && entry)
        find_divergence(run, entry, verdict);
    return status;
}

void gate_report_clean_up(struct gate_report *report)
{
    for (size_t i = 0; i < report->count; i++) {
        struct gate_verdict *verdict = &report->verdicts[i];
        for (size_t k = 0; k < verdict->line_count; k++)
            free(verdict->lines[k].text);
        free(verdict->lines);
        free(verdict->name);
        free(verdict->was);
        free(verdict->is);
    }
    free(report->verdicts);
    *report = (struct gate_report){0};
}
