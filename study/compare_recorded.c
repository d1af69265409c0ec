/* A side that stands in a results database. */
#include "base/memory.h"
#include "study/compare.h"

#include <stdlib.h>
#include <string.h>

static void take_capacity(const struct record_capacity *capacity, void *context)
{
    struct compare_run *run = context;
    shortages_take(&run->shortages, capacity);
    trail_take_account(&run->trail, capacity);
}

static void take_decision(const struct record_decision *decision, void *context)
{
    struct compare_run *run = context;
    trail_take_decision(&run->trail, decision);
}

/* What the run left behind; `side` has its scenario. */
static int read_run(struct results *results, const struct compare_side *side,
                    struct compare_run *run, struct error *err)
{
    struct scenario scenario;
    int status = scenario_parse(&scenario, side->path, side->folder, side->text, strlen(side->text),
                                &(struct scenario_options){0}, err);
    if (status)
        return status;
    run->shortages =
        (struct shortages){.from_s = scenario.measure_from_s, .to_s = scenario.measure_to_s};
    scenario_clean_up(&scenario);
    status = results_figures(results, side->run, &run->figures, err);
    if (!status)
        status = results_each_capacity(results, side->run, take_capacity, run, err);
    if (!status)
        status = results_each_decision(results, side->run, take_decision, run, err);
    shortages_end(&run->shortages);
    return status;
}

/* After the last "#" of what the user wrote; NULL if the file is all of it. */
static const char *run_named(const struct compare_side *side)
{
    size_t length = strlen(side->database);
    return side->path[length] == '#' ? side->path + length + 1 : NULL;
}

int compare_read_recorded(struct compare_side *side, struct compare_run *out_run, struct error *err)
{
    struct results *results = NULL;
    int status = results_open(&results, side->database, false, err);
    if (status)
        return status;
    char only[DECIMAL_TEXT_SIZE] = "";
    const char *which = run_named(side);
    if (!which) {
        status = results_only_run(results, only, err);
        which = only;
    }
    struct stored_run stored = {0};
    if (!status)
        status = results_find(results, which, &stored, err);
    if (!status) {
        side->run = stored.run;
        free(side->version);
        side->version = memory_copy_text(stored.version);
        side->text = memory_copy_text(stored.scenario_json);
        side->folder = memory_copy_text(stored.folder);
        snprintf(out_run->trace_hash, sizeof out_run->trace_hash, "%s", stored.trace_hash);
        snprintf(out_run->demand_hash, sizeof out_run->demand_hash, "%s", stored.demand_hash);
        status = read_run(results, side, out_run, err);
    }
    stored_run_clean_up(&stored);
    results_close(results);
    return status;
}
