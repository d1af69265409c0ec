#include "progress.h"

#include "base/child.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { EVERY_MS = 200, LINE_SIZE = 200 };

/* Letters that fit into a line. One that was wrapped could not be taken away again. */
static int room(void)
{
    struct winsize size;
    bool known = ioctl(2, TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
    return known && size.ws_col <= LINE_SIZE ? size.ws_col - 1 : LINE_SIZE - 1;
}

struct progress progress_begin(const char *what, size_t total)
{
    int64_t now = monotonic_ms();
    return (struct progress){.what = what,
                             .units = "runs",
                             .total = total,
                             .shown = isatty(2),
                             .began_ms = now,
                             .last_ms = now};
}

void progress_show(struct progress *progress, size_t done)
{
    int64_t now = monotonic_ms();
    if (!progress->shown || now < progress->last_ms + EVERY_MS || done == 0)
        return;
    progress->last_ms = now;
    size_t spent_ms = (size_t)(now - progress->began_ms);
    int64_t left_s =
        (now - progress->began_ms) * (int64_t)(progress->total - done) / (int64_t)done / 1000;
    char line[LINE_SIZE];
    snprintf(line, sizeof line, "ballast %s: %zu of %zu %s, %lld a minute, about %lld s left%s%s",
             progress->what, done, progress->total, progress->units,
             (long long)(done * 60000 / spent_ms), (long long)left_s,
             progress->best ? ", best so far " : "", progress->best ? progress->best : "");
    fprintf(stderr, "\r\033[K%.*s", room(), line);
}

void progress_end(const struct progress *progress)
{
    if (progress->shown)
        fprintf(stderr, "\r\033[K");
}
