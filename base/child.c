#include "base/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int64_t monotonic_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void set_attributes(posix_spawnattr_t *attributes, bool group)
{
    sigset_t none;
    sigset_t usual;
    sigemptyset(&none);
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    posix_spawnattr_setsigmask(attributes, &none);
    posix_spawnattr_setsigdefault(attributes, &usual);
    posix_spawnattr_setpgroup(attributes, 0);
    int flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
    posix_spawnattr_setflags(attributes, (short)(flags | (group ? POSIX_SPAWN_SETPGROUP : 0)));
}

int child_start(pid_t *out_child, const struct child_spec *spec)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    if (spec->input < 0)
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    else
        posix_spawn_file_actions_adddup2(&actions, spec->input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, spec->output, STDOUT_FILENO);
    if (spec->quiet)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    posix_spawnattr_init(&attributes);
    set_attributes(&attributes, spec->group);
    int cause = posix_spawnp(out_child, spec->program, &actions, &attributes, spec->arguments,
                             spec->environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return cause;
}

bool child_ends(pid_t child, int64_t limit_ms, int *out_how)
{
    int64_t until_ms = monotonic_ms() + limit_ms;
    *out_how = 0;
    for (;;) {
        pid_t ended = waitpid(child, out_how, WNOHANG);
        if (ended == child || (ended < 0 && errno != EINTR))
            return true;
        if (monotonic_ms() >= until_ms)
            return false;
        nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
    }
}

int child_wait(pid_t child)
{
    int how = 0;
    while (waitpid(child, &how, 0) < 0 && errno == EINTR)
        continue;
    return how;
}

void child_kill(pid_t child)
{
    kill(child, SIGKILL);
    child_wait(child < 0 ? -child : child);
}
