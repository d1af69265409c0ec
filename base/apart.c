#include "base/apart.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

/* By the clock a limit is so many times what it is of a processor's time, but not more than so much
 * longer. */
enum { CLOCK_TIMES = 10, CLOCK_MORE_MS = 20000 };

void *apart_memory(size_t size)
{
    void *memory =
        mmap(NULL, size ? size : 1, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        fprintf(stderr, "ballast: out of memory\n");
        exit(STATUS_FAILURE);
    }
    return memory;
}

void apart_free(void *memory, size_t size)
{
    if (memory)
        munmap(memory, size ? size : 1);
}

static struct itimerval after(int64_t limit_ms)
{
    return (struct itimerval){
        .it_value = {.tv_sec = limit_ms / 1000, .tv_usec = limit_ms % 1000 * 1000}};
}

void apart_again(int64_t limit_ms)
{
    const struct itimerval computing = after(limit_ms);
    const struct itimerval waiting =
        after(limit_ms < CLOCK_MORE_MS / (CLOCK_TIMES - 1) ? limit_ms * CLOCK_TIMES
                                                           : limit_ms + CLOCK_MORE_MS);
    setitimer(ITIMER_PROF, &computing, NULL);
    setitimer(ITIMER_REAL, &waiting, NULL);
}

/* Whatever ends it ends it quietly: no handler of ours or of a sanitizer, no core. */
static void settle(int64_t limit_ms)
{
    static const int fatal[] = {SIGSEGV, SIGBUS, SIGFPE,  SIGILL, SIGABRT,
                                SIGTRAP, SIGSYS, SIGALRM, SIGPROF};
    sigset_t all;
    sigfillset(&all);
    for (size_t i = 0; i < ARRAY_LENGTH(fatal); i++)
        signal(fatal[i], SIG_DFL);
    sigprocmask(SIG_UNBLOCK, &all, NULL);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const struct rlimit none = {0};
    setrlimit(RLIMIT_CORE, &none);
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null >= 0) {
        dup2(null, STDOUT_FILENO);
        dup2(null, STDERR_FILENO);
    }
    apart_again(limit_ms);
}

int apart_do(void (*work)(void *context), void *context, int64_t limit_ms,
             struct apart_end *out_end, struct error *err)
{
    volatile bool *done = apart_memory(sizeof *done);
    *out_end = (struct apart_end){0};
    pid_t child = fork();
    if (child == 0) {
        settle(limit_ms);
        work(context);
        *done = true;
        _exit(0);
    }
    int status = STATUS_OK;
    int ended = 0;
    if (child < 0)
        status =
            error_set(err, STATUS_FAILURE, "no child process can be started: %s", strerror(errno));
    while (!status && waitpid(child, &ended, 0) < 0) {
        if (errno != EINTR)
            status = error_set(err, STATUS_FAILURE, "a child process is lost: %s", strerror(errno));
    }
    out_end->done = *done;
    if (!status && WIFSIGNALED(ended))
        out_end->signal = WTERMSIG(ended) == SIGPROF ? SIGALRM : WTERMSIG(ended);
    else if (!status)
        out_end->code = WEXITSTATUS(ended);
    apart_free((void *)done, sizeof *done);
    return status;
}

char *apart_words(const struct apart_end *end, char *out_text, size_t size)
{
    if (end->done)
        snprintf(out_text, size, "ended as it should");
    else if (end->signal == SIGALRM)
        snprintf(out_text, size, "had not ended within its time");
    else if (end->signal)
        snprintf(out_text, size, "ended by signal %d (%s)", end->signal,
                 sigdescr_np(end->signal) ? sigdescr_np(end->signal) : "unknown");
    else
        snprintf(out_text, size, "left the process with exit code %d", end->code);
    return out_text;
}
