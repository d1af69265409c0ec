/* The clock of a twin (`ballast twin`), for schedule and windows; signatures keep to wall time.
 *
 * GET <endpoint>/_ballast/clock says {"now": EPOCH_S}; POST of {"advance_s": N} goes N seconds
 * further and says the same. Neither is signed. The endpoint is EC2's, which must be one that was
 * named: AWS itself has no such clock and is never asked for it.
 */
#ifndef LIVE_TWIN_CLOCK_H
#define LIVE_TWIN_CLOCK_H

#include "live/http.h"
#include "live/settings.h"

struct twin_clock {
    const struct http *http; /* borrowed */
    char *url;
};

/* STATUS_BAD_INPUT where no endpoint was named. Close with twin_clock_close. */
int twin_clock_open(struct twin_clock *out_clock, const struct settings *settings,
                    const struct http *http, struct error *err);
int twin_clock_now(const struct twin_clock *clock, int64_t *out_now_s, struct error *err);
/* `seconds` further, which are at least 0. */
int twin_clock_advance(const struct twin_clock *clock, int64_t seconds, int64_t *out_now_s,
                       struct error *err);
void twin_clock_close(struct twin_clock *clock);

#endif
