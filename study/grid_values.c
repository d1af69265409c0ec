/* Lists, ranges, log ranges and windows (study/grid.h has the forms). */
#include "study/grid_values.h"

#include "base/decimal.h"
#include "base/memory.h"
#include "base/pcg64.h"
#include "base/timestamp.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN_MAX = 200 };

/* A stretch of the user's text. */
struct word {
    const char *text;
    size_t length;
};

static int shown(struct word word)
{
    return word.length < SHOWN_MAX ? (int)word.length : SHOWN_MAX;
}

static int refuse(const struct grid_dimension *dimension, struct word word, const char *why,
                  struct error *err)
{
    return error_set(err, STATUS_BAD_INPUT, "--vary %s: %.*s: %s", dimension->name, shown(word),
                     word.text, why);
}

static int too_many(const struct grid_dimension *dimension, struct word word, struct error *err)
{
    return refuse(dimension, word, "that is more than a million values", err);
}

/* Add a row of one text for each path, which it takes. */
static void add_row(struct grid_dimension *dimension, char **row)
{
    size_t columns = dimension->path_count;
    dimension->values = memory_resize(dimension->values, (dimension->value_count + 1) * columns,
                                      sizeof *dimension->values);
    memcpy(&dimension->values[dimension->value_count * columns], row, columns * sizeof *row);
    dimension->value_count++;
}

static void add_number(struct grid_dimension *dimension, int64_t micro)
{
    char text[DECIMAL_TEXT_SIZE];
    char *row = memory_copy_text(decimal_format(micro, text));
    add_row(dimension, &row);
}

/* The parts between colons, at most `max`; *out_count is max + 1 if there are more. */
static void part(struct word word, struct word *parts, size_t max, size_t *out_count)
{
    *out_count = 0;
    const char *end = word.text + word.length;
    for (const char *at = word.text;;) {
        const char *colon = memchr(at, ':', (size_t)(end - at));
        const char *stop = colon ? colon : end;
        if (*out_count < max)
            parts[*out_count] = (struct word){at, (size_t)(stop - at)};
        if (++*out_count > max || !colon)
            return;
        at = colon + 1;
    }
}

static bool read_numbers(const struct word *parts, size_t count, int64_t *out_micro)
{
    for (size_t i = 0; i < count; i++) {
        if (decimal_parse(parts[i].text, parts[i].length, &out_micro[i]) != DECIMAL_OK)
            return false;
    }
    return true;
}

/* How many are meant as numbers, though some may be beyond what a decimal holds. */
static size_t count_numbers(const struct word *parts, size_t count)
{
    int64_t micro = 0;
    size_t numbers = 0;
    for (size_t i = 0; i < count; i++)
        numbers += decimal_parse(parts[i].text, parts[i].length, &micro) != DECIMAL_NOT_A_NUMBER;
    return numbers;
}

/* ---- ranges -----------------------------------------------------------------------------------
 */

static int add_range(struct grid_dimension *dimension, struct word word, const int64_t *micro,
                     struct error *err)
{
    int64_t from = micro[0];
    int64_t to = micro[1];
    int64_t step = micro[2];
    if (step == 0 || (to > from && step < 0) || (to < from && step > 0))
        return refuse(dimension, word, "the step does not lead from its begin to its end", err);
    int128 span = (int128)to - from;
    if (span % step != 0)
        return refuse(dimension, word, "a range includes its end: the step must lead there exactly",
                      err);
    if (span / step >= GRID_POINTS_MAX)
        return too_many(dimension, word, err);
    for (int64_t i = 0; i <= (int64_t)(span / step); i++)
        add_number(dimension, (int64_t)(from + (int128)i * step));
    return STATUS_OK;
}

/* -ln(micro) in units of 2^-32, up to a constant. */
static int64_t minus_ln(int64_t micro)
{
    return (int64_t)pcg64_minus_ln_q32((uint64_t)micro);
}

/* Whether the middle of the unit that begins at `value` lies below the target. Taken twice, so that
 * it is whole. */
static bool below(int64_t value, int64_t unit, int64_t target)
{
    int64_t ln_2 = minus_ln(1) - minus_ln(2);
    uint64_t twice = 2 * (uint64_t)value + (uint64_t)unit;
    return (int64_t)pcg64_minus_ln_q32(twice) >= target - ln_2;
}

/* Of low, low + unit, ... high the one nearest to what has the logarithm -target. */
static int64_t number_of_ln(int64_t target, int64_t low, int64_t high, int64_t unit)
{
    while (high - low > unit) {
        int64_t middle = low + (high - low) / 2 / unit * unit;
        if (below(middle, unit, target))
            low = middle;
        else
            high = middle;
    }
    return below(low, unit, target) ? high : low;
}

static int add_log_range(struct grid_dimension *dimension, struct word word, const int64_t *micro,
                         struct error *err)
{
    int64_t from = micro[0];
    int64_t to = micro[1];
    int64_t count = micro[2] / MICRO;
    if (micro[2] % MICRO || count < 2 || from <= 0 || to <= from)
        return refuse(dimension, word, "write log:FROM:TO:COUNT, 0 < FROM < TO, two values or more",
                      err);
    if (count > GRID_POINTS_MAX)
        return too_many(dimension, word, err);
    int64_t unit = from % MICRO || to % MICRO ? 1 : MICRO;
    int64_t last = 0;
    for (int64_t i = 0; i < count; i++) {
        int128 span = (int128)minus_ln(to) - minus_ln(from);
        int64_t target = minus_ln(from) + (int64_t)(span * i / (count - 1));
        int64_t value = i == 0 ? from : i == count - 1 ? to : number_of_ln(target, from, to, unit);
        if (value != last)
            add_number(dimension, value);
        last = value;
    }
    return STATUS_OK;
}

/* One item of the list of a single path. */
static int add_item(struct grid_dimension *dimension, struct word word, struct error *err)
{
    enum { PARTS_MAX = 4 };
    struct word parts[PARTS_MAX];
    size_t count = 0;
    int64_t micro[3];
    part(word, parts, PARTS_MAX, &count);
    size_t held = count < PARTS_MAX ? count : PARTS_MAX;
    if (count > 1 && parts[0].length == 3 && memcmp(parts[0].text, "log", 3) == 0) {
        if (count != 4 || !read_numbers(parts + 1, 3, micro))
            return refuse(dimension, word, "write log:FROM:TO:COUNT, three numbers", err);
        return add_log_range(dimension, word, micro, err);
    }
    if (count == 3 && read_numbers(parts, 3, micro))
        return add_range(dimension, word, micro, err);
    if (count == 3 && count_numbers(parts, 3) == 3)
        return refuse(dimension, word,
                      "a range takes numbers up to 9.2e12, with at most six decimals", err);
    /* A slip: no value of a scenario looks like this, but in quotes. */
    if (count > 1 && count_numbers(parts, 1) == 1 && count_numbers(parts, held) + 1 >= held)
        return refuse(dimension, word, "a range is written FROM:TO:STEP, three numbers", err);
    char *row = memory_copy_bytes(word.text, word.length);
    add_row(dimension, &row);
    return STATUS_OK;
}

/* ---- several paths ----------------------------------------------------------------------------
 */

/* "14d" at the end of the word, after a colon: cut it off. False if there is none. */
static bool cut_duration(struct word *word, int64_t *out_s)
{
    size_t at = word->length;
    while (at > 0 && word->text[at - 1] != ':')
        at--;
    static const char units[] = "smhd";
    static const int64_t seconds[] = {1, 60, 3600, 86400};
    const char *unit = word->length ? strchr(units, word->text[word->length - 1]) : NULL;
    size_t digits = at < word->length ? word->length - at - 1 : 0;
    if (at == 0 || !unit || !*unit || digits == 0 || digits > 8)
        return false;
    int64_t count = 0;
    for (size_t i = at; i < at + digits; i++) {
        if (word->text[i] < '0' || word->text[i] > '9')
            return false;
        count = count * 10 + (word->text[i] - '0');
    }
    *out_s = count * seconds[unit - units];
    word->length = at - 1;
    return true;
}

static int add_windows(struct grid_dimension *dimension, struct word whole, const struct word *ends,
                       int64_t length_s, int64_t step_s, struct error *err)
{
    int64_t from_s = 0;
    int64_t to_s = 0;
    int64_t *times[] = {&from_s, &to_s};
    if (dimension->path_count != 2)
        return refuse(dimension, whole,
                      "windows are written FROM..TO:LENGTH or FROM..TO:LENGTH:STEP, for two paths, "
                      "with two times (2015-03-01) and lengths such as 14d",
                      err);
    for (size_t i = 0; i < 2; i++) {
        if (!timestamp_parse(ends[i].text, ends[i].length, false, times[i]))
            return error_set(err, STATUS_BAD_INPUT,
                             "--vary %s: %.*s: %s; windows are written FROM..TO:LENGTH or "
                             "FROM..TO:LENGTH:STEP",
                             dimension->name, shown(ends[i]), ends[i].text,
                             timestamp_wrong(ends[i].text, ends[i].length, false));
    }
    if (length_s <= 0 || step_s <= 0 || to_s - from_s < length_s)
        return refuse(dimension, whole, "no window of that length fits in", err);
    if ((to_s - from_s - length_s) / step_s >= GRID_POINTS_MAX)
        return too_many(dimension, whole, err);
    for (int64_t at = from_s; at + length_s <= to_s; at += step_s) {
        char begin[TIMESTAMP_TEXT_SIZE];
        char end[TIMESTAMP_TEXT_SIZE];
        char *row[2] = {memory_copy_text(timestamp_format(at, begin)),
                        memory_copy_text(timestamp_format(at + length_s, end))};
        add_row(dimension, row);
    }
    return STATUS_OK;
}

/* One item of the list of several paths: a part for each, between two dots. */
static int add_parts(struct grid_dimension *dimension, struct word word, struct error *err)
{
    struct word rest = word;
    int64_t first_s = 0;
    int64_t second_s = 0;
    bool windows = cut_duration(&rest, &second_s);
    bool stepped = windows && cut_duration(&rest, &first_s);
    struct word *parts = memory_new(dimension->path_count, sizeof *parts);
    size_t count = 0;
    const char *end = rest.text + rest.length;
    for (const char *at = rest.text;;) {
        const char *dots = memmem(at, (size_t)(end - at), "..", 2);
        const char *stop = dots ? dots : end;
        if (count < dimension->path_count)
            parts[count] = (struct word){at, (size_t)(stop - at)};
        count++;
        if (!dots)
            break;
        at = dots + 2;
    }
    int status = STATUS_OK;
    if (count != dimension->path_count) {
        status = refuse(dimension, word,
                        "paths that are varied together need a part each, as in "
                        "from,to=2015-03-01..2015-04-01",
                        err);
    } else if (windows) {
        status = add_windows(dimension, word, parts, stepped ? first_s : second_s, second_s, err);
    } else {
        char **row = memory_new(count, sizeof *row);
        for (size_t i = 0; i < count; i++)
            row[i] = memory_copy_bytes(parts[i].text, parts[i].length);
        add_row(dimension, row);
        free(row);
    }
    free(parts);
    return status;
}

/* ---- the list ---------------------------------------------------------------------------------
 */

/* Up to the next comma that is not within brackets, braces or quotes. */
static size_t item_length(const char *text)
{
    size_t depth = 0;
    bool quoted = false;
    size_t i = 0;
    for (; text[i]; i++) {
        if (quoted && text[i] == '\\' && text[i + 1])
            i++;
        else if (text[i] == '"')
            quoted = !quoted;
        else if (!quoted && strchr("[{", text[i]))
            depth++;
        else if (!quoted && strchr("]}", text[i]) && depth)
            depth--;
        else if (!quoted && depth == 0 && text[i] == ',')
            break;
    }
    return i;
}

int grid_read_values(struct grid_dimension *dimension, const char *text, struct error *err)
{
    for (;;) {
        struct word word = {text, item_length(text)};
        if (word.length == 0)
            return refuse(dimension, (struct word){text, strlen(text)},
                          "an empty value: write \"\" if that is meant", err);
        int status = dimension->path_count == 1 ? add_item(dimension, word, err)
                                                : add_parts(dimension, word, err);
        if (status)
            return status;
        if (dimension->value_count > GRID_POINTS_MAX)
            return too_many(dimension, word, err);
        if (!text[word.length])
            return STATUS_OK;
        text += word.length + 1;
    }
}
