/* What a schedule has to keep to beside prices and delays: prepaid instances come first, and limits
 * hold. Inside study/ only.
 */
#ifndef STUDY_SCHEDULE_TERMS_H
#define STUDY_SCHEDULE_TERMS_H

#include "study/schedule.h"

/* Write down the prepaid instances, as many as serve anything, from `from` to the end: those that
 * run at `from` first, which are taken out of `warm_left` (of each purchase), then launched ones.
 * *out_left is the demand that they leave, to be freed. */
void schedule_prepaid(struct schedule *schedule, const struct purchases *purchases,
                      const struct scenario *scenario, const struct demand_step *demand,
                      size_t demand_count, int64_t *warm_left, struct curve *out_left);

/* Spot instances in the place of a pool at a time that have not ended, launches among them. */
int64_t schedule_in_place(const struct schedule *schedule, const struct fleet_pool *pool,
                          int64_t time_s);

/* Which limit the schedule does not keep to: MaxSize, a place's, or a budget of the fleet; NULL. */
const char *schedule_breach(const struct schedule *schedule, const struct purchases *purchases,
                            const struct scenario *scenario);

#endif
