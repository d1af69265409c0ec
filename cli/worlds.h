/* Options that make several worlds of a scenario: --seeds, --windows, --lead. NULL, where an option
 * was not given, leaves what is there. */
#ifndef CLI_WORLDS_H
#define CLI_WORLDS_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

/* N: seeds 1 to N. FROM..TO: those. */
int worlds_read_seeds(const char *text, uint64_t *out_from, size_t *out_count, struct error *err);
/* day, week, month, or a duration. Months have length 0. */
int worlds_read_windows(const char *text, int64_t *out_length_s, struct error *err);
int worlds_read_lead(const char *text, int64_t *out_lead_s, struct error *err);

#endif
