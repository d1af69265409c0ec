/* One answer of a policy on trial, judged by itself: what can be said of it without asking again.
 * Inside study/ only. */
#ifndef STUDY_POLICY_ASKED_H
#define STUDY_POLICY_ASKED_H

#include "study/policy_ask.h"

/* A policy in a world: the memory it had when it was asked at present, what it answered then, and
 * the memory it kept. */
struct policy_asked {
    const struct policy_trial *trial;
    struct policy_world world;
    struct ask_state before;
    struct ask_state after;
    struct ballast_decision decision;
};

/* The question it answered at present. */
struct policy_whereabouts policy_asked_where(const struct policy_asked *a);

/* Judge its reason, its bounds, and what it does where something is missing, and count whether the
 * group grows. The room's sight must be what it saw. */
void policy_asked_judge(const struct policy_asked *a);

#endif
