/* How far fetching from an account has come, and what it must remember for the next time. */
#ifndef TRACES_FETCHED_H
#define TRACES_FETCHED_H

#include "traces/database.h"
#include "traces/fleet_history.h"

/* The newest value of a demand series; INT64_MIN: there is none. */
int fetched_demand_until(sqlite3 *database, const char *path, const char *name, int64_t *out_last_s,
                         struct error *err);

/* Until when interruptions are known from sources of this name, KIND_FLEET_HISTORY all; INT64_MIN:
 * there are none. */
int fetched_history_until(sqlite3 *database, const char *path, const char *source,
                          int64_t *out_end_s, struct error *err);

/* The places of a fleet's instances: AWS tells that of an instance that ended days after it was
 * launched only while it runs. */
int fetched_places_load(sqlite3 *database, const char *path, const char *fleet,
                        struct fleet_history *history, struct error *err);
/* Those of the instances that `running` lists or that have events; the others are forgotten. In one
 * transaction. */
int fetched_places_store(sqlite3 *database, const char *path, const char *fleet,
                         const struct fleet_history *history, const char *const *running,
                         size_t running_count, struct error *err);

#endif
