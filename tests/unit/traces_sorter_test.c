/* Sorting more rows than there is memory for. */
#include "traces_fixture.h"
#include "valgrind.h"

#include "base/pcg64.h"
#include "traces/sorter.h"

/* Rows of few keys and of many, numbered as they are added. */
static struct sort_row *random_rows(size_t count, uint64_t keys, uint64_t seed)
{
    struct sort_row *rows = memory_new(count, sizeof *rows);
    struct pcg64 luck;
    pcg64_seed(&luck, seed, 1);
    for (size_t i = 0; i < count; i++) {
        uint64_t key = pcg64_below(&luck, keys);
        rows[i] = (struct sort_row){.key = key << 38 | key * 7919,
                                    .micro_usd_per_hour = (int64_t)i * 3,
                                    .line = (int64_t)i};
    }
    return rows;
}

static int by_key_then_line(const void *a, const void *b)
{
    const struct sort_row *left = a;
    const struct sort_row *right = b;
    if (left->key != right->key)
        return left->key < right->key ? -1 : 1;
    return (left->line > right->line) - (left->line < right->line);
}

static void sorts(const struct fixture *f, size_t count, uint64_t keys)
{
    struct error err = {0};
    struct sort_row *rows = random_rows(count, keys, count + keys);
    struct sorter *sorter = sorter_new(f->path);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(sorter_add(sorter, rows[i], &err), STATUS_OK);
    if (count)
        qsort(rows, count, sizeof *rows, by_key_then_line);
    size_t taken = 0;
    size_t here = 0;
    do {
        struct sort_row *block = NULL;
        assert_int_equal(sorter_take(sorter, &block, &here, &err), STATUS_OK);
        assert_true(taken + here <= count);
        if (here)
            assert_memory_equal(block, rows + taken, here * sizeof *rows);
        taken += here;
    } while (here);
    assert_int_equal(taken, count);
    sorter_destroy(sorter);
    free(rows);
}

static void any_number_of_rows(void **state)
{
    sorts(*state, 0, 1);
    sorts(*state, 1, 1);
    sorts(*state, 1000, 1000000);
    sorts(*state, SORT_CHUNK + 1, 3);
    if (under_valgrind())
        return; /* where sorting takes a minute */
    sorts(*state, SORT_CHUNK, 100000);
    sorts(*state, 3 * SORT_CHUNK, 1000000);
    sorts(*state, 5 * SORT_CHUNK / 2, 50);
}

/* Rows that come in order, and those that come in reverse, go from one run to the next. */
static void rows_in_order_and_in_reverse(void **state)
{
    const struct fixture *f = *state;
    enum { COUNT = 2 * SORT_CHUNK + 7 };
    for (int reverse = 0; reverse < 2; reverse++) {
        struct error err = {0};
        struct sorter *sorter = sorter_new(f->path);
        for (uint64_t i = 0; i < COUNT; i++) {
            const struct sort_row row = {.key = reverse ? COUNT - 1 - i : i};
            assert_int_equal(sorter_add(sorter, row, &err), STATUS_OK);
        }
        uint64_t next = 0;
        size_t count = 0;
        do {
            struct sort_row *rows = NULL;
            assert_int_equal(sorter_take(sorter, &rows, &count, &err), STATUS_OK);
            for (size_t i = 0; i < count; i++)
                assert_int_equal(rows[i].key, next++);
        } while (count);
        assert_int_equal(next, COUNT);
        sorter_destroy(sorter);
    }
}

static void its_file_has_no_name(void **state)
{
    const struct fixture *f = *state;
    struct error err = {0};
    struct sorter *sorter = sorter_new(f->path);
    for (int i = 0; i <= SORT_CHUNK; i++)
        assert_int_equal(sorter_add(sorter, (struct sort_row){0}, &err), STATUS_OK);
    DIR *folder = opendir(f->folder);
    for (struct dirent *entry; (entry = readdir(folder));)
        assert_null(strstr(entry->d_name, "sorting"));
    closedir(folder);
    sorter_destroy(sorter);
}

static void where_no_file_can_be_made(void **state)
{
    (void)state;
    struct error err = {0};
    struct sorter *sorter = sorter_new("/nowhere/traces.db");
    for (int i = 0; i < SORT_CHUNK; i++)
        assert_int_equal(sorter_add(sorter, (struct sort_row){0}, &err), STATUS_OK);
    assert_int_equal(sorter_add(sorter, (struct sort_row){0}, &err), STATUS_FAILURE);
    assert_string_equal(err.text, "/nowhere/traces.db: the file beside it in which prices are "
                                  "sorted cannot be made: No such file or directory");
    sorter_destroy(sorter);
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, fixture_open, fixture_close)
    const struct CMUnitTest tests[] = {
        CASE(any_number_of_rows),
        CASE(rows_in_order_and_in_reverse),
        CASE(its_file_has_no_name),
        CASE(where_no_file_can_be_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
