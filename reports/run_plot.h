/* A single picture of a recorded run: the same that its page has, as a file or on a terminal. */
#ifndef REPORTS_RUN_PLOT_H
#define REPORTS_RUN_PLOT_H

#include "base/text.h"
#include "record/database.h"
#include "reports/run_market.h"

enum canvas_form {
    CANVAS_PAGE = 0, /* SVG within HTML, without words of its own */
    CANVAS_SVG,
    CANVAS_PNG,
    CANVAS_PDF,
    CANVAS_TERMINAL, /* lines of text */
};

struct canvas {
    enum canvas_form form;
    int width;    /* pixels, 96 to an inch; of a terminal, characters. 0: CANVAS_WIDTH or 80 */
    int height;   /* the same, or lines; 0: the picture's own */
    bool colours; /* of a terminal: ANSI's sequences */
};

enum { CANVAS_WIDTH = 960 };
enum { CANVAS_WIDTH_LEAST = 500, CANVAS_HEIGHT_LEAST = 240, CANVAS_PIXELS_MOST = 10000 };
enum { CANVAS_CHARACTERS_LEAST = 40, CANVAS_LINES_LEAST = 12, CANVAS_CHARACTERS_MOST = 500 };

/* By its name, or by a file's ending, "svg"; false for none of them. */
bool canvas_form_find(const char *name, enum canvas_form *out_form);

enum plot { PLOT_CAPACITY = 0, PLOT_DECISIONS, PLOT_COST, PLOT_PRICES, PLOT_COUNT };

struct plot_description {
    const char *name; /* "capacity" */
    const char *help;
};
extern const struct plot_description plot_descriptions[PLOT_COUNT];

/* False where there is none of that name. */
bool plot_find(const char *name, enum plot *out_plot);

/* Draw one of a run found by results_find; prices need its market, without which STATUS_BAD_INPUT.
 * What is appended is a whole file, or lines. Without gnuplot STATUS_FAILURE. The same run gives
 * the same SVG and the same lines; a PNG or PDF depends on gnuplot's version, too. */
int run_plot(struct results *results, const struct stored_run *run, enum plot plot,
             const struct run_market *market, const struct canvas *canvas, struct text *out,
             struct error *err);

/* Text as it can stand in a script's quotes and on a terminal: letters and digits of any
 * alphabet and a few marks without a meaning there; all else becomes a question mark. At most 100
 * characters. */
void plot_add_name(struct text *text, const char *name);

#endif
