#include "base/timestamp.h"

#include <stdio.h>

enum { SECONDS_PER_DAY = 86400 };

static const int64_t time_max_s = 253402300799; /* 9999-12-31T23:59:59Z */

int64_t timestamp_from_civil(int year, int month, int day)
{
    /* Days from civil, with March as the first month so that the leap day comes last. */
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return (era * 146097 + day_of_era - 719468) * SECONDS_PER_DAY;
}

static int days_in_month(int year, int month)
{
    static const int days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

/* Two digits; advances *at. */
static inline bool two_digits(const char **at, const char *end, int *out_value)
{
    if (end - *at < 2)
        return false;
    unsigned tens = (unsigned)(*at)[0] - '0';
    unsigned ones = (unsigned)(*at)[1] - '0';
    *at += 2;
    *out_value = (int)(tens * 10 + ones);
    return tens <= 9 && ones <= 9;
}

static inline bool literal(const char **at, const char *end, char c)
{
    if (*at == end || **at != c)
        return false;
    (*at)++;
    return true;
}

/* "Z", "+HH:MM", "+HHMM" or "+HH" up to the end of the text. */
static bool zone_offset(const char **at, const char *end, int *out_offset_s)
{
    if (literal(at, end, 'Z') || literal(at, end, 'z')) {
        *out_offset_s = 0;
        return true;
    }
    if (*at == end || (**at != '+' && **at != '-'))
        return false;
    int sign = **at == '-' ? -1 : 1;
    (*at)++;
    int hours = 0;
    int minutes = 0;
    if (!two_digits(at, end, &hours))
        return false;
    if (*at != end) {
        literal(at, end, ':');
        if (!two_digits(at, end, &minutes))
            return false;
    }
    if (hours > 23 || minutes > 59)
        return false;
    *out_offset_s = sign * (hours * 3600 + minutes * 60);
    return true;
}

static bool read_date(const char **at, const char *end, int *year, int *month, int *day)
{
    int century = 0;
    bool read = two_digits(at, end, &century) && two_digits(at, end, year) &&
                literal(at, end, '-') && two_digits(at, end, month) && literal(at, end, '-') &&
                two_digits(at, end, day);
    *year += century * 100;
    return read;
}

static bool read_clock(const char **at, const char *end, int *hour, int *minute, int *second)
{
    if (!literal(at, end, 'T') && !literal(at, end, 't') && !literal(at, end, ' '))
        return false;
    if (!two_digits(at, end, hour) || !literal(at, end, ':') || !two_digits(at, end, minute) ||
        !literal(at, end, ':') || !two_digits(at, end, second))
        return false;
    if (!literal(at, end, '.'))
        return true;
    const char *fraction = *at;
    while (*at != end && **at >= '0' && **at <= '9')
        (*at)++;
    return *at != fraction;
}

/* NULL, or what is wrong. */
static const char *read_time(const char *text, size_t length, bool assume_utc, int64_t *out_time_s)
{
    static const char no_form[] = "the time is not ISO 8601, such as 2015-03-12T00:00:00Z";
    const char *at = text;
    const char *end = text + length;
    int year = 0;
    int month = 0;
    int day = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
    int offset_s = 0;
    bool zone = true;
    if (!read_date(&at, end, &year, &month, &day))
        return no_form;
    if (at != end) {
        if (!read_clock(&at, end, &hour, &minute, &second))
            return no_form;
        zone = at != end;
        if (zone && (!zone_offset(&at, end, &offset_s) || at != end))
            return no_form;
    }
    if (month < 1 || month > 12 || day < 1 || day > days_in_month(year, month) || hour > 23 ||
        minute > 59 || second > 59)
        return "there is no such time";
    if (!zone && !assume_utc)
        return "the time has no zone: end it with Z if it is UTC";
    int64_t time_s =
        timestamp_from_civil(year, month, day) + hour * 3600 + minute * 60 + second - offset_s;
    if (time_s < 0)
        return "the time is before 1970";
    if (time_s > time_max_s)
        return "the time is after 9999";
    *out_time_s = time_s;
    return NULL;
}

bool timestamp_parse(const char *text, size_t length, bool assume_utc, int64_t *out_time_s)
{
    /* An empty field may have no text at all. */
    return length > 0 && !read_time(text, length, assume_utc, out_time_s);
}

const char *timestamp_wrong(const char *text, size_t length, bool assume_utc)
{
    int64_t time_s = 0;
    const char *wrong = length ? read_time(text, length, assume_utc, &time_s) : "there is no time";
    return wrong ? wrong : "the time is fine";
}

/* `count` digits and the byte behind them; returns what follows. */
static char *put(char *at, unsigned value, int count, char behind)
{
    for (int i = count - 1; i >= 0; i--) {
        at[i] = (char)('0' + value % 10);
        value /= 10;
    }
    at[count] = behind;
    return at + count + 1;
}

char *timestamp_format(int64_t time_s, char out_text[TIMESTAMP_TEXT_SIZE])
{
    if (time_s < 0 || time_s > time_max_s) {
        snprintf(out_text, TIMESTAMP_TEXT_SIZE, "(out of range)");
        return out_text;
    }
    int64_t days = time_s / SECONDS_PER_DAY;
    int64_t rest = time_s % SECONDS_PER_DAY;
    int64_t z = days + 719468;
    int64_t era = z / 146097;
    int64_t day_of_era = z - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted_month = (5 * day_of_year + 2) / 153;
    unsigned day = (unsigned)(day_of_year - (153 * shifted_month + 2) / 5 + 1) % 100;
    unsigned month = (unsigned)(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9) % 100;
    unsigned year = (unsigned)(year_of_era + era * 400 + (month <= 2)) % 10000;
    char *at = put(out_text, year, 4, '-');
    at = put(at, month, 2, '-');
    at = put(at, day, 2, 'T');
    at = put(at, (unsigned)(rest / 3600), 2, ':');
    at = put(at, (unsigned)(rest / 60 % 60), 2, ':');
    *put(at, (unsigned)(rest % 60), 2, 'Z') = '\0';
    return out_text;
}
