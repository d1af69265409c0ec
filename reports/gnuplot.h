/* gnuplot, through a pipe. */
#ifndef REPORTS_GNUPLOT_H
#define REPORTS_GNUPLOT_H

#include "base/error.h"
#include "base/text.h"

/* Run `script`, in which there is no text of a user's, and take what it draws. The program is the
 * first gnuplot on PATH; without one STATUS_FAILURE, one line that says so. */
int gnuplot_draw(const char *script, size_t size, struct text *out, struct error *err);

#endif
