/* What `ballast live doctor` is made of: an examination that goes step by step and keeps what it
 * found. Nothing is changed in the account. */
#ifndef CLI_DOCTOR_H
#define CLI_DOCTOR_H

#include "live/account.h"
#include "policy/choice.h"

enum doctor_verdict {
    DOCTOR_FINE = 0,
    DOCTOR_FINDING,
    DOCTOR_NOT_LOOKED, /* could not: the call failed, or what it needs is not known */
    DOCTOR_VERDICTS    /* how many there are */
};

struct doctor_line {
    const char *step;
    enum doctor_verdict verdict;
    char *what;
    const char *remedy; /* what to do; NULL: nothing */
};

/* Something that instances are launched from, and what it is called in a line. */
struct doctor_launch {
    char *what; /* "launch specification 2 (c4.xlarge)" */
    const struct aws_launch *launch;
};

struct doctor {
    struct client *client;
    struct live_account *account;
    const struct live_account_names *names;
    const struct policy_choice *policy;
    bool try_act;

    struct doctor_line *lines;
    size_t line_count;
    size_t line_capacity;

    /* What was learned; of use to later steps where it is there. */
    bool have_fleet;
    struct aws_spot_fleet fleet;
    bool have_pools;
    struct aws_spot_fleet pools;
    bool have_group;
    struct aws_group group;
    bool have_launch;
    struct aws_launch launch; /* of the group */
    size_t allowed;           /* actions that the controller needs, tried and not denied */
    size_t denied;
};

/* All steps. */
void doctor_examine(struct doctor *doctor);
void doctor_clean_up(struct doctor *doctor);
size_t doctor_count(const struct doctor *doctor, enum doctor_verdict verdict);

/* ---- for the steps ---- */

void doctor_add(struct doctor *doctor, const char *step, enum doctor_verdict verdict,
                const char *remedy, const char *format, ...) __attribute__((format(printf, 5, 6)));
/* A call went well (error NULL) or failed. `action` is IAM's name of it, "ec2:DescribeSubnets";
 * `needed`: by the controller, so that being denied is a finding; else it is this command that
 * could not look. */
void doctor_called(struct doctor *doctor, const char *step, const char *action, bool needed,
                   const struct aws_error *error, const struct error *err);

/* Whether the policy declares such a read. */
bool doctor_reads(const struct doctor *doctor, enum ballast_read_kind kind);

/* doctor_account.c: who asks, and when. False: nothing else can be asked. */
bool doctor_credentials(struct doctor *doctor);
void doctor_clock(struct doctor *doctor);
void doctor_permissions(struct doctor *doctor);
/* doctor_setup.c */
void doctor_fleet(struct doctor *doctor);
void doctor_group(struct doctor *doctor);
void doctor_cooldown(struct doctor *doctor);
void doctor_apart(struct doctor *doctor);
/* doctor_metrics.c */
void doctor_metrics(struct doctor *doctor);
/* doctor_launches.c: monitoring, user data and the cluster. */
void doctor_launches(struct doctor *doctor);

#endif
