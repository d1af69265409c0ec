/* A space of points: dimensions, each with its values, and which combinations of them are points.
 *
 * A dimension varies one path of a scenario, or several together:
 *
 *     PATH=a,b,c            a list; commas within brackets, braces and quotes do not part
 *     PATH=from:to:step     exact decimals; the range ends on `to`, or is refused
 *     PATH=log:from:to:n    n values, each in the same proportion to the one before; whole where
 *                           both ends are, else to six decimals; those that fall together are one
 *     P,Q=a..x,b..y         two or more paths, one part each
 *     P,Q=A..B:len[:step]   windows of `len` from time A on, one each `step` (else `len`), as many
 *                           as end by B; 90s, 15m, 6h, 14d
 *
 * The path `policy` takes NAME[:PRESET][+MODIFIER]... Values are set in the order of the paths. A
 * point is one value of each dimension.
 * Points are numbered from 0: of a full grid the last dimension varies fastest; drawn ones in the
 * order drawn. What is drawn depends on the seed, the number of points and of values, and on
 * nothing else.
 */
#ifndef STUDY_GRID_H
#define STUDY_GRID_H

#include "base/error.h"
#include "base/text.h"

#include <stddef.h>
#include <stdint.h>

enum { GRID_POINTS_MAX = 1000000 }; /* of one space */

struct grid_dimension {
    char *name;   /* "from,to": what stands before the equals sign */
    char **paths; /* the same, parted */
    size_t path_count;
    char **values; /* value_count rows of path_count texts */
    size_t value_count;
};

struct grid {
    struct grid_dimension *dimensions;
    size_t dimension_count;
    size_t point_count; /* grid_draw */
    uint32_t *drawn;    /* values of each point, dimension by dimension; NULL: the full grid */
};

/* Add a dimension. A path that is varied already, or within which one is, a value that stands twice
 * and what none of the forms above allows are STATUS_BAD_INPUT, one line that names the dimension
 * and the value. */
int grid_add(struct grid *grid, const char *vary, struct error *err);

/* Once all dimensions are there: what the points are. `sample` is NULL (the full grid), "random:N"
 * (each value as likely as another, points that fall together are drawn again) or "lhs:N" (a Latin
 * hypercube: along each dimension the N points are spread evenly over its values). */
int grid_draw(struct grid *grid, const char *sample, uint64_t seed, struct error *err);

/* How many paths are varied, of all dimensions together. */
size_t grid_path_count(const struct grid *grid);

/* The number of each dimension's value at this point. */
void grid_point(const struct grid *grid, size_t point, size_t *out_values);

/* One value as the user may write it: "2015-03-01..2015-04-01". */
void grid_add_value(const struct grid_dimension *dimension, size_t value, struct text *out);
/* A point in words: "policy.parameters.window_s=600, seed=2". */
void grid_add_point(const struct grid *grid, size_t point, struct text *out);

/* ---- a drawn space that grows ------------------------------------------------------------------
 */

/* Before it grows: keep the points as a list also where they are the full grid. */
void grid_list_points(struct grid *grid);
/* One more value of a dimension of one path, at the end: its number. */
size_t grid_grow_value(struct grid_dimension *dimension, const char *text);
/* One more point, at the end; those that are there keep their numbers. */
void grid_grow_point(struct grid *grid, const size_t *values);
/* Take the last point back. */
void grid_drop_point(struct grid *grid);
/* Number a dimension's values anew: the i-th is to be what was the order[i]-th. Points stay what
 * they are. */
void grid_order_values(struct grid *grid, size_t dimension, const size_t *order);

void grid_clean_up(struct grid *grid);

#endif
