/* The lives of the fleet's spot instances, as a recording's watches saw them, and of which time
 * they are known. */
#ifndef RECORD_WATCHED_LIFE_H
#define RECORD_WATCHED_LIFE_H

#include "record/database.h"
#include "traces/reader.h"

struct watched_life {
    char instance[32];
    char zone[NAME_LIMIT]; /* "", as the type, where nobody told */
    char instance_type[NAME_LIMIT];
    int64_t launched_s; /* RECORD_NEVER: before what the watches saw */
    int64_t ended_s;    /* RECORD_NEVER: not in what they saw */
    bool interrupted;   /* by EC2, by the rule of traces/fleet_history.h */
};

/* The recordings named in `recordings`, "3,4": by launch, those launched before all others first,
 * then by id. To be freed. */
int watched_lives(struct results *results, const char *recordings, struct watched_life **out_lives,
                  size_t *out_count, struct error *err);

/* The longest stretch of time that the watches saw without a gap, less the 30 s that events may be
 * late; *out_gaps: that there are others too. Both 0 if there is none. */
int watched_span(struct results *results, const char *recordings, int64_t *out_from_s,
                 int64_t *out_to_s, int64_t *out_gaps, struct error *err);

#endif
