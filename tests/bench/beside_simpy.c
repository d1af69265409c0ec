/* The same scenario file simulated by the program and by the model in simpy/. Rates are compared
 * only once both have come to the same figures. */
#include "base/memory.h"
#include "bench.h"
#include "record/figures.h"
#include "scenario/scenario.h"
#include "sim/sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_SIZE = 16384, SIMPY_RUNS_AT_MOST = 3 };

struct world_file {
    const char *python; /* which has SimPy 4 */
    const char *file;
    bool skipping; /* of the program */
};

/* Run a script of simpy/; the first line it prints, and the number on its last. */
static double run_script(const char *python, const char *script, const char *arguments,
                         char out_first[LINE_SIZE])
{
    char *command = memory_format("'%s' '" BALLAST_SOURCE_DIR "/tests/bench/simpy/%s' %s", python,
                                  script, arguments);
    FILE *pipe = popen(command, "r");
    free(command);
    char line[LINE_SIZE];
    out_first[0] = line[0] = '\0';
    while (pipe && fgets(line, sizeof line, pipe)) {
        if (!out_first[0])
            snprintf(out_first, LINE_SIZE, "%.*s", (int)strcspn(line, "\n"), line);
    }
    if (!pipe || pclose(pipe) != 0)
        job_fail("a script of tests/bench/simpy failed");
    return strtod(line, NULL);
}

static void time_script(struct job_clock *clock, const char *python, const char *script,
                        const char *arguments)
{
    char first[LINE_SIZE];
    clock->seconds = run_script(python, script, arguments, first);
    if (clock->seconds <= 0)
        job_fail("a script of tests/bench/simpy did not say how long it took");
}

static double simulate_by_simpy(struct job_clock *clock, const void *argument)
{
    const struct world_file *world = argument;
    time_script(clock, world->python, "model.py", world->file);
    return 1;
}

static double nothing_by_simpy(struct job_clock *clock, const void *argument)
{
    const struct world_file *world = argument;
    time_script(clock, world->python, "bare.py", "");
    return 1;
}

/* Reading the file is not counted, of neither. */
static void simulate_file(struct job_clock *clock, const struct world_file *world,
                          struct figures *figures)
{
    struct scenario scenario;
    struct trace_set traces;
    struct error err = {0};
    const struct sim_observer observer = {.stepping = !world->skipping};
    if (scenario_read(&scenario, world->file, &(struct scenario_options){0}, &err) ||
        scenario_load_traces(&scenario, &traces, &err))
        job_fail(err.text);
    clock->processor = true;
    job_start(clock);
    int status = simulate(&scenario, &traces, NULL, &observer, figures, &err);
    job_stop(clock);
    if (status)
        job_fail(err.text);
    trace_set_clean_up(&traces);
    scenario_clean_up(&scenario);
}

static double simulate_by_program(struct job_clock *clock, const void *argument)
{
    struct figures figures;
    simulate_file(clock, argument, &figures);
    return 1;
}

/* A job like the others, so that its memory is not theirs. */
static double compare_figures(struct job_clock *clock, const void *argument)
{
    const struct world_file *world = argument;
    char theirs[LINE_SIZE];
    run_script(world->python, "model.py", world->file, theirs);
    for (int skipping = 0; skipping < 2; skipping++) {
        const struct world_file ours = {.file = world->file, .skipping = skipping};
        struct figures figures;
        simulate_file(clock, &ours, &figures);
        struct text text = {0};
        text_add(&text, "{");
        figures_add_json(&figures, &text);
        text_add(&text, "}");
        if (strcmp(text.data, theirs) != 0) {
            fprintf(stderr, "by the program: %s\nby SimPy: %s\n", text.data, theirs);
            job_fail("the model in tests/bench/simpy comes to other figures than the program");
        }
        text_clean_up(&text);
    }
    return 1;
}

static void tell_times(const char *what, struct measured measured, struct measured simpy)
{
    char beside[96];
    snprintf(beside, sizeof beside, "%.0f times SimPy, same figures",
             measured.median / simpy.median);
    tell(what, measured, beside);
}

void bench_simpy(int runs, const char *python, const char *file)
{
    static const struct {
        const char *what;
        int every_s;
    } demands[] = {{"constant", 0}, {"every hour", 3600}, {"every 5 min", 300}};
    if (!python) {
        puts("SimPy: left out, for SimPy 4 is not installed and could not be fetched");
        return;
    }
    int slow_runs = runs < SIMPY_RUNS_AT_MOST ? runs : SIMPY_RUNS_AT_MOST;
    struct world_file world = {.python = python, .file = file};
    tell("limit: years of SimPy, two timeouts a minute, no model",
         measure(nothing_by_simpy, &world, slow_runs), "");
    for (size_t i = 0; i < ARRAY_LENGTH(demands); i++) {
        char nothing[LINE_SIZE];
        char *arguments =
            memory_format("'%s' --days 365 --demand-every-s %d", file, demands[i].every_s);
        run_script(python, "world.py", arguments, nothing);
        free(arguments);
        measure(compare_figures, &world, 1);
        char what[96];
        snprintf(what, sizeof what, "years, SimPy: demand and target %s", demands[i].what);
        struct measured simpy = measure(simulate_by_simpy, &world, slow_runs);
        tell(what, simpy, "");
        world.skipping = false;
        tell_times("  the same file, stepped every minute",
                   measure(simulate_by_program, &world, runs), simpy);
        world.skipping = true;
        tell_times("  the same file, skipping", measure(simulate_by_program, &world, runs), simpy);
    }
}
