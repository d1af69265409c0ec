/* A growable text, born with its limit: for building JSON, lines and SQL. Errors stick: after a
 * failed growth every call does nothing, and text_status tells once at the end. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/error.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct text {
    char *data; /* NUL-terminated once anything was added; may be NULL */
    size_t size;
    size_t capacity;
    size_t limit; /* bytes; 0 means 1 GiB */
    bool failed;
};

void text_add(struct text *text, const char *string);
void text_add_bytes(struct text *text, const char *bytes, size_t count);
void text_addf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* `string` as a JSON string, quoted and escaped; bytes that are not UTF-8 become U+FFFD. */
void text_add_json_string(struct text *text, const char *string);
/* STATUS_OK, or STATUS_FAILURE if anything did not fit. */
int text_status(const struct text *text, struct error *err);
void text_clean_up(struct text *text);

#endif
