#include "base/parallel.h"

#include "base/memory.h"

#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

struct crew {
    const struct parallel_work *work;
    pthread_mutex_t lock; /* of all below */
    size_t next;
    size_t done;
    size_t failed; /* lowest piece that failed, or SIZE_MAX */
    struct error error;
};

static void *work_off(void *argument)
{
    struct crew *crew = argument;
    const struct parallel_work *work = crew->work;
    pthread_mutex_lock(&crew->lock);
    while (crew->next < work->count && crew->failed == SIZE_MAX) {
        size_t index = crew->next++;
        pthread_mutex_unlock(&crew->lock);
        struct error error = {0};
        int status = work->piece(index, work->context, &error);
        pthread_mutex_lock(&crew->lock);
        if (status && index < crew->failed) {
            crew->failed = index;
            crew->error = error;
            crew->error.status = status;
        }
        crew->done++;
        if (work->progress)
            work->progress(crew->done, work->context);
    }
    pthread_mutex_unlock(&crew->lock);
    return NULL;
}

/* Those that this process may use: a scheduler gives a task some of the machine's. */
static size_t core_count(void)
{
    cpu_set_t ours;
    if (sched_getaffinity(0, sizeof ours, &ours) == 0)
        return (size_t)CPU_COUNT(&ours);
    long cores = sysconf(_SC_NPROCESSORS_ONLN); /* more than the set has room for */
    return cores > 0 ? (size_t)cores : 1;
}

static size_t thread_count(const struct parallel_work *work)
{
    size_t threads = work->threads ? work->threads : core_count();
    return threads < work->count ? threads : work->count;
}

int parallel_run(const struct parallel_work *work, struct error *err)
{
    struct crew crew = {
        .work = work, .lock = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER, .failed = SIZE_MAX};
    size_t wanted = thread_count(work);
    pthread_t *threads = memory_new(wanted, sizeof *threads);
    size_t started = 0;
    while (started + 1 < wanted && pthread_create(&threads[started], NULL, work_off, &crew) == 0)
        started++;
    work_off(&crew);
    for (size_t i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    free(threads);
    pthread_mutex_destroy(&crew.lock);
    if (crew.failed == SIZE_MAX)
        return STATUS_OK;
    if (err)
        *err = crew.error;
    return crew.error.status;
}
