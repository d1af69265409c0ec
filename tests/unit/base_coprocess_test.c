/* A command that answers lines: whatever it does instead of answering is said, and nothing is left
 * of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/coprocess.h"
#include "base/memory.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <time.h>

enum { LIMIT_MS = 60000 };

static void nothing_is_left(void)
{
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

static void it_answers_line_by_line(void **state)
{
    (void)state;
    struct coprocess *process = NULL;
    struct error err = {0};
    const char *answer = NULL;
    assert_int_equal(coprocess_start(&process, "while read -r l; do echo \"<$l>\"; done", &err), 0);
    assert_int_equal(coprocess_ask(process, "one", LIMIT_MS, &answer, &err), STATUS_OK);
    assert_string_equal(answer, "<one>");
    assert_int_equal(coprocess_ask(process, "", LIMIT_MS, &answer, &err), STATUS_OK);
    assert_string_equal(answer, "<>");
    coprocess_end(process);
    nothing_is_left();
}

/* Longer than a pipe holds, in both directions at once. */
static void a_long_line_comes_through(void **state)
{
    (void)state;
    enum { LENGTH = 300000 };
    struct coprocess *process = NULL;
    struct error err = {0};
    const char *answer = NULL;
    char *line = memory_new(LENGTH + 1, 1);
    memset(line, 'x', LENGTH);
    assert_int_equal(coprocess_start(&process, "cat", &err), 0);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(coprocess_ask(process, line, LIMIT_MS, &answer, &err), STATUS_OK);
        assert_string_equal(answer, line);
    }
    coprocess_end(process);
    free(line);
    nothing_is_left();
}

static void expect(const char *command, int64_t limit_ms, const char *words)
{
    struct coprocess *process = NULL;
    struct error err = {0};
    const char *answer = NULL;
    assert_int_equal(coprocess_start(&process, command, &err), STATUS_OK);
    int status = coprocess_ask(process, "one", limit_ms, &answer, &err);
    if (!status) /* the second answer shows it */
        status = coprocess_ask(process, "two", limit_ms, &answer, &err);
    assert_int_equal(status, STATUS_FAILURE);
    if (!strstr(err.text, words))
        fail_msg("%s: \"%s\" does not say \"%s\"", command, err.text, words);
    coprocess_end(process);
    nothing_is_left();
}

static void what_it_does_instead_is_said(void **state)
{
    (void)state;
    expect("exit 7", LIMIT_MS, "exit code 7");
    expect("read -r l; kill -9 $$", LIMIT_MS, "signal 9");
    expect("read -r l; echo one; exit 0", LIMIT_MS, "exit code 0");
    expect("read -r l; printf 'half a line'", LIMIT_MS, "exit code 0");
    expect("read -r l; printf 'one\\ntwo\\n'; cat", LIMIT_MS, "more than one line");
    expect("read -r l; printf 'a\\0b\\n'; cat", LIMIT_MS, "NUL");
    expect("head -c 2000000 /dev/zero; cat", LIMIT_MS, "longer than");
    expect("sleep 60", 1000, "within 1 s");
    expect("no-such-command-anywhere 2>&-", LIMIT_MS, "exit code 127");
    /* How it ends is waited for, as on a machine that has much else to do; but not without end. */
    expect("exec >&-; sleep 2; exit 5", LIMIT_MS, "exit code 5");
    expect("read -r l; exec >&-; sleep 60", LIMIT_MS, "closed its output");
}

/* Whoever adopted it may not have waited for it yet. */
static bool is_gone(pid_t pid)
{
    char *path = memory_format("/proc/%d/stat", (int)pid);
    bool gone = false;
    for (int i = 0; i < 6000 && !gone; i++) {
        FILE *file = fopen(path, "r");
        char line[256] = "";
        gone = !file || !fgets(line, sizeof line, file) || strstr(line, ") Z");
        if (file)
            fclose(file);
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    free(path);
    return gone;
}

/* What does not end by itself is killed with all that it started. */
static void it_is_ended_with_what_it_started(void **state)
{
    (void)state;
    struct coprocess *process = NULL;
    struct error err = {0};
    const char *answer = NULL;
    assert_int_equal(
        coprocess_start(&process, "sleep 60 & echo $!; trap '' HUP; read -r l; sleep 60", &err), 0);
    assert_int_equal(coprocess_ask(process, "", LIMIT_MS, &answer, &err), STATUS_OK);
    pid_t started = (pid_t)strtol(answer, NULL, 10);
    coprocess_end(process);
    nothing_is_left();
    assert_true(is_gone(started));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_answers_line_by_line),
        cmocka_unit_test(a_long_line_comes_through),
        cmocka_unit_test(what_it_does_instead_is_said),
        cmocka_unit_test(it_is_ended_with_what_it_started),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
