#include "trials.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "progress.h"
#include "study/sweep.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct crew {
    const struct trials *trials;
    struct progress progress;
    /* Reading a scenario is short, but holds it whole as a tree; and the parser of JSON keeps the
     * place of its last error in a global. */
    pthread_mutex_t reading;
};

static int open_trial(const struct session *session, const struct trial *trial,
                      struct scenario *out_scenario, struct trace_set *out_own, bool *out_owns,
                      struct error *err)
{
    const struct scenario *base = &session->scenario;
    const struct scenario_options options = {.overrides = trial->overrides,
                                             .override_count = trial->override_count,
                                             .policy = trial->policy};
    *out_owns = false;
    for (size_t i = 0; i < trial->override_count; i++)
        *out_owns = *out_owns || !sweep_leaves_traces_alone(trial->overrides[i].path);
    int status = scenario_parse(out_scenario, base->file, session->folder, base->resolved.data,
                                base->resolved.size, &options, err);
    if (!status)
        *out_owns = *out_owns || !scenario_same_markets(base, out_scenario);
    if (!status && *out_owns) {
        status = scenario_load_traces(out_scenario, out_own, err);
        if (status)
            scenario_clean_up(out_scenario);
    }
    return status;
}

static int run_one(size_t index, void *context, struct error *err)
{
    struct crew *crew = context;
    const struct session *session = crew->trials->session;
    struct trial *trial = &crew->trials->items[index];
    struct scenario scenario;
    struct trace_set own = {0};
    bool owns = false;
    pthread_mutex_lock(&crew->reading);
    int status = open_trial(session, trial, &scenario, &own, &owns, err);
    pthread_mutex_unlock(&crew->reading);
    if (!status) {
        status = session_simulate(session, &scenario, owns ? &own : &session->traces, NULL,
                                  &trial->figures, err);
        if (owns)
            trace_set_clean_up(&own);
        scenario_clean_up(&scenario);
    }
    if (status != STATUS_BAD_INPUT)
        return status;
    trial->refusal = memory_copy_text(err->text);
    return STATUS_OK;
}

static void tell(size_t done, void *context)
{
    struct crew *crew = context;
    progress_show(&crew->progress, done);
}

int trials_run(const struct trials *trials, struct error *err)
{
    struct crew crew = {.trials = trials,
                        .progress = progress_begin(trials->command, trials->count),
                        .reading = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER};
    const struct parallel_work work = {.count = trials->count,
                                       .threads = trials->threads,
                                       .context = &crew,
                                       .piece = run_one,
                                       .progress = tell};
    int status = parallel_run(&work, err);
    progress_end(&crew.progress);
    pthread_mutex_destroy(&crew.reading);
    return status;
}

void trial_clean_up(struct trial *trial)
{
    free(trial->refusal);
    trial->refusal = NULL;
}

int trials_threads(const char *text, size_t *out_threads, struct error *err)
{
    enum { THREADS_MAX = 1024 };
    if (!text)
        return STATUS_OK;
    char *end = NULL;
    errno = 0;
    unsigned long long threads = strtoull(text, &end, 10);
    if (errno || end == text || *end || text[0] == '-' || threads > THREADS_MAX)
        return error_set(err, STATUS_BAD_INPUT,
                         "--threads %s: must be a whole number from 0 (one for each core) to %d",
                         text, THREADS_MAX);
    *out_threads = (size_t)threads;
    return STATUS_OK;
}
