/* Pictures as they stand in a page. Inside reports/ only. */
#ifndef REPORTS_PICTURE_H
#define REPORTS_PICTURE_H

#include "base/error.h"
#include "base/text.h"

/* On light and on dark paper. */
#define BLUE   "#3b82f6"
#define ORANGE "#d97706"
#define RED    "#dc2626"
#define GREEN  "#059669"

/* What gnuplot draws of `script` (gnuplot.h), as a figure in the page: without a network, in the
 * page's own colours. `number` is another for each picture of a page; `what` says to those who
 * cannot see it what is drawn, in words of ours. */
int picture_add(struct text *page, const struct text *script, int number, const char *what,
                struct error *err);

/* What a colour stands for, for a caption. */
void picture_key(struct text *page, const char *colour, const char *what);

#endif
