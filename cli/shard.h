/* --shard: which part of a sweep this process computes. Inside cli/ only.
 *
 *     i/n      part i of n, i from 1
 *     auto/n   i is this task's number in the array job it belongs to
 *     auto     n too: BALLAST_SHARDS, which a job's file may set, else what the array tells
 *
 * Without --shard a task of an array job takes its shard by itself, as auto does, if it can, and
 * its database gets a name that no other task's has.
 *
 * Slurm numbers the tasks of an array as it is told, so n parts are --array=1-n
 * (SLURM_ARRAY_TASK_ID; n from _MIN, _MAX and _COUNT, where also 0-(n-1) is understood). AWS Batch
 * (AWS_BATCH_JOB_ARRAY_INDEX, n in _SIZE) and Kubernetes' indexed jobs (JOB_COMPLETION_INDEX) count
 * from 0.
 * Sources: Slurm's "Job Array Support"; AWS Batch User Guide, "AWS Batch job environment
 * variables"; Kubernetes, "Jobs", completion mode.
 */
#ifndef CLI_SHARD_H
#define CLI_SHARD_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

struct text;

struct shard {
    size_t index; /* from 0 */
    size_t count; /* 1: nothing is split */
    /* The variable that says that this process is a task of an array job, where nobody gave
     * --shard; else NULL. And whether the shard was taken from it; if not, its number or that of
     * all tasks is not known, and nothing is split. */
    const char *array;
    bool taken;
    size_t task; /* with `taken`: the value of `array` */
};

/* A variable of the environment, or NULL. */
typedef const char *shard_variable(const char *name, void *context);

/* `text` is what --shard was given, or NULL. */
int shard_read(const char *text, shard_variable *variable, void *context, struct shard *out_shard,
               struct error *err);

/* Add the name of the database of a shard that was taken: `db` if the only number in the file's
 * name is the task's (no other task has that one), else with the shard in it, as sweep.2-of-4.db.
 */
void shard_database(const struct shard *shard, const char *db, struct text *out_name);

#endif
