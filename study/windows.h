/* Windows: a scenario's measured span cut into pieces, one after the other.
 *
 * The run of a window is cut out of the whole scenario with every value written out, so that
 * nothing moves but the window: no default that follows `from`, nor a generated market.
 */
#ifndef STUDY_WINDOWS_H
#define STUDY_WINDOWS_H

#include "base/timestamp.h"
#include "scenario/scenario.h"

struct window {
    int64_t from_s; /* measured: [from_s, to_s) */
    int64_t to_s;
};

struct windows {
    struct window *items;
    size_t count;
    int64_t left_out_s; /* of the measured span, in no window */
};

/* Cut into windows of length_s, or, where that is 0, into the calendar months (UTC) that lie in the
 * span whole. None, too many, and a scenario that changes its fleet at a time, of which windows
 * after it would not know, are STATUS_BAD_INPUT. `whose` names the scenario in that line. To be
 * cleaned up also after an error. */
int windows_cut(struct windows *out, const struct scenario *scenario, int64_t length_s,
                const char *whose, struct error *err);
void windows_clean_up(struct windows *windows);

/* "2015-03-12 to 2015-03-19", with the times where they are not midnight. To be freed. */
char *window_name(const struct window *window);

/* Where the run of a window begins: lead_s before it is measured, but not before the scenario's
 * `from`. */
int64_t window_begin(const struct window *window, const struct scenario *scenario, int64_t lead_s);

/* The overrides that cut a run out of the whole. */
enum { WINDOW_OVERRIDES = 4 };
struct window_texts {
    char begin[TIMESTAMP_TEXT_SIZE];
    char from[TIMESTAMP_TEXT_SIZE];
    char to[TIMESTAMP_TEXT_SIZE];
};
/* `texts` must last as long as the overrides. */
void window_overrides(const struct window *window, int64_t begin_s, struct window_texts *texts,
                      struct scenario_override out_overrides[WINDOW_OVERRIDES]);

#endif
