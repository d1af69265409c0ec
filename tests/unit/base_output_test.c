/* Files that are written whole or not at all, and what is left of those that are not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/output.h"

static int enter_folder(void **state)
{
    char *folder = strdup("/tmp/ballast-output-XXXXXX");
    *state = folder;
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int leave_folder(void **state)
{
    DIR *listing = opendir(".");
    for (struct dirent *entry = readdir(listing); entry; entry = readdir(listing)) {
        if (entry->d_name[0] != '.')
            unlink(entry->d_name);
    }
    closedir(listing);
    int left = chdir("/") || rmdir(*state);
    free(*state);
    return left;
}

static size_t files(void)
{
    size_t count = 0;
    DIR *listing = opendir(".");
    for (struct dirent *entry = readdir(listing); entry; entry = readdir(listing))
        count += entry->d_name[0] != '.';
    closedir(listing);
    return count;
}

static void holds(const char *path, const char *text)
{
    char read[100] = "";
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t size = fread(read, 1, sizeof read - 1, file);
    fclose(file);
    read[size] = '\0';
    assert_string_equal(read, text);
}

static void begin(struct output *output, const char *path, const char *text)
{
    struct error err = {0};
    if (output_begin(output, path, &err))
        fail_msg("%s", err.text);
    assert_true(fputs(text, output->file) >= 0 && fflush(output->file) == 0);
}

static bool has_nameless_files(void)
{
    int file = open(".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
    if (file >= 0)
        close(file);
    return file >= 0;
}

static void nothing_is_left_of_who_is_killed(void **state)
{
    (void)state;
    if (!has_nameless_files())
        skip();
    assert_int_equal(output_write("page", "old", 3, NULL), STATUS_OK);
    pid_t child = fork();
    if (child == 0) {
        struct output output;
        if (!output_begin(&output, "page", NULL) && fputs("half", output.file) >= 0 &&
            fflush(output.file) == 0)
            kill(getpid(), SIGKILL);
        _exit(1);
    }
    int ended = 0;
    assert_true(waitpid(child, &ended, 0) == child);
    assert_true(WIFSIGNALED(ended));
    assert_int_equal(files(), 1);
    holds("page", "old");
}

static void what_was_there_is_replaced_with_its_rights(void **state)
{
    (void)state;
    struct output output;
    mode_t mask = umask(027);
    begin(&output, "./page", "first");
    assert_int_equal(output_end(&output, STATUS_OK, NULL), STATUS_OK);
    umask(mask);
    struct stat info;
    assert_true(stat("page", &info) == 0 && (info.st_mode & 07777) == 0640);
    assert_int_equal(chmod("page", 0604), 0);
    begin(&output, "page", "second");
    holds("page", "first");
    assert_int_equal(output_end(&output, STATUS_OK, NULL), STATUS_OK);
    holds("page", "second");
    assert_true(stat("page", &info) == 0 && (info.st_mode & 07777) == 0604);
    assert_int_equal(files(), 1);
}

static void what_failed_is_forgotten(void **state)
{
    (void)state;
    struct output output;
    begin(&output, "page", "half");
    assert_int_equal(output_end(&output, STATUS_FAILURE, NULL), STATUS_FAILURE);
    assert_int_equal(files(), 0);
    /* A folder took its place meanwhile. */
    struct error err = {0};
    begin(&output, "page", "half");
    assert_int_equal(mkdir("page", 0777), 0);
    assert_int_equal(output_end(&output, STATUS_OK, &err), STATUS_FAILURE);
    assert_non_null(strstr(err.text, "page: cannot be written"));
    assert_int_equal(files(), 1);
    assert_int_equal(rmdir("page"), 0);
    assert_int_equal(output_begin(&output, "nowhere/page", &err), STATUS_BAD_INPUT);
    assert_non_null(strstr(err.text, "nowhere/page: there is no folder nowhere: make it"));
    /* The folder one is in, and the root, need not be named. */
    assert_int_equal(output_check_folder("page", &err), STATUS_OK);
    assert_int_equal(output_check_folder("/page", &err), STATUS_OK);
    assert_int_equal(output_check_folder("./page", &err), STATUS_OK);
}

static void who_comes_together_takes_names_of_their_own(void **state)
{
    (void)state;
    struct output first;
    struct output second;
    assert_int_equal(symlink("elsewhere", "page.new"), 0);
    begin(&first, "page", "first");
    begin(&second, "page", "second");
    assert_int_equal(output_end(&second, STATUS_OK, NULL), STATUS_OK);
    holds("page", "second");
    assert_int_equal(output_end(&first, STATUS_OK, NULL), STATUS_OK);
    holds("page", "first");
    assert_int_equal(files(), 2);
    assert_int_not_equal(access("elsewhere", F_OK), 0);
}

static void an_obstacle_is_told(void **state)
{
    (void)state;
    assert_string_equal(output_obstacle("nowhere/page", "else"), "No such file or directory");
    assert_string_equal(output_obstacle("page", "else"), "else");
    assert_int_equal(output_write("page", "", 0, NULL), STATUS_OK);
    assert_string_equal(output_obstacle("page", "else"), "else");
    assert_string_equal(output_obstacle("page/page", "else"), "Not a directory");
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, enter_folder, leave_folder)
    const struct CMUnitTest tests[] = {
        CASE(nothing_is_left_of_who_is_killed),
        CASE(what_was_there_is_replaced_with_its_rights),
        CASE(what_failed_is_forgotten),
        CASE(who_comes_together_takes_names_of_their_own),
        CASE(an_obstacle_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
