/* The parts of a sweep's page. Inside reports/sweep_*.c only. */
#ifndef REPORTS_SWEEP_PARTS_H
#define REPORTS_SWEEP_PARTS_H

#include "page.h"
#include "sweep_axes.h"

enum sweep_figure { SWEEP_COST, SWEEP_UNFULFILLED, SWEEP_FIGURES };

int128 sweep_figure_of(const struct front_item *item, enum sweep_figure figure);
/* As a page shows it: USD, or unit-hours. */
void sweep_add_value(struct text *page, enum sweep_figure figure, int128 value);
/* "cost, USD" */
extern const char *const sweep_figure_names[SWEEP_FIGURES];

/* Each with its heading, caption and table. */
int sweep_picture(struct text *page, const struct sweep_data *data, const struct sweep_axes *axes,
                  enum sweep_figure figure, struct error *err);
int sweep_picture_front(struct text *page, const struct sweep_data *data, struct error *err);
int sweep_picture_matter(struct text *page, const struct sweep_data *data, struct error *err);

/* The figure over x and y as cells, or over x as a line (sweep_heat.c, sweep_line.c); `number` is
 * the picture's. */
int sweep_heat(struct text *page, const struct sweep_data *data, const struct sweep_axes *axes,
               enum sweep_figure figure, int number, struct error *err);
int sweep_line(struct text *page, const struct sweep_data *data, const struct sweep_axes *axes,
               enum sweep_figure figure, int number, struct error *err);

/* What of the points is told of a cell: the least of a figure, or the median (of an even number the
 * lower one). Cells are x, then y, then the panel, x the fastest. */
struct sweep_cell {
    bool any;
    int128 value;
};
struct sweep_cell *sweep_cells(const struct sweep_data *data, const struct sweep_axes *axes,
                               enum sweep_figure figure, size_t *out_count);

/* What was asked of ballast tune, and what it found: nothing of a sweep that was not tuned. */
void sweep_add_tunings(struct text *page, const struct sweep_data *data);
/* Of a point on the front, where one tuning was made of these points: it is the best; it does not
 * meet the conditions. */
bool sweep_is_best(const struct sweep_data *data, size_t point);
bool sweep_is_beyond(const struct sweep_data *data, size_t point);

/* Rows of points: `marks` may be NULL, and so may each of its texts. */
void sweep_table(struct text *page, const struct sweep_data *data, const size_t *points,
                 const char *const *marks, size_t count);

/* "set xtics (...)" of the steps of a dimension, shifted by panels (sweep_tics.c). */
struct labels;
void sweep_add_tics(const struct sweep_data *data, const struct sweep_axes *axes,
                    struct labels *labels, struct text *script);
/* Pixels that the words under the x axis need beyond a line; and those of a row of cells. */
size_t sweep_tics_height(const struct sweep_data *data, const struct sweep_axes *axes);
size_t sweep_row_height(size_t rows);
/* Where a column of a panel stands. */
void sweep_add_place(struct text *script, const struct sweep_axes *axes, size_t panel,
                     size_t column, int64_t shift_thousandths);
/* Draw, and put the words in. */
int sweep_add_picture(struct text *page, const struct text *script, const struct labels *labels,
                      int number, const char *what, struct error *err);

#endif
