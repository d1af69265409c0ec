#include "points_writer.h"

#include "base/child.h"

#include <pthread.h>
#include <signal.h>

enum { COMMIT_EVERY_MS = 1000 };

static int commit(struct points_writer *writer, struct error *err)
{
    if (!writer->open)
        return STATUS_OK;
    writer->open = false;
    return points_commit(writer->results, err);
}

int points_writer_add(struct points_writer *writer, const char *key, const struct figures *figures,
                      struct error *err)
{
    int status = STATUS_OK;
    if (!writer->open) {
        status = points_begin(writer->results, err);
        if (status)
            return status;
        writer->open = true;
        writer->committed_ms = monotonic_ms();
    }
    status = points_add(writer->results, key, figures, err);
    if (!status && monotonic_ms() - writer->committed_ms >= COMMIT_EVERY_MS)
        status = commit(writer, err);
    return status;
}

int points_writer_end(struct points_writer *writer, int status, struct error *err)
{
    struct error second = {0};
    int committed = commit(writer, &second);
    if (status || !committed)
        return status;
    *err = second;
    return committed;
}

static sigset_t ends(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    return set;
}

void interrupts_block(void)
{
    const sigset_t blocked = ends();
    pthread_sigmask(SIG_BLOCK, &blocked, NULL);
}

bool interrupts_pending(void *unused)
{
    (void)unused;
    sigset_t pending;
    return sigpending(&pending) == 0 &&
           (sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1);
}
