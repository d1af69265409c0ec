/* Text wrapped for a terminal. */
#ifndef CLI_WRAP_H
#define CLI_WRAP_H

#include <stdio.h>

/* Print `text` wrapped at `width` columns. The cursor stands at column `indent`; further lines are
 * indented to it. A newline in the text begins a new paragraph's line; a line that begins with a
 * space is printed as it is. Ends with a newline. Columns are counted in characters of UTF-8. */
void wrap_print(FILE *out, const char *text, int indent, int width);

/* Columns that a UTF-8 text takes, one for each character. */
int wrap_columns(const char *text, size_t bytes);

#endif
