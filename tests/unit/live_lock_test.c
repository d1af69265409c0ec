/* One controller per fleet and group, whatever else it was given. */
#include "live_fixture.h"

#include "live/lock.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct fixture {
    char folder[64];
    char *environment[3];
    struct settings settings;
    struct live_lock first;
    struct live_lock second;
    struct error err;
};

static int open_fixture(void **state)
{
    struct fixture *f = memory_new(1, sizeof *f);
    strcpy(f->folder, "/tmp/ballast-lock-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    f->environment[0] = memory_format("AWS_REGION=us-east-1");
    f->environment[1] = memory_format("HOME=%s", f->folder);
    assert_int_equal(settings_read(&f->settings,
                                   &(struct settings_options){.endpoint_url = "http://127.0.0.1:1"},
                                   f->environment, &(struct live_log){0}, &f->err),
                     STATUS_OK);
    *state = f;
    return 0;
}

static int close_fixture(void **state)
{
    struct fixture *f = *state;
    settings_clean_up(&f->settings);
    assert_int_equal(rmdir(f->folder), 0); /* nothing is left behind */
    free(f->environment[0]);
    free(f->environment[1]);
    free(f);
    return 0;
}

static int take(struct fixture *f, struct live_lock *lock, const char *fleet, const char *group)
{
    return live_lock_take(lock, f->folder, &f->settings, fleet, group, &f->err);
}

static void one_of_a_fleet_and_group(void **state)
{
    struct fixture *f = *state;
    struct stat file;
    char holder[64];
    assert_int_equal(take(f, &f->first, "sfr-1", "grp"), STATUS_OK);
    assert_int_equal(stat(f->first.path, &file), 0);
    assert_int_equal(file.st_mode & 0777, 0600);
    assert_non_null(strstr(f->first.path, "/ballast-sfr-1-"));
    assert_int_equal(take(f, &f->second, "sfr-1", "grp"), STATUS_FAILURE);
    snprintf(holder, sizeof holder, "going on (process %lld)", (long long)getpid());
    assert_non_null(strstr(f->err.text, holder));
    live_lock_release(&f->second); /* does nothing */
    live_lock_release(&f->first);
    assert_int_equal(take(f, &f->second, "sfr-1", "grp"), STATUS_OK);
    live_lock_release(&f->second);
}

static void others_do_not_meet(void **state)
{
    struct fixture *f = *state;
    static const char *const others[][2] = {{"sfr-2", "grp"}, {"sfr-1", "other"}, {"../x", "grp"}};
    assert_int_equal(take(f, &f->first, "sfr-1", "grp"), STATUS_OK);
    for (size_t i = 0; i < ARRAY_LENGTH(others); i++) {
        assert_int_equal(take(f, &f->second, others[i][0], others[i][1]), STATUS_OK);
        live_lock_release(&f->second);
    }
    free(f->settings.endpoint_url);
    f->settings.endpoint_url = memory_copy_text("http://127.0.0.1:2");
    assert_int_equal(take(f, &f->second, "sfr-1", "grp"), STATUS_OK);
    live_lock_release(&f->second);
    live_lock_release(&f->first);
}

/* Its file stays, and keeps nobody away. */
static void a_killed_holder_holds_nothing(void **state)
{
    struct fixture *f = *state;
    int told[2];
    char byte = 0;
    assert_int_equal(pipe(told), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (take(f, &f->first, "sfr-1", "grp") == STATUS_OK && write(told[1], "x", 1) == 1)
            pause();
        _exit(1);
    }
    assert_int_equal(read(told[0], &byte, 1), 1);
    assert_int_equal(take(f, &f->second, "sfr-1", "grp"), STATUS_FAILURE);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(take(f, &f->second, "sfr-1", "grp"), STATUS_OK);
    live_lock_release(&f->second);
    close(told[0]);
    close(told[1]);
}

static void what_is_not_ours_is_left_alone(void **state)
{
    struct fixture *f = *state;
    char *elsewhere = memory_format("%s/elsewhere", f->folder);
    assert_int_equal(take(f, &f->first, "sfr-1", "grp"), STATUS_OK);
    char *path = memory_copy_text(f->first.path);
    live_lock_release(&f->first);
    assert_int_equal(symlink(elsewhere, path), 0);
    assert_int_equal(take(f, &f->first, "sfr-1", "grp"), STATUS_FAILURE);
    assert_non_null(strstr(f->err.text, path));
    assert_int_equal(access(elsewhere, F_OK), -1);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(take(f, &f->first, "sfr-1", "grp"), STATUS_FAILURE);
    assert_non_null(strstr(f->err.text, "is no file"));
    assert_int_equal(unlink(path), 0);
    if (geteuid() == 0) { /* only root can make a file of another's */
        int file = open(path, O_CREAT | O_WRONLY, 0644);
        assert_int_equal(fchown(file, 12345, 12345), 0);
        close(file);
        assert_int_equal(take(f, &f->first, "sfr-1", "grp"), STATUS_FAILURE);
        assert_non_null(strstr(f->err.text, "another user's (12345)"));
        assert_int_equal(unlink(path), 0);
    }
    free(path);
    free(elsewhere);
}

static void the_folder(void **state)
{
    struct fixture *f = *state;
    char *runtime = memory_format("XDG_RUNTIME_DIR=%s", f->folder);
    char *const given[] = {runtime, NULL};
    char *const none[] = {NULL};
    bool shared = access("/run/lock", W_OK | X_OK) == 0;
    assert_string_equal(live_lock_folder(given), shared ? "/run/lock" : f->folder);
    assert_string_equal(live_lock_folder(none), shared ? "/run/lock" : "/tmp");
    free(runtime);
}

int main(void)
{
#define WITH_FIXTURE(test) cmocka_unit_test_setup_teardown(test, open_fixture, close_fixture)
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(one_of_a_fleet_and_group),
        WITH_FIXTURE(others_do_not_meet),
        WITH_FIXTURE(a_killed_holder_holds_nothing),
        WITH_FIXTURE(what_is_not_ours_is_left_alone),
        WITH_FIXTURE(the_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
