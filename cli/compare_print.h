/* A comparison as people and machines read it. */
#ifndef CLI_COMPARE_PRINT_H
#define CLI_COMPARE_PRINT_H

#include "base/text.h"
#include "seen.h"
#include "study/compare.h"

#include <stdio.h>

/* What one side did where the sides part, and why. */
struct parted_side {
    int64_t evaluated_s; /* the evaluation it comes from: the last by then; 0: there was none */
    char action[160];
    char outcome[64]; /* of its calls; "not-called" */
    char guard[32];
    char reason[64];
    char words[512];
    struct seen seen;     /* text empty if it cannot be shown, */
    struct error missing; /* which says why */
};

/* The first world, in order, in which old and new part. */
struct parting {
    bool found;
    size_t world;
    struct parted_side sides[COMPARE_SIDES];
};

/* Find out, by simulating again, what each side saw there. To be cleaned up also after an error. */
int parting_tell(struct parting *out, const struct comparison *comparison, struct error *err);
void parting_clean_up(struct parting *parting);
void parting_print(const struct parting *parting, const struct comparison *comparison, FILE *out);
/* Its member "divergence", without a comma. */
void parting_json(const struct parting *parting, const struct comparison *comparison,
                  struct text *out_text);

void compare_print(const struct comparison *comparison, const struct parting *parting, FILE *out);
void compare_json(const struct comparison *comparison, const struct parting *parting,
                  struct text *out_text);

#endif
