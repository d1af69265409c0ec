/* What a replay came to, and how it is told. Inside cli/live_replay*.c only. */
#ifndef CLI_LIVE_REPLAY_TOLD_H
#define CLI_LIVE_REPLAY_TOLD_H

#include "base/text.h"
#include "record/replay.h"

enum { ACTION_SIZE = 96 };

/* Evaluations in a row in which the same two calls stand against each other. */
struct replay_stretch {
    int64_t first_s;
    int64_t last_s;
    int64_t evaluations;
    char recorded[ACTION_SIZE];
    char replayed[ACTION_SIZE];
};

struct replay_comparison {
    bool each;
    int64_t evaluations;
    int64_t unknown; /* outcomes */
    int64_t missed;
    int64_t unanswered;
    int64_t differences;
    bool own; /* by the recorded policy all along */
    int64_t first_s;
    int64_t last_s;
    bool in_stretch;
    struct replay_stretch *stretches;
    size_t stretch_count;
    size_t stretch_capacity;
    struct text first_text; /* the first difference, for people */
    struct text first_json;
};

/* One evaluation, recorded and replayed, as a line of JSON. */
void replay_print_each(const struct replay_step *step);

/* The first difference, for people and for machines. */
void replay_say_first(struct replay_comparison *comparison, const struct replay_step *step);
void replay_first_json(struct replay_comparison *comparison, const struct replay_step *step);

/* All of it. `policy` is who was asked. */
void replay_print_json(const struct replay_comparison *comparison, const char *policy,
                       const struct recorded_settings *settings);
void replay_print_text(const struct replay_comparison *comparison, const char *policy,
                       const struct recorded_settings *settings);

#endif
