/* A user's words in a picture, without gnuplot ever seeing them: it gets stand-ins of the same
 * width, made of letters of ours, and in what it has drawn the words are put back, as text.
 */
#ifndef REPORTS_LABELS_H
#define REPORTS_LABELS_H

#include "base/text.h"

/* Zeroed is empty. */
struct labels {
    char **texts;
    size_t count;
    size_t capacity;
};

/* Add a stand-in to a script, in quotes. Of words longer than `most` characters the end is left off
 * (`most` is at least LABEL_LEAST). */
enum { LABEL_LEAST = 8 };
void labels_add(struct labels *labels, const char *words, size_t most, struct text *script);

/* What was drawn, with the words in it. */
void labels_fill(const struct labels *labels, const struct text *drawn, struct text *page);

/* Characters of a UTF-8 text. */
size_t labels_width(const char *words);

void labels_clean_up(struct labels *labels);

#endif
