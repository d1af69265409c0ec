/* --shard: which part of a sweep this process computes. Inside cli/ only.
 *
 *     i/n      part i of n, i from 1
 *     auto/n   i is this task's number in the array job it belongs to
 *     auto     n too, where the array tells it
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

#include <stddef.h>

struct shard {
    size_t index; /* from 0 */
    size_t count; /* 1: nothing is split */
};

/* A variable of the environment, or NULL. */
typedef const char *shard_variable(const char *name, void *context);

/* `text` is what --shard was given, or NULL. */
int shard_read(const char *text, shard_variable *variable, void *context, struct shard *out_shard,
               struct error *err);

/* The variable that says that this process is a task of an array job, or NULL. */
const char *shard_array(shard_variable *variable, void *context);

#endif
