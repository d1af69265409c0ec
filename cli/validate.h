/* What the files of `ballast live validate` share: a recording, made ready to be simulated and to
 * be compared. */
#ifndef CLI_VALIDATE_H
#define CLI_VALIDATE_H

#include "options.h"
#include "policy/choice.h"
#include "record/recorded.h"
#include "study/hindcast.h"

struct validate_request {
    const char *recording;
    const char *scenario;
    struct option_list bills;
    const char *fleet;
    const char *group;
    const char *policy;
    struct option_list set;
    struct option_list tolerance;
    bool json;
    bool minutes;
    bool hours;
};

/* What a recording says of the account. */
struct validate_recording {
    char *fleet_id;
    char *group;
    char *policy_name;
    const struct ballast_policy *policy; /* NULL: this program does not have it */
    int64_t parameters[BALLAST_PARAMETERS_MAX];
    struct controller_guards guards;
    int64_t every_s;
    int64_t phase_s;
    size_t settings; /* how many it was recorded with; what stands here is the last ones' */
    int64_t evaluations;
    int64_t acting; /* with mode `apply` */
    int64_t missed;
    int64_t first_s; /* evaluation */
    int64_t last_s;
    int64_t due_s;    /* of the last one */
    int64_t target_s; /* since when the target is known; INT64_MAX: it is not */
    int64_t watched_from_s;
    int64_t watched_to_s;
    int64_t gaps; /* other stretches that were watched */
    struct watched_life *lives;
    size_t life_count;
    struct hindcast_sample *samples;
    size_t sample_count;
    size_t sample_capacity;
};

struct validation {
    struct validate_recording recording;
    struct recorded *recorded; /* the policy belongs to it */
    struct results *results;
    char *traces_path; /* a file of our own, removed at the end */
    bool simulated_policy_is_recorded;
    struct scenario scenario;
    bool have_scenario;
    struct trace_set traces;
    struct hindcast_account account;
    struct hindcast_bill *bill;
    struct hindcast_bill_about billed;
    struct hindcast hindcast;
    struct text notes; /* a line each: what the comparison assumes */
    int64_t tolerance_ppm[HINDCAST_COMPONENTS];
};

/* Read the recording: cli/validate_recording.c. */
int validate_read_recording(struct validation *validation, const struct validate_request *request,
                            struct error *err);
/* The scenario of the recorded time, with traces from the recording: cli/validate_scenario.c. */
int validate_read_scenario(struct validation *validation, const struct validate_request *request,
                           struct error *err);

/* Add a file to the bill; of a folder all that end in .csv, .gz or .zst, also in folders within it:
 * cli/validate_files.c. */
int validate_add_bill(struct hindcast_bill *bill, const char *path, struct error *err);

/* Is the component compared, and within its tolerance? */
bool validate_within(const struct validation *validation, enum hindcast_component component);

/* Add what the comparison rests on to the notes: cli/validate_notes.c. */
void validate_add_notes(struct validation *validation);

/* cli/validate_print.c, cli/validate_json.c */
void validate_print(const struct validation *validation, FILE *out);
void validate_print_minutes(const struct validation *validation, FILE *out);
void validate_print_hours(const struct validation *validation, FILE *out);
void validate_json(const struct validation *validation, struct text *out_text);

#endif
