/* --shard: which part is this process's, from what is written or from the array job it is in. */
#include "cli/shard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>
#include <cmocka.h>

/* NAME=VALUE, parted by spaces. */
static const char *look(const char *name, void *context)
{
    static char value[64];
    const char *all = context;
    size_t length = strlen(name);
    for (const char *at = all; at && *at; at += strcspn(at, " "), at += *at == ' ') {
        if (strncmp(at, name, length) == 0 && at[length] == '=') {
            size_t size = strcspn(at + length + 1, " ");
            memcpy(value, at + length + 1, size);
            value[size] = '\0';
            return value;
        }
    }
    return NULL;
}

#define SLURM(id, min, max, count)                                                                 \
    "SLURM_ARRAY_TASK_ID=" #id " SLURM_ARRAY_TASK_MIN=" #min " SLURM_ARRAY_TASK_MAX=" #max         \
    " SLURM_ARRAY_TASK_COUNT=" #count

static void test_parts(void **state)
{
    static const struct {
        const char *text;
        const char *environment;
        size_t index;
        size_t count;
    } cases[] = {
        {NULL, SLURM(2, 1, 4, 4), 0, 1}, /* nobody asked */
        {"1/1", "", 0, 1},
        {"3/7", SLURM(2, 1, 4, 4), 2, 7},
        {"auto", SLURM(1, 1, 4, 4), 0, 4},
        {"auto", SLURM(4, 1, 4, 4), 3, 4},
        {"auto", SLURM(0, 0, 3, 4), 0, 4},
        {"auto", SLURM(3, 0, 3, 4), 3, 4},
        {"auto/8", SLURM(3, 3, 7, 2), 2, 8}, /* two tasks of eight, sent again */
        {"auto", "AWS_BATCH_JOB_ARRAY_INDEX=0 AWS_BATCH_JOB_ARRAY_SIZE=10", 0, 10},
        {"auto", "AWS_BATCH_JOB_ARRAY_INDEX=9 AWS_BATCH_JOB_ARRAY_SIZE=10", 9, 10},
        {"auto/12", "AWS_BATCH_JOB_ARRAY_INDEX=9 AWS_BATCH_JOB_ARRAY_SIZE=10", 9, 12},
        {"auto/5", "JOB_COMPLETION_INDEX=4", 4, 5},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct shard shard;
        struct error err = {0};
        assert_int_equal(
            shard_read(cases[i].text, look, (void *)cases[i].environment, &shard, &err), STATUS_OK);
        assert_int_equal(shard.index, cases[i].index);
        assert_int_equal(shard.count, cases[i].count);
    }
}

static void test_refusals(void **state)
{
    static const struct {
        const char *text;
        const char *environment;
        const char *words;
    } cases[] = {
        {"", "", "must be i/n"},
        {"3", "", "must be i/n"},
        {"0/4", "", "must be i/n"},
        {"5/4", "", "must be i/n"},
        {"1/0", "", "must be i/n"},
        {"1/4x", "", "must be i/n"},
        {"-1/4", "", "must be i/n"},
        {"1/1000001", "", "must be i/n"},
        {"11111111111111111111/4", "", "must be i/n"},
        {"auto/0", "", "must be i/n"},
        {"auto", "", "in no array job"},
        {"auto/4", SLURM(0, 0, 3, 4), "--array=1-4"},
        {"auto/4", SLURM(5, 1, 5, 5), "--array=1-4"},
        {"auto", SLURM(3, 3, 7, 2), "not numbered from 1"},
        {"auto", SLURM(2, 1, 7, 2), "not numbered from 1"},
        {"auto", "SLURM_ARRAY_TASK_ID=2", "not numbered from 1"},
        {"auto", "SLURM_ARRAY_TASK_ID=two", "SLURM_ARRAY_TASK_ID=two is no whole number"},
        {"auto", "AWS_BATCH_JOB_ARRAY_INDEX=2", "AWS_BATCH_JOB_ARRAY_SIZE is not set"},
        {"auto/2", "AWS_BATCH_JOB_ARRAY_INDEX=2", "more tasks than parts"},
        {"auto", "JOB_COMPLETION_INDEX=2", "auto/n"},
        {"auto/2", "JOB_COMPLETION_INDEX=2", "more tasks than parts"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct shard shard;
        struct error err = {0};
        assert_int_equal(
            shard_read(cases[i].text, look, (void *)cases[i].environment, &shard, &err),
            STATUS_BAD_INPUT);
        assert_non_null(strstr(err.text, cases[i].words));
        assert_int_equal(shard.count, 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
