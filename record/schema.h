/* The tables of the results database (docs/results.md tells what stands in them). */
#ifndef RECORD_SCHEMA_H
#define RECORD_SCHEMA_H

#include "base/text.h"

struct results_table {
    const char *name;
    const char *order; /* of its rows in a dump */
    int since;         /* the version it came with; 0: from the first */
};

/* Tables that are dumped, in order; ended by a NULL name. */
extern const struct results_table results_tables[];

/* The same of recordings. */
extern const struct results_table recording_tables[];

/* ... of sweeps; and of their points, which belong to none of them. */
extern const struct results_table sweep_tables[];
extern const struct results_table point_table;

/* The SQL that makes all tables. */
void results_schema(struct text *sql);

/* What version 2 added: the tables of recordings. */
extern const char results_schema_recordings[];
/* What version 3 added: the table of capacity rebalancing. */
extern const char results_schema_rebalance[];
/* What version 4 added: the tables of sweeps. */
void results_schema_sweeps(struct text *sql);
/* What version 5 added: the tables of what recordings watch. */
extern const char results_schema_watch[];
/* What version 6 added: the table of what perfect knowledge would have bought. */
extern const char results_schema_schedule[];
/* What version 7 added: the table of points that tuning stopped. */
extern const char results_schema_stopped[];
/* What version 8 added: the tables of a sweep's traces, and of what tuning was asked and found. */
extern const char results_schema_tunings[];
/* What version 9 changed: the figures of points are a JSON object, as those of runs always were. */
extern const char results_schema_braces[];

#endif
