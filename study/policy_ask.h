/* Asking a policy one question in surroundings that are known: what stands around its state, behind
 * the points it was given, and on the stack. Inside study/ only. */
#ifndef STUDY_POLICY_ASK_H
#define STUDY_POLICY_ASK_H

#include "study/policy_trial.h"

enum { ASK_MARGIN = 256, ASK_TAIL = 4 };

/* The state with room around it that nobody may touch. */
struct ask_state {
    _Alignas(16) unsigned char bytes[ASK_MARGIN + BALLAST_STATE_MAX + ASK_MARGIN];
};

/* The same bytes wherever a policy has no business to look. */
struct ask_surroundings {
    unsigned char margin; /* around the state, and behind the points of each answer */
    unsigned char stack;  /* below the caller's frame */
};

struct ask_answer {
    struct ballast_decision decision;
    bool touched_state;       /* bytes around its state */
    bool touched_observation; /* or its parameters */
};

struct policy_trial_room {
    struct policy_sight sight;
    struct policy_sight other;  /* of another world */
    struct policy_sight before; /* as the sight was before it was shown */
};

unsigned char *ask_state_bytes(struct ask_state *state);

/* A new state, as policy->init sets it up. */
void ask_init(const struct policy_trial *trial, const struct policy_world *world,
              struct ask_state *out_state, struct ask_surroundings surroundings);

/* Show what stands in `sight`, step `step` of the world. */
struct ask_answer ask(const struct policy_trial *trial, const struct policy_world *world, int step,
                      struct policy_sight *sight, struct ask_state *state,
                      struct ask_surroundings surroundings);

bool ask_same_decision(const struct ballast_decision *a, const struct ballast_decision *b);
bool ask_same_state(const struct policy_trial *trial, const struct ask_state *a,
                    const struct ask_state *b);

#endif
