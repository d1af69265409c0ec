#include "gnuplot.h"

#include "base/child.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { BLOCK = 65536 };

/* The script goes through a file that has no name, so that neither side waits for the other. */
static int script_file(const char *script, size_t size)
{
    int file = memfd_create("gnuplot", MFD_CLOEXEC);
    size_t done = 0;
    ssize_t count = file < 0 ? 0 : 1;
    for (; count > 0 && done < size; done += (size_t)(count > 0 ? count : 0))
        count = write(file, script + done, size - done);
    if (file < 0 || (done == size && lseek(file, 0, SEEK_SET) == 0))
        return file;
    close(file);
    return -1;
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
    static char *const arguments[] = {(char *)"gnuplot", NULL};
    static char *const environment[] = {(char *)"LC_ALL=C", (char *)"TZ=UTC", NULL};
    int ends[2];
    pid_t child = 0;
    int file = script_file(script, size);
    if (file < 0 || pipe2(ends, O_CLOEXEC) != 0) {
        if (file >= 0)
            close(file);
        return error_set(err, STATUS_FAILURE, "gnuplot cannot be run: %s", strerror(errno));
    }
    const struct child_spec spec = {.program = "gnuplot",
                                    .arguments = arguments,
                                    .environment = environment,
                                    .input = file,
                                    .output = ends[1],
                                    .quiet = true};
    int failed = child_start(&child, &spec);
    close(ends[1]);
    close(file);
    if (!failed)
        take_all(ends[0], out);
    close(ends[0]);
    if (failed == ENOENT)
        return error_set(err, STATUS_FAILURE,
                         "gnuplot is not installed, which draws the pictures: install it (Debian: "
                         "gnuplot-nox)");
    if (failed)
        return error_set(err, STATUS_FAILURE, "gnuplot cannot be run: %s", strerror(failed));
    if (child_wait(child) != 0 || out->size == 0)
        return error_set(err, STATUS_FAILURE, "gnuplot drew nothing: is it 5.0 or newer?");
    return text_status(out, err);
}
