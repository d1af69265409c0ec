/* Suggestions for misspelt words. */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include <stdbool.h>
#include <stddef.h>

/* The nearest to `word` of `words` (NULL-terminated) if it is near enough to suggest, else NULL. */
const char *nearest_word(const char *word, const char *const *words);

/* Whether `candidate`, of so many bytes, is nearer to `word` than *best (SIZE_MAX at first), and
 * near enough to suggest; *best is then its distance. */
bool nearer_word(const char *word, const char *candidate, size_t length, size_t *best);

#endif
