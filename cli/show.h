/* Numbers and sentences as people read them. Numbers: exact, rounded half to even, never through
 * floating point. */
#ifndef CLI_SHOW_H
#define CLI_SHOW_H

#include "base/decimal.h"

#include <stdio.h>

enum { SHOW_SIZE = 64 };

/* Millionths as "1,234.57" (two decimals). Returns out. */
char *show_micro(int128 micro, char out[SHOW_SIZE]);
/* micro-USD likewise. */
char *show_usd(int128 micro_usd, char out[SHOW_SIZE]);
/* micro-unit-seconds as unit-hours, "12,345.67". */
char *show_unit_hours(int128 micro_unit_s, char out[SHOW_SIZE]);
/* part / whole in percent, "12.34 %"; "-" if whole is 0. */
char *show_percent(int128 part, int128 whole, char out[SHOW_SIZE]);
/* Seconds as "3 h 12 min 5 s", without the parts that are 0: "24 h", "0 s". */
char *show_duration(int64_t seconds, char out[SHOW_SIZE]);
/* An integer with thousands apart. */
char *show_count(int128 value, char out[SHOW_SIZE]);

/* "HEAD text...": wrapped at 80 columns, further lines indented to stand under the text. Columns
 * are characters of UTF-8. */
void show_wrapped(FILE *out, const char *head, const char *text);

#endif
