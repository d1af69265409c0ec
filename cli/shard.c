#include "shard.h"

#include "base/text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { SHARDS_MAX = 1000000 };

/* Digits and nothing else. */
static bool read_number(const char *text, size_t *out_value)
{
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 7 || text[digits])
        return false;
    *out_value = (size_t)strtoull(text, NULL, 10);
    return true;
}

struct environment {
    shard_variable *variable;
    void *context;
};

/* STATUS_BAD_INPUT for a variable that is there and no number. */
static int number_of(const struct environment *environment, const char *name, size_t *out_value,
                     bool *out_there, struct error *err)
{
    const char *text = environment->variable(name, environment->context);
    *out_there = text != NULL;
    if (text && !read_number(text, out_value))
        return error_set(err, STATUS_BAD_INPUT, "the shard: %s=%.40s is no whole number", name,
                         text);
    return STATUS_OK;
}

/* Where the array tells its size it must be one whose numbers have no gaps. */
static int slurm_size(const struct environment *environment, struct shard *shard, size_t task,
                      struct error *err)
{
    size_t min = 0;
    size_t max = 0;
    size_t count = 0;
    bool all = true;
    bool there = false;
    int status = number_of(environment, "SLURM_ARRAY_TASK_MIN", &min, &there, err);
    all = there;
    if (!status)
        status = number_of(environment, "SLURM_ARRAY_TASK_MAX", &max, &there, err);
    all = all && there;
    if (!status)
        status = number_of(environment, "SLURM_ARRAY_TASK_COUNT", &count, &there, err);
    all = all && there;
    if (status)
        return status;
    if (!all || min > 1 || max + 1 - min != count || task < min || task > max)
        return error_set(err, STATUS_BAD_INPUT,
                         "the shard: Slurm's array is not numbered from 1 to its size: say of how "
                         "many shards, --shard auto/n or BALLAST_SHARDS=n, for an array of tasks "
                         "from 1 to n");
    shard->index = task - min;
    shard->count = count;
    return STATUS_OK;
}

static int from_slurm(const struct environment *environment, struct shard *shard, bool *out_there,
                      struct error *err)
{
    size_t task = 0;
    int status = number_of(environment, "SLURM_ARRAY_TASK_ID", &task, out_there, err);
    if (status || !*out_there)
        return status;
    if (shard->count == 0)
        return slurm_size(environment, shard, task, err);
    if (task < 1 || task > shard->count)
        return error_set(err, STATUS_BAD_INPUT,
                         "the shard: task %zu of Slurm's array is none of %zu: submit it with "
                         "--array=1-%zu",
                         task, shard->count, shard->count);
    shard->index = task - 1;
    return STATUS_OK;
}

static int from_batch(const struct environment *environment, struct shard *shard, bool *out_there,
                      struct error *err)
{
    size_t size = 0;
    bool told = false;
    int status = number_of(environment, "AWS_BATCH_JOB_ARRAY_INDEX", &shard->index, out_there, err);
    if (!status && *out_there)
        status = number_of(environment, "AWS_BATCH_JOB_ARRAY_SIZE", &size, &told, err);
    if (!status && *out_there && shard->count == 0) {
        if (!told)
            return error_set(err, STATUS_BAD_INPUT,
                             "the shard: AWS_BATCH_JOB_ARRAY_SIZE is not set: say of how many, "
                             "--shard auto/n or BALLAST_SHARDS=n");
        shard->count = size;
    }
    return status;
}

static int from_kubernetes(const struct environment *environment, struct shard *shard,
                           bool *out_there, struct error *err)
{
    int status = number_of(environment, "JOB_COMPLETION_INDEX", &shard->index, out_there, err);
    if (!status && *out_there && shard->count == 0)
        return error_set(err, STATUS_BAD_INPUT,
                         "the shard: Kubernetes does not tell a pod the job's completions: give "
                         "them, --shard auto/n or BALLAST_SHARDS=n");
    return status;
}

static const struct array {
    const char *variable;
    int (*from)(const struct environment *, struct shard *, bool *, struct error *);
} arrays[] = {
    {"SLURM_ARRAY_TASK_ID", from_slurm},
    {"AWS_BATCH_JOB_ARRAY_INDEX", from_batch},
    {"JOB_COMPLETION_INDEX", from_kubernetes},
};

/* What a job's file says of the array where the array itself does not. */
static const char *const shards_variable = "BALLAST_SHARDS";

static int read_shards(const struct environment *environment, size_t *out_count, struct error *err)
{
    const char *text = environment->variable(shards_variable, environment->context);
    if (text && (!read_number(text, out_count) || *out_count == 0 || *out_count > SHARDS_MAX))
        return error_set(err, STATUS_BAD_INPUT, "%s=%.40s: must be a whole number from 1 to %d",
                         shards_variable, text, SHARDS_MAX);
    return STATUS_OK;
}

static int from_array(const struct environment *environment, struct shard *shard, struct error *err)
{
    int status = shard->count ? STATUS_OK : read_shards(environment, &shard->count, err);
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays && !status; i++) {
        bool there = false;
        status = arrays[i].from(environment, shard, &there, err);
        if (status || !there)
            continue;
        if (shard->index >= shard->count)
            return error_set(err, STATUS_BAD_INPUT,
                             "the shard: this is task %zu (from 0) of %zu: the array has more "
                             "tasks than shards",
                             shard->index, shard->count);
        return number_of(environment, arrays[i].variable, &shard->task, &there, err);
    }
    if (status)
        return status;
    return error_set(err, STATUS_BAD_INPUT,
                     "the shard: this process is in no array job: SLURM_ARRAY_TASK_ID, "
                     "AWS_BATCH_JOB_ARRAY_INDEX and JOB_COMPLETION_INDEX are not set; give i/n");
}

/* Nobody asked: only who named the number of shards is told what is wrong with it. */
static int take_by_itself(const struct environment *environment, struct shard *out_shard,
                          struct error *err)
{
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays && !out_shard->array; i++) {
        if (environment->variable(arrays[i].variable, environment->context))
            out_shard->array = arrays[i].variable;
    }
    if (!out_shard->array)
        return STATUS_OK;
    struct shard shard = {.array = out_shard->array, .taken = true};
    struct error unknown = {0};
    int status = from_array(environment, &shard, &unknown);
    if (!status)
        *out_shard = shard;
    else if (environment->variable(shards_variable, environment->context))
        return error_set(err, status, "%s", unknown.text);
    return STATUS_OK;
}

int shard_read(const char *text, shard_variable *variable, void *context, struct shard *out_shard,
               struct error *err)
{
    *out_shard = (struct shard){.count = 1};
    const struct environment environment = {variable, context};
    if (!text)
        return take_by_itself(&environment, out_shard, err);
    struct shard shard = {0};
    char which[16] = "";
    const char *slash = strchr(text, '/');
    size_t length = slash ? (size_t)(slash - text) : strlen(text);
    bool right = length > 0 && length < sizeof which;
    if (right)
        memcpy(which, text, length);
    bool automatic = strcmp(which, "auto") == 0;
    right = right && (automatic || (slash && read_number(which, &shard.index) && shard.index > 0));
    if (right && slash)
        right = read_number(slash + 1, &shard.count) && shard.count > 0 &&
                shard.count <= SHARDS_MAX && (automatic || shard.index <= shard.count);
    if (!right)
        return error_set(
            err, STATUS_BAD_INPUT,
            "--shard %.40s: must be i/n, i from 1 to n (at most %d), or auto/n or auto "
            "in an array job",
            text, SHARDS_MAX);
    if (!automatic)
        shard.index--;
    int status = automatic ? from_array(&environment, &shard, err) : STATUS_OK;
    if (!status)
        *out_shard = shard;
    return status;
}

/* Whether `number` is in `name`, and no other number is. */
static bool names_only(const char *name, size_t number)
{
    static const char digits[] = "0123456789";
    const char *run = strpbrk(name, digits);
    if (!run || strpbrk(run + strspn(run, digits), digits))
        return false;
    return strtoull(run, NULL, 10) == number;
}

void shard_database(const struct shard *shard, const char *db, struct text *out_name)
{
    const char *slash = strrchr(db, '/');
    const char *name = slash ? slash + 1 : db;
    const char *dot = strrchr(name, '.');
    if (!dot || dot == name)
        dot = name + strlen(name);
    text_add_bytes(out_name, db, (size_t)(dot - db));
    if (!names_only(name, shard->task))
        text_addf(out_name, ".%zu-of-%zu", shard->index + 1, shard->count);
    text_add(out_name, dot);
}
