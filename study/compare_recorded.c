/* Runs that stand in a results database. */
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

int compare_read_trail(struct results *results, struct compare_world *world, size_t which,
                       struct error *err)
{
    struct compare_run *run = &world->runs[which];
    run->shortages = (struct shortages){.from_s = world->from_s, .to_s = world->to_s};
    int status = results_each_capacity(results, world->numbers[which], take_capacity, run, err);
    if (!status)
        status = results_each_decision(results, world->numbers[which], take_decision, run, err);
    shortages_end(&run->shortages);
    return status;
}

void compare_take_hashes(const struct stored_run *stored, struct compare_run *out_run)
{
    snprintf(out_run->trace_hash, sizeof out_run->trace_hash, "%s", stored->trace_hash);
    snprintf(out_run->demand_hash, sizeof out_run->demand_hash, "%s", stored->demand_hash);
}

/* After the last "#" of what the user wrote; NULL if the file is all of it. */
static const char *run_named(const struct compare_side *side)
{
    size_t length = strlen(side->database);
    return side->path[length] == '#' ? side->path + length + 1 : NULL;
}

int compare_runs_of(const struct compare_side *side, struct results *results, int64_t **out_numbers,
                    size_t *out_count, struct error *err)
{
    const char *which = run_named(side);
    *out_numbers = NULL;
    *out_count = 0;
    if (!which) {
        int listed = results_runs(results, out_numbers, out_count, err);
        if (listed || *out_count)
            return listed;
        return error_set(
            err, STATUS_BAD_INPUT,
            "%s: no run is recorded in it (points of a sweep are compared with those of "
            "another): compare the scenario itself, with --set-a and --set-b",
            side->database);
    }
    struct stored_run stored;
    int status = results_find(results, which, &stored, err);
    if (!status) {
        *out_numbers = memory_new(1, sizeof **out_numbers);
        *out_numbers[0] = stored.run;
        *out_count = 1;
        stored_run_clean_up(&stored);
    }
    return status;
}

int compare_parse_recorded(const struct compare_side *side, int64_t number,
                           struct scenario *out_scenario, struct error *err)
{
    struct results *results = NULL;
    struct stored_run stored = {0};
    char which[DECIMAL_TEXT_SIZE];
    int status = results_open(&results, side->database, false, err);
    if (!status)
        status = results_find(results, int128_format(number, which), &stored, err);
    if (!status)
        status = scenario_parse(out_scenario, side->path, stored.folder, stored.scenario_json,
                                strlen(stored.scenario_json), &(struct scenario_options){0}, err);
    stored_run_clean_up(&stored);
    results_close(results);
    return status;
}

static int read_only(struct compare_side *side, struct results *results, struct compare_run *run,
                     struct error *err)
{
    struct stored_run stored;
    char which[DECIMAL_TEXT_SIZE];
    int status = results_find(results, int128_format(side->run, which), &stored, err);
    if (status)
        return status;
    free(side->version);
    side->version = memory_copy_text(stored.version);
    compare_take_hashes(&stored, run);
    stored_run_clean_up(&stored);
    return results_figures(results, side->run, &run->figures, err);
}

int compare_read_recorded(struct compare_side *side, struct compare_world *world, size_t which,
                          struct error *err)
{
    struct results *results = NULL;
    int64_t *numbers = NULL;
    size_t count = 0;
    int status = results_open(&results, side->database, false, err);
    if (!status)
        status = compare_runs_of(side, results, &numbers, &count, err);
    if (!status && count != 1)
        status = error_set(err, STATUS_BAD_INPUT,
                           "%s: holds %zu runs: beside a scenario file say which, as FILE#RUN, by "
                           "its number, its name, or the start of its key",
                           side->database, count);
    if (!status) {
        side->run = world->numbers[which] = numbers[0];
        status = read_only(side, results, &world->runs[which], err);
    }
    if (!status)
        status = compare_parse_recorded(side, side->run, &side->scenario, err);
    if (!status) {
        world->from_s = side->scenario.measure_from_s;
        world->to_s = side->scenario.measure_to_s;
        status = compare_read_trail(results, world, which, err);
    }
    free(numbers);
    results_close(results);
    return status;
}
