#include "gnuplot.h"

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BLOCK = 65536 };

/* The script goes through a file that has no name, so that neither side waits for the other. */
static FILE *script_file(const char *script, size_t size)
{
    FILE *file = tmpfile();
    if (file && (fwrite(script, 1, size, file) != size || fflush(file) != 0)) {
        fclose(file);
        return NULL;
    }
    if (file)
        rewind(file);
    return file;
}

static int start(FILE *script, int output, pid_t *out_child)
{
    static char *const arguments[] = {(char *)"gnuplot", NULL};
    static char *const environment[] = {(char *)"LC_ALL=C", (char *)"TZ=UTC", NULL};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, fileno(script), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", 1, 0);
    int failed = posix_spawnp(out_child, "gnuplot", &actions, NULL, arguments, environment);
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

static void take_all(int from, struct text *out)
{
    char block[BLOCK];
    ssize_t count = 0;
    while ((count = read(from, block, sizeof block)) > 0 || (count < 0 && errno == EINTR)) {
        if (count > 0)
            text_add_bytes(out, block, (size_t)count);
    }
}

int gnuplot_draw(const char *script, size_t size, struct text *out, struct error *err)
{
    int ends[2];
    pid_t child = 0;
    int code = 0;
    FILE *file = script_file(script, size);
    if (!file || pipe(ends) != 0) {
        if (file)
            fclose(file);
        return error_set(err, STATUS_FAILURE, "gnuplot cannot be run: %s", strerror(errno));
    }
    int failed = start(file, ends[1], &child);
    close(ends[1]);
    fclose(file);
    if (!failed)
        take_all(ends[0], out);
    close(ends[0]);
    if (failed == ENOENT)
        return error_set(err, STATUS_FAILURE,
                         "gnuplot is not installed, which draws the pictures: install it (Debian: "
                         "gnuplot-nox)");
    if (failed)
        return error_set(err, STATUS_FAILURE, "gnuplot cannot be run: %s", strerror(failed));
    if (waitpid(child, &code, 0) != child || code != 0 || out->size == 0)
        return error_set(err, STATUS_FAILURE, "gnuplot drew nothing: is it 5.0 or newer?");
    return text_status(out, err);
}
