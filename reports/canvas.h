/* What a picture is drawn on: how a script for gnuplot begins, and what every picture has in
 * common. Inside reports/ only.
 *
 * A script holds numbers and words of this program's; a name from a scenario gets into it only by
 * plot_add_name. */
#ifndef REPORTS_CANVAS_H
#define REPORTS_CANVAS_H

#include "picture.h"
#include "run_plot.h"

/* What stands for something in a picture. */
struct canvas_key {
    const char *colour; /* NULL ends a list */
    char mark;          /* what a terminal shows */
    const char *what;
};

enum { CANVAS_KEYS_MOST = 5 };

/* Pixels above and below a picture that stands alone, for its title and its key. */
enum { CANVAS_ABOVE = 58, CANVAS_BELOW = 36 };

/* The terminal, and axes without their ranges. `height` is the picture's own, in pixels, where the
 * canvas has none. */
void canvas_begin(const struct canvas *canvas, int height, struct text *script);

/* The x axis: time from from_s to to_s. */
void canvas_time_axis(const struct canvas *canvas, int64_t from_s, int64_t to_s,
                      struct text *script);

/* `set title`: a heading and the name of what it is of; nothing on a page or a terminal, where
 * these stand above. */
void canvas_title(const struct canvas *canvas, const char *heading, const char *name,
                  struct text *script);

/* A key of a picture that stands alone, to be added to the list of a `plot`. */
void canvas_add_keys(const struct canvas *canvas, const struct canvas_key *keys,
                     struct text *script);

/* Tics of the y axis from 0 on, at steps of 1, 2 or 5 times a power of ten. */
void canvas_tics(struct text *script, int64_t top, int most);

#endif
