/* The pictures of a run, drawn: each adds the data and the `plot` to a script whose canvas and time
 * axis are set. Inside reports/ only. */
#ifndef REPORTS_RUN_DRAWINGS_H
#define REPORTS_RUN_DRAWINGS_H

#include "canvas.h"
#include "run_data.h"
#include "run_prices.h"

struct drawing {
    const struct run_data *data;
    const struct run_prices *prices; /* NULL where they are not at hand, or not needed */
    const struct canvas *canvas;
    const struct canvas_key *keys;
};

/* As lines and areas (run_pictures.c). */
void draw_capacity(const struct drawing *drawing, struct text *script);
void draw_decisions(const struct drawing *drawing, struct text *script);
void draw_cost(const struct drawing *drawing, struct text *script);

/* One strip above another, for each pool (run_strips.c). */
int height_of_prices(const struct drawing *drawing);
int least_height_of_prices(size_t strips); /* of a picture that stands alone */
void draw_prices(const struct drawing *drawing, struct text *script);
void draw_prices_cells(const struct drawing *drawing, struct text *script);

/* As characters (run_terminal.c). */
void draw_capacity_cells(const struct drawing *drawing, struct text *script);
void draw_decisions_cells(const struct drawing *drawing, struct text *script);
void draw_cost_cells(const struct drawing *drawing, struct text *script);

#endif
