/* Time: int64_t seconds UTC since 1970-01-01T00:00:00Z, everywhere. Names end in `_s`.
 *
 * Nothing here reads a clock. Range accepted: years 1970 to 9999.
 */
#ifndef BASE_TIMESTAMP_H
#define BASE_TIMESTAMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TIMESTAMP_TEXT_SIZE = 21 }; /* "2015-05-08T18:32:48Z" and its NUL */

/* Read exactly `length` bytes as ISO 8601: date, 'T' (or 't' or one space), time with seconds,
 * optional fraction (any length; dropped, that is rounded down), then 'Z', +HH:MM, +HHMM or +HH (or
 * '-'). Without a zone it is read as UTC if `assume_utc`, else refused. A date alone
 * ("2015-05-08") is midnight UTC. Second 60 is refused. Returns true and sets *out_time_s, or
 * false. */
bool timestamp_parse(const char *text, size_t length, bool assume_utc, int64_t *out_time_s);

/* What is wrong with a text that timestamp_parse refuses, for an error line: "the time is before
 * 1970", "the time has no zone: ...". */
const char *timestamp_wrong(const char *text, size_t length, bool assume_utc);

/* Write "2015-05-08T18:32:48Z". Returns `out_text`. */
char *timestamp_format(int64_t time_s, char out_text[TIMESTAMP_TEXT_SIZE]);

/* Midnight UTC of a civil date. */
int64_t timestamp_from_civil(int year, int month, int day);

/* Floor to a multiple of `step_s` since the epoch; also right before 1970. */
static inline int64_t timestamp_floor(int64_t time_s, int64_t step_s)
{
    int64_t rest = time_s % step_s;
    return time_s - (rest < 0 ? rest + step_s : rest);
}

#endif
