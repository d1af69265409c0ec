/* What the synthetic market is drawn by (synth.c) and its parameters are checked against
 * (synth_parameters.c). Inside traces/ only. */
#ifndef TRACES_SYNTH_LIMITS_H
#define TRACES_SYNTH_LIMITS_H

enum {
    THIRTY_DAYS_S = 30 * 86400,
    SPIKE_MIN_S = 60,
    RESTATED_AFTER_S = 86400,      /* AWS restates a price about once a day */
    HEIGHT_LIMIT_PERMILLE = 10000, /* bids were limited to ten times on-demand */
};

#endif
