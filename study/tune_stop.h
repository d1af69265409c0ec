/* Stopping early: which points can no longer be chosen. Inside study/ only.
 *
 * A CHOICE is made of some windows: by each past of the walk, of the judged windows in hindsight,
 * and of all. What a point comes to in them at least is the sum of what it has run and, of the
 * worlds it has not, of what is the same for all points; its cells hold that (tune_race.c). It is
 * hopeless where in every choice it is beaten by the front of points that have run everywhere, or
 * beyond a limit for good.
 *
 * Only the grid's own points are set against it: every past chooses from those.
 */
#ifndef STUDY_TUNE_STOP_H
#define STUDY_TUNE_STOP_H

#include "study/tune.h"

struct tune_choice {
    size_t first; /* windows [first, end) */
    size_t end;
    struct tune_outcome *outcomes; /* of `points` */
    size_t *front;                 /* of these, by index */
    size_t front_count;
};

struct tune_choices {
    struct tune *tune;
    struct tune_choice *items; /* all windows first */
    size_t count;
    bool *lasting;  /* by limit: what breaks it breaks it for good */
    size_t *points; /* of the grid, that have run everywhere */
    size_t point_count;
    size_t *pairs; /* of these, by index, those that none beats in cost and unfulfilled capacity */
    size_t pair_count;
    bool ready; /* in each choice some point meets the limits: else nothing can be stopped, for it
                   is not known which windows hindsight judges */
};

void tune_choices_set_up(struct tune_choices *choices, struct tune *tune);
void tune_choices_clean_up(struct tune_choices *choices);
/* Look at the points that have run everywhere, by number. */
int tune_choices_learn(struct tune_choices *choices, const bool *whole, struct error *err);

/* *out_by: as in struct tune_stop. */
bool tune_is_hopeless(const struct tune_choices *choices, size_t point, size_t *out_by);
/* Stop those of the points that are, after so many runs of each, and take them from the list. */
int tune_stop_hopeless(const struct tune_choices *choices, size_t runs, size_t *points,
                       size_t *count, struct error *err);

#endif
