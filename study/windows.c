#include "study/windows.h"

#include "base/memory.h"
#include "base/timestamp.h"

#include <stdlib.h>

enum { DAY_S = 86400, DATE_SIZE = 10, WINDOWS_MOST = 100000 };

/* The first second of the month that time_s lies in, or of one `later`. */
static int64_t month_of(int64_t time_s, int later)
{
    char text[TIMESTAMP_TEXT_SIZE];
    timestamp_format(time_s, text);
    int year = 0;
    int month = 0;
    for (int i = 0; i < 4; i++)
        year = year * 10 + (text[i] - '0');
    month = (text[5] - '0') * 10 + (text[6] - '0') - 1 + later;
    return timestamp_from_civil(year + month / 12, month % 12 + 1, 1);
}

/* "2015-03-12", or with the time where it is not midnight. */
static char *day_of(int64_t time_s, char out[TIMESTAMP_TEXT_SIZE])
{
    timestamp_format(time_s, out);
    if (timestamp_floor(time_s, DAY_S) == time_s)
        out[DATE_SIZE] = '\0';
    return out;
}

char *window_name(const struct window *window)
{
    char from[TIMESTAMP_TEXT_SIZE];
    char to[TIMESTAMP_TEXT_SIZE];
    return memory_format("%s to %s", day_of(window->from_s, from), day_of(window->to_s, to));
}

/* What happens at a time would be forgotten by the windows after it. */
static int check(const struct scenario *scenario, const char *whose, struct error *err)
{
    const char *key = scenario->modification_count   ? "modify_spot_fleet"
                      : scenario->cancellation.given ? "cancel_spot_fleet"
                                                     : NULL;
    if (!key)
        return STATUS_OK;
    return error_set(err, STATUS_BAD_INPUT,
                     "--windows: %s has %s, which changes the fleet at a time: windows after it "
                     "would not know of it",
                     whose, key);
}

int windows_cut(struct windows *out, const struct scenario *scenario, int64_t length_s,
                const char *whose, struct error *err)
{
    int64_t from_s = scenario->measure_from_s;
    int64_t to_s = scenario->measure_to_s;
    *out = (struct windows){.left_out_s = to_s - from_s};
    int status = check(scenario, whose, err);
    if (status)
        return status;
    if (length_s && (to_s - from_s) / length_s > WINDOWS_MOST)
        return error_set(err, STATUS_BAD_INPUT,
                         "--windows: that makes more than %d windows: take longer ones",
                         WINDOWS_MOST);
    int64_t at_s = from_s;
    size_t capacity = 0;
    if (!length_s && month_of(from_s, 0) != from_s)
        at_s = month_of(from_s, 1);
    for (;;) {
        const struct window window = {.from_s = at_s,
                                      .to_s = length_s ? at_s + length_s : month_of(at_s, 1)};
        if (window.to_s > to_s)
            break;
        ARRAY_PUSH(out->items, out->count, capacity, window);
        out->left_out_s -= window.to_s - window.from_s;
        at_s = window.to_s;
    }
    if (out->count == 0)
        return error_set(err, STATUS_BAD_INPUT,
                         "--windows: not one lies in the span that the scenario measures");
    return STATUS_OK;
}

void windows_clean_up(struct windows *windows)
{
    free(windows->items);
    *windows = (struct windows){0};
}

int64_t window_begin(const struct window *window, const struct scenario *scenario, int64_t lead_s)
{
    int64_t before_s = window->from_s - scenario->from_s;
    return before_s > lead_s ? window->from_s - lead_s : scenario->from_s;
}

void window_overrides(const struct window *window, int64_t begin_s, struct window_texts *texts,
                      struct scenario_override out_overrides[WINDOW_OVERRIDES])
{
    out_overrides[0] = (struct scenario_override){"from", timestamp_format(begin_s, texts->begin)};
    out_overrides[1] = (struct scenario_override){"to", timestamp_format(window->to_s, texts->to)};
    out_overrides[2] =
        (struct scenario_override){"measure.from", timestamp_format(window->from_s, texts->from)};
    out_overrides[3] = (struct scenario_override){"measure.to", texts->to};
}
