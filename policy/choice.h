/* A policy as users write it, and what that comes to:
 *
 *   NAME[:PRESET][+MODIFIER]...     "pending-capacity:seed+grace+rate-limit"
 *   MODIFIER[+MODIFIER]...          around pending-capacity: "grace"
 *   FILE[:PRESET][+MODIFIER]...     a user's own: "./mine.so:careful+grace"
 *   [MODIFIER+]...exec:COMMAND      a command, to the end of the text: "grace+exec:python3 mine.py"
 *
 * The modifiers are asked from left to right. A FILE has a '/' in it or ends in ".so"
 * (policy/loaded.h).
 */
#ifndef POLICY_CHOICE_H
#define POLICY_CHOICE_H

#include "base/error.h"
#include "policy/command.h"
#include "policy/composed.h"
#include "policy/loaded.h"

struct policy_choice {
    const struct ballast_policy *policy;
    char *name;                             /* as the user wrote it */
    int64_t values[BALLAST_PARAMETERS_MAX]; /* of its parameters */
    size_t preset_count;                    /* the first so many are the preset's */
    struct policy_composed *composed;       /* what `policy` belongs to, or NULL */
    struct policy_loaded *loaded;           /* the file it comes from, or NULL */
    struct policy_command *command;         /* what it asks, or NULL */
};

/* With the preset's values, or the defaults. The error names what is unknown and suggests. */
int policy_choose(struct policy_choice *out_choice, const char *name, struct error *err);

/* Where a file is to be found, and what must be in it. */
struct policy_place {
    const char *folder; /* where relative paths begin; NULL: the working directory */
    const char *sha256; /* of the file's bytes, or the files' of a command; NULL: any */
};
int policy_choose_from(struct policy_choice *out_choice, const char *name,
                       const struct policy_place *place, struct error *err);
void policy_choice_clean_up(struct policy_choice *choice);

/* Whether CloudWatch would answer what the values make of its reads: periods of whole minutes, and
 * no more points than it returns. */
int policy_choice_check_reads(const struct policy_choice *choice, struct error *err);

/* SHA-256 of the file or files its code comes from; NULL: from none. */
const char *policy_choice_sha256(const struct policy_choice *choice);

/* The name by which a recording knows it, wherever its file is: in the place of the path stands
 * "NAME@SHA256", in that of a command "exec@" with the SHA-256 of it and its files. To be freed. */
char *policy_choice_identity(const struct policy_choice *choice);

#endif
