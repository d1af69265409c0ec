/* A picture made of characters. gnuplot draws its axes and puts each character in its place.
 * Inside reports/ only. */
#ifndef REPORTS_TERMINAL_H
#define REPORTS_TERMINAL_H

#include "base/decimal.h"
#include "canvas.h"

/* Characters beside the picture's field, and lines above and below it. */
enum { TERMINAL_LEFT = 9, TERMINAL_RIGHT = 6, TERMINAL_ABOVE = 1, TERMINAL_BELOW = 2 };

int terminal_width(const struct canvas *canvas);
int terminal_height(const struct canvas *canvas);
/* Of the field: its cells. */
int terminal_columns(const struct canvas *canvas);
int terminal_rows(const struct canvas *canvas);

struct cells {
    int columns;
    int rows; /* row 0 is the lowest */
    char *marks;
};

struct cells cells_new(const struct canvas *canvas);
void cells_clean_up(struct cells *cells);

/* Set a cell unless what is there comes later in `order`; outside of the field nothing is set. */
void cells_set(struct cells *cells, int column, int row, char mark, const char *order);

/* The column in which time_s is, of from_s to to_s. */
int cells_column(const struct cells *cells, int64_t time_s, int64_t from_s, int64_t to_s);

/* How many rows, above `base` of them, `value` fills of an axis from 0 to `top`; one at least where
 * there is any of it. */
int cells_filled(const struct cells *cells, int base, int128 value, int128 top);

/* `plot` all cells, in the keys' colours. The axes are from_s to to_s, and from 0, above `base`
 * rows, to `top` micro. */
void cells_plot(const struct cells *cells, const struct canvas_key *keys, int64_t from_s,
                int64_t to_s, int base, int128 top_micro, struct text *script);

/* What gnuplot wrote, without what only fills lines. */
void terminal_add(const struct text *drawn, struct text *out);
void terminal_add_keys(const struct canvas *canvas, const struct canvas_key *keys,
                       struct text *out);

#endif
