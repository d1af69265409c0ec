/* A recording read back, and the account that it was: a cloud port over it.
 *
 * What one fleet and group (in one region, by one clock) were asked stands under as many settings
 * as it was asked with; it is read in the order of time.
 *
 * WHAT THE PORT ANSWERS is what was answered then. Who asks the same gets the same, to the order of
 * points. Who asks for less of a series gets that part. Who asks for more of it gets what the
 * evaluations before had seen as well (older points follow, newest first), as far as those reach
 * back without a gap. All else was not recorded, and is the error "NotRecorded". Nothing can be
 * changed: calls come out as CLOUD_NOT_CALLED.
 */
#ifndef RECORD_RECORDED_H
#define RECORD_RECORDED_H

#include "policy/choice.h"
#include "record/answer.h"
#include "record/database.h"
#include "record/said.h"

/* One set of settings. */
struct recorded_settings {
    int64_t recording;
    char *region;
    char *fleet_id;
    char *group;
    char *product;
    char *policy_name;                   /* as it was written */
    const struct ballast_policy *policy; /* NULL: this program has none of that name and state */
    struct policy_choice choice;         /* what it belongs to, where modifiers stand around it;
                                            empty otherwise, and for a user's own */
    int64_t parameters[BALLAST_PARAMETERS_MAX];
    struct controller_guards guards;
    int64_t units_per_instance_micro;
    int64_t every_s;
};

struct recorded_read {
    struct ballast_read read; /* its metric borrowed from the row: valid for this evaluation */
    struct cloud_metric_query query;
    char metric[64];
    enum ballast_answer_status status;
    char error[128];
    struct stored_answer answer;
};

/* The evaluation that stands next; valid until the next one is read. */
struct recorded_evaluation {
    const struct recorded_settings *settings;
    int64_t due_s;
    int64_t time_s;
    enum ballast_trigger trigger;
    struct ballast_group group;
    char group_error[128];
    int64_t interruption_notices;
    int64_t rebalance_notices;
    unsigned char state_before[BALLAST_STATE_MAX];
    unsigned char state_after[BALLAST_STATE_MAX];
    size_t state_size;
    struct recorded_read reads[BALLAST_READS_MAX];
    size_t read_count;
    struct said_decision said;
    char outcome[32];
    char mode[16]; /* "shadow", "apply", "stopped" */
};

struct recorded; /* heap object */

/* Which account; NULL: the only one that is there, else an error names what there is. Policies are
 * looked for among `policies` (NULL-terminated), and with modifiers around them among the
 * built-in ones. */
struct recorded_choice {
    const char *fleet_id;
    const char *group;
    const struct ballast_policy *const *policies;
    const struct policy_choice *asked; /* taken for the recorded one if it is a user's own and the
                                          same to the byte; may be NULL. Of itself nothing is loaded
                                          that a database names */
};

int recorded_open(struct recorded **out, struct results *results,
                  const struct recorded_choice *choice, struct error *err);
void recorded_close(struct recorded *recorded);

const struct recorded_settings *recorded_settings(const struct recorded *recorded,
                                                  size_t *out_count);
/* Due times that were passed over. */
int recorded_missed(struct recorded *recorded, int64_t *out_times, struct error *err);

/* The next evaluation, or NULL after the last. */
int recorded_next(struct recorded *recorded, const struct recorded_evaluation **out_evaluation,
                  struct error *err);

/* The account as it answered at the evaluation read last. Answers hold until the next one. */
struct cloud recorded_cloud(struct recorded *recorded);

/* Asked and answered "NotRecorded" so far. */
int64_t recorded_unanswered(const struct recorded *recorded);

#endif
