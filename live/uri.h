/* Percent-encoding as AWS signs and sends it: A-Z a-z 0-9 - _ . ~ stay, every other byte is %XX in
 * upper case, a space %20. */
#ifndef LIVE_URI_H
#define LIVE_URI_H

#include "base/text.h"

#include <stddef.h>

void uri_encode(struct text *text, const char *bytes, size_t count);

/* Decode %XX in place; a percent sign without two hex digits stands for itself, and so does '+'.
 * Returns the new length; the text stays NUL-terminated. */
size_t uri_decode(char *text);

#endif
