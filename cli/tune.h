/* What tuning came to, as people and machines read it. Inside cli/ only. */
#ifndef CLI_TUNE_H
#define CLI_TUNE_H

#include "base/text.h"
#include "study/tune.h"

#include <stdio.h>

/* What is beside the judgement. Borrowed. */
struct tune_told {
    const struct tune *tune;
    const char *const *objectives; /* each as it is to be called */
    const char *db;
};

void tune_print(const struct tune_told *told, FILE *out);
void tune_json(const struct tune_told *told, struct text *out);

/* In sentences, all to be told by both; tune_sentences.c and tune_print_walk.c make them.
 * Why nothing is recommended, in one sentence; false: the best point is. */
bool tune_why_not(const struct tune *tune, struct text *out);
/* What was got out of sample beside what was promised and what is best in sample, in one sentence;
 * false: nothing was judged. `objectives` are their names. */
bool tune_out_of_sample(const struct tune *tune, const char *const *objectives, struct text *out);
/* What to be careful about, one sentence each: the index-th, false: there are no more. */
bool tune_warning(const struct tune_told *told, size_t index, struct text *out);

#endif
