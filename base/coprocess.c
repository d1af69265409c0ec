#include "base/coprocess.h"

#include "base/child.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    GRACE_MS = 1000,   /* to end once it is told nothing more; then it is killed */
    ENDING_MS = 10000, /* to end once it has closed its output: its end says why, and where the
                          machine has much else to do a second passes between the two */
    BLOCK = 65536,
};

struct coprocess {
    pid_t pid;  /* 0: it is gone */
    int status; /* as waitpid told it */
    int to;     /* -1: it takes no more */
    int from;
    char *answer; /* what came, from `taken` to `size` */
    size_t taken;
    size_t size;
    size_t capacity;
};

/* ---- beginning and end ------------------------------------------------------------------------
 */

static int spawn(struct coprocess *process, const char *command, int its_input, int its_output)
{
    char shell[] = "sh";
    char option[] = "-c";
    char *text = memory_copy_text(command);
    char *const arguments[] = {shell, option, text, NULL};
    const struct child_spec spec = {.program = "/bin/sh",
                                    .arguments = arguments,
                                    .environment = environ,
                                    .input = its_input,
                                    .output = its_output,
                                    .group = true};
    int cause = child_start(&process->pid, &spec);
    free(text);
    return cause;
}

int coprocess_start(struct coprocess **out, const char *command, struct error *err)
{
    struct coprocess *process = memory_new(1, sizeof *process);
    int input[2] = {-1, -1};
    int output[2] = {-1, -1};
    int cause = pipe2(input, O_CLOEXEC) || pipe2(output, O_CLOEXEC) ? errno : 0;
    if (!cause)
        cause = spawn(process, command, input[0], output[1]);
    if (input[0] >= 0)
        close(input[0]);
    if (output[1] >= 0)
        close(output[1]);
    process->to = input[1];
    process->from = output[0];
    if (cause) {
        process->pid = 0;
        coprocess_end(process);
        return error_set(err, STATUS_FAILURE, "it cannot be started: %s", strerror(cause));
    }
    fcntl(process->to, F_SETFL, O_NONBLOCK);
    fcntl(process->from, F_SETFL, O_NONBLOCK);
    *out = process;
    return STATUS_OK;
}

/* Whether it ends within so long; if so it is gone. */
static bool has_ended(struct coprocess *process, int64_t within_ms)
{
    if (process->pid && !child_ends(process->pid, within_ms, &process->status))
        return false;
    process->pid = 0;
    return true;
}

void coprocess_end(struct coprocess *process)
{
    if (!process)
        return;
    if (process->to >= 0)
        close(process->to);
    if (process->from >= 0)
        close(process->from);
    if (!has_ended(process, GRACE_MS))
        child_kill(-process->pid);
    free(process->answer);
    free(process);
}

/* ---- a question -------------------------------------------------------------------------------
 */

/* write() to a pipe whose reader is gone, without its signal. Returns what write() does. */
static ssize_t write_quietly(int file, const char *bytes, size_t count)
{
    sigset_t pipe;
    sigset_t before;
    sigset_t pending;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    sigpending(&pending);
    pthread_sigmask(SIG_BLOCK, &pipe, &before);
    ssize_t written = write(file, bytes, count);
    int cause = errno;
    if (written < 0 && cause == EPIPE && !sigismember(&pending, SIGPIPE)) {
        const struct timespec none = {0};
        while (sigtimedwait(&pipe, NULL, &none) < 0 && errno == EINTR)
            continue;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = cause;
    return written;
}

/* `left_ms` of the time to answer are left, which its end is waited for no longer than. */
static int say_ended(struct coprocess *process, int64_t left_ms, struct error *err)
{
    int64_t within_ms = left_ms > ENDING_MS ? ENDING_MS : left_ms;
    if (!has_ended(process, within_ms < GRACE_MS ? GRACE_MS : within_ms))
        return error_set(err, STATUS_FAILURE, "it closed its output instead of answering");
    if (WIFSIGNALED(process->status))
        return error_set(err, STATUS_FAILURE, "it ended by signal %d (%s) instead of answering",
                         WTERMSIG(process->status), strsignal(WTERMSIG(process->status)));
    return error_set(err, STATUS_FAILURE, "it ended with exit code %d instead of answering",
                     WEXITSTATUS(process->status));
}

/* Read what there is. Sets *out_ended at the end of its output. */
static int take_in(struct coprocess *process, bool *out_ended, struct error *err)
{
    if (process->size + BLOCK > process->capacity) {
        process->capacity = process->size + BLOCK;
        process->answer = memory_resize(process->answer, process->capacity + 1, 1);
    }
    ssize_t count = read(process->from, process->answer + process->size, BLOCK);
    if (count < 0 && errno != EAGAIN && errno != EINTR)
        return error_set(err, STATUS_FAILURE, "its answer cannot be read: %s", strerror(errno));
    *out_ended = count == 0;
    if (count > 0)
        process->size += (size_t)count;
    if (process->size > COPROCESS_LINE_MAX)
        return error_set(err, STATUS_FAILURE, "its answer is longer than %d bytes",
                         COPROCESS_LINE_MAX);
    return STATUS_OK;
}

/* Hand over what can be of the rest of the line. A reader that is gone will be told by its output.
 */
static void hand_over(struct coprocess *process, const char **rest, size_t *left)
{
    ssize_t written = write_quietly(process->to, *rest, *left);
    if (written >= 0) {
        *rest += written;
        *left -= (size_t)written;
    } else if (errno != EAGAIN && errno != EINTR) {
        *left = 0;
    }
}

static int exchange(struct coprocess *process, const char *line, int64_t limit_ms,
                    struct error *err)
{
    int64_t until_ms = monotonic_ms() + limit_ms;
    size_t left = strlen(line);
    while (left || !memchr(process->answer ? process->answer : "", '\n', process->size)) {
        struct pollfd files[] = {{.fd = process->from, .events = POLLIN},
                                 {.fd = left ? process->to : -1, .events = POLLOUT}};
        int64_t wait_ms = until_ms - monotonic_ms();
        int ready =
            wait_ms > 0 ? poll(files, 2, wait_ms > INT32_MAX ? INT32_MAX : (int)wait_ms) : 0;
        bool ended = false;
        if (ready == 0)
            return error_set(err, STATUS_FAILURE, "it had not answered within %" PRId64 " s",
                             limit_ms / 1000);
        if (ready < 0 && errno != EINTR)
            return error_set(err, STATUS_FAILURE, "it cannot be waited for: %s", strerror(errno));
        if (ready > 0 && files[1].revents)
            hand_over(process, &line, &left);
        int status = ready > 0 && files[0].revents ? take_in(process, &ended, err) : STATUS_OK;
        if (status)
            return status;
        if (ended)
            return say_ended(process, until_ms - monotonic_ms(), err);
    }
    return STATUS_OK;
}

int coprocess_ask(struct coprocess *process, const char *line, int64_t limit_ms,
                  const char **out_line, struct error *err)
{
    if (process->taken) {
        memmove(process->answer, process->answer + process->taken, process->size - process->taken);
        process->size -= process->taken;
        process->taken = 0;
    }
    if (process->size)
        return error_set(err, STATUS_FAILURE,
                         "it printed more than one line for an answer: what is not one belongs on "
                         "standard error");
    char *whole = memory_format("%s\n", line);
    int status = exchange(process, whole, limit_ms, err);
    free(whole);
    if (status)
        return status;
    char *end = memchr(process->answer, '\n', process->size);
    process->taken = (size_t)(end - process->answer) + 1;
    *end = '\0';
    if (strlen(process->answer) + 1 != process->taken)
        return error_set(err, STATUS_FAILURE, "its answer has a NUL in it");
    *out_line = process->answer;
    return STATUS_OK;
}
