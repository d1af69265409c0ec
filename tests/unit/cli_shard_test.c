/* --shard: which part is this process's, from what is written or from the array job it is in. */
#include "cli/shard.h"

#include "base/text.h"

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
        {NULL, "", 0, 1},
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
        {"auto", "JOB_COMPLETION_INDEX=4 BALLAST_SHARDS=5", 4, 5},
        {"auto/8", "JOB_COMPLETION_INDEX=4 BALLAST_SHARDS=5", 4, 8},
        {"auto", SLURM(3, 3, 7, 2) " BALLAST_SHARDS=8", 2, 8},
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
        {"auto/2", "AWS_BATCH_JOB_ARRAY_INDEX=2", "more tasks than shards"},
        {"auto", "JOB_COMPLETION_INDEX=2", "auto/n"},
        {"auto/2", "JOB_COMPLETION_INDEX=2", "more tasks than shards"},
        {"auto", "JOB_COMPLETION_INDEX=2 BALLAST_SHARDS=0", "BALLAST_SHARDS=0: must be"},
        {NULL, "JOB_COMPLETION_INDEX=2 BALLAST_SHARDS=3x", "BALLAST_SHARDS=3x: must be"},
        {NULL, "JOB_COMPLETION_INDEX=2 BALLAST_SHARDS=2", "more tasks than shards"},
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

/* Nobody asked: a shard is taken where the task's number and that of all are known. */
static void test_by_itself(void **state)
{
    static const struct {
        const char *environment;
        const char *array;
        bool taken;
        size_t index;
        size_t count;
        size_t task;
    } cases[] = {
        {"", NULL, false, 0, 1, 0},
        {"BALLAST_SHARDS=4", NULL, false, 0, 1, 0},
        {SLURM(2, 1, 4, 4), "SLURM_ARRAY_TASK_ID", true, 1, 4, 2},
        {SLURM(0, 0, 3, 4), "SLURM_ARRAY_TASK_ID", true, 0, 4, 0},
        {SLURM(7, 3, 7, 2), "SLURM_ARRAY_TASK_ID", false, 0, 1, 0},
        {SLURM(7, 3, 7, 2) " BALLAST_SHARDS=9", "SLURM_ARRAY_TASK_ID", true, 6, 9, 7},
        {"SLURM_ARRAY_TASK_ID=2", "SLURM_ARRAY_TASK_ID", false, 0, 1, 0},
        {"SLURM_ARRAY_TASK_ID=two", "SLURM_ARRAY_TASK_ID", false, 0, 1, 0},
        {"AWS_BATCH_JOB_ARRAY_INDEX=9 AWS_BATCH_JOB_ARRAY_SIZE=10", "AWS_BATCH_JOB_ARRAY_INDEX",
         true, 9, 10, 9},
        {"AWS_BATCH_JOB_ARRAY_INDEX=9", "AWS_BATCH_JOB_ARRAY_INDEX", false, 0, 1, 0},
        {"JOB_COMPLETION_INDEX=3", "JOB_COMPLETION_INDEX", false, 0, 1, 0},
        {"JOB_COMPLETION_INDEX=3 BALLAST_SHARDS=4", "JOB_COMPLETION_INDEX", true, 3, 4, 3},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct shard shard;
        struct error err = {0};
        assert_int_equal(shard_read(NULL, look, (void *)cases[i].environment, &shard, &err),
                         STATUS_OK);
        if (cases[i].array)
            assert_string_equal(shard.array, cases[i].array);
        else
            assert_null(shard.array);
        assert_int_equal(shard.taken, cases[i].taken);
        assert_int_equal(shard.index, cases[i].index);
        assert_int_equal(shard.count, cases[i].count);
        assert_int_equal(shard.task, cases[i].task);
    }
}

static void test_databases(void **state)
{
    static const struct {
        const char *db;
        size_t task;
        const char *name;
    } cases[] = {
        {"sweep.db", 2, "sweep.3-of-4.db"},     {"sweep", 2, "sweep.3-of-4"},
        {".sweep", 2, ".sweep.3-of-4"},         {"runs.d/sweep", 2, "runs.d/sweep.3-of-4"},
        {"2/sweep.db", 2, "2/sweep.3-of-4.db"}, {"1/2.db", 2, "1/2.db"},
        {"shard-002.db", 2, "shard-002.db"},    {"3.db", 2, "3.3-of-4.db"},
        {"22.db", 2, "22.3-of-4.db"},           {"2-1.db", 2, "2-1.3-of-4.db"},
        {"2.db2", 2, "2.3-of-4.db2"},           {"0", 0, "0"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct shard shard = {.index = 2, .count = 4, .taken = true, .task = cases[i].task};
        struct text name = {0};
        shard_database(&shard, cases[i].db, &name);
        assert_string_equal(name.data, cases[i].name);
        text_clean_up(&name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_by_itself),
        cmocka_unit_test(test_databases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
