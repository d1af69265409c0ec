/* What --vary and --sample mean: docs/sweeps.md, "The points". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "study/grid.h"

/* The values of one dimension, in words, with blanks between. */
static void values_are(const char *vary, const char *expected)
{
    struct grid grid = {0};
    struct error err = {0};
    struct text words = {0};
    assert_int_equal(grid_add(&grid, vary, &err), STATUS_OK);
    for (size_t i = 0; i < grid.dimensions[0].value_count; i++) {
        text_add(&words, i ? " " : "");
        grid_add_value(&grid.dimensions[0], i, &words);
    }
    assert_string_equal(words.data, expected);
    text_clean_up(&words);
    grid_clean_up(&grid);
}

static void refused(const char *vary, const char *words)
{
    struct grid grid = {0};
    struct error err = {0};
    assert_int_equal(grid_add(&grid, vary, &err), STATUS_BAD_INPUT);
    if (!strstr(err.text, words))
        fail_msg("%s: %s", vary, err.text);
    grid_clean_up(&grid);
}

static void the_forms(void **state)
{
    (void)state;
    values_are("a=1,b,2015-03-01T00:00:00Z", "1 b 2015-03-01T00:00:00Z");
    values_are("a=[1,2],{\"x\":1,\"y\":2},\"p,q\"", "[1,2] {\"x\":1,\"y\":2} \"p,q\"");
    values_are("policy=none,pending-capacity:seed+grace", "none pending-capacity:seed+grace");
    values_are("a=1:3:1", "1 2 3");
    values_are("a=0.1:0.3:0.1", "0.1 0.2 0.3");
    values_are("a=3:1:-1,7", "3 2 1 7");
    values_are("a=5:5:1", "5");
    values_are("a=9000000000000:-9000000000000:-9000000000000", "9000000000000 0 -9000000000000");
    values_are("a=2015-03-01T00:00:00Z,b:1,08:x:y", "2015-03-01T00:00:00Z b:1 08:x:y");
    values_are("a=\"60:300\"", "\"60:300\"");
    values_are("a=log:1:1000:4", "1 10 100 1000");
    values_are("a=log:1:4:9", "1 2 3 4");
    values_are("a=log:0.5:8:5", "0.5 1 2 4 8");
    values_are("a,b=1..x,2..y", "1..x 2..y");
    values_are("from,to=2015-03-01..2015-03-08:2d:3d",
               "2015-03-01T00:00:00Z..2015-03-03T00:00:00Z "
               "2015-03-04T00:00:00Z..2015-03-06T00:00:00Z");
}

static void what_is_refused(void **state)
{
    (void)state;
    refused("a", "write PATH=VALUES");
    refused("=1", "write PATH=VALUES");
    refused("a=", "write PATH=VALUES");
    refused("a=1,,2", "empty value");
    refused("a=1:10:4", "includes its end");
    refused("a=1:10:0", "does not lead");
    refused("a=1:10:-1", "does not lead");
    refused("a=0:9000000:1", "more than a million");
    refused("a=log:0:10:3", "0 < FROM < TO");
    refused("a=log:1:x:3", "three numbers");
    refused("a=log:1:100", "write log:FROM:TO:COUNT, three numbers");
    refused("a=log:1:100:3:4", "write log:FROM:TO:COUNT, three numbers");
    refused("a=60:300", "written FROM:TO:STEP, three numbers");
    refused("a=60:x:60", "written FROM:TO:STEP, three numbers");
    refused("a=60:300:", "written FROM:TO:STEP, three numbers");
    refused("a=60:300:60:60", "written FROM:TO:STEP, three numbers");
    refused("a=1,2,1", "the value 1 stands twice");
    refused("a,a=1..2", "varied twice");
    refused("a,b=1", "a part each");
    refused("a,=1", "PATH,PATH");
    refused("a,b=x..y:2d", "a,b: x: the time is not ISO 8601, such as 2015-03-12T00:00:00Z; "
                           "windows are written FROM..TO:LENGTH");
    refused("a,b=2015-03-01..1969-12-31:2d", "a,b: 1969-12-31: the time is before 1970;");
    refused("a,b,c=x..y..z:2d", "for two paths");
    refused("seed=9007199254740990:9007199254740994:1", "numbers up to 9.2e12");
    refused("a=0.0000001:1:0.1", "at most six decimals");
    refused("a=-9000000000000:9000000000000:1", "more than a million");
    refused("a=9000000000000:-9000000000000:-7", "includes its end");
    refused("a,b=2015-03-01..2015-03-02:3d", "no window");
}

/* Of two dimensions that set the same, the second would undo the first. */
static void dimensions_stand_apart(void **state)
{
    (void)state;
    static const char *const pairs[][3] = {
        {"a.b=1,2", "a.b=3", "a.b is varied twice"},
        {"a,b=1..2", "c,b=1..2", "b is varied twice"},
        {"a[0].b=1,2", "a.0.b=3", "a.0.b is varied twice"},
        {"policy=x,y", "policy.name=x,y", "policy.name is varied twice"},
        {"a.b.c=1,2", "a.b={},[]", "a.b would undo a.b.c, which is within it"},
        {"a[0].b=1,2", "a=[],[1]", "a would undo a[0].b"},
        {"a.b=1,2", "a.bc=1,2", NULL},
        {"a={},[]", "a.b=1,2", NULL},
        {"a[0]=1,2", "a[1]=1,2", NULL},
        {"policy.parameters.x=1,2", "policy=x,y", NULL},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct grid grid = {0};
        struct error err = {0};
        assert_int_equal(grid_add(&grid, pairs[i][0], &err), STATUS_OK);
        int status = grid_add(&grid, pairs[i][1], &err);
        if (pairs[i][2] ? !status || !strstr(err.text, pairs[i][2]) : status)
            fail_msg("%s: %s", pairs[i][1], err.text);
        grid_clean_up(&grid);
    }
    refused("a.b,a=1..2", "a would undo a.b");
}

static void make(struct grid *grid, const char *sample, uint64_t seed)
{
    struct error err = {0};
    *grid = (struct grid){0};
    assert_int_equal(grid_add(grid, "a=1:20:1", &err), STATUS_OK);
    assert_int_equal(grid_add(grid, "b=1:10:1", &err), STATUS_OK);
    assert_int_equal(grid_draw(grid, sample, seed, &err), STATUS_OK);
}

static void the_full_grid(void **state)
{
    (void)state;
    struct grid grid;
    struct text words = {0};
    make(&grid, NULL, 0);
    assert_int_equal(grid.point_count, 200);
    grid_add_point(&grid, 11, &words); /* the last dimension varies fastest */
    assert_string_equal(words.data, "a=2, b=2");
    text_clean_up(&words);
    struct error err = {0};
    assert_int_equal(grid_add(&grid, "b=1", &err), STATUS_BAD_INPUT);
    grid_clean_up(&grid);
}

static void random_points_differ(void **state)
{
    (void)state;
    struct grid grid;
    bool seen[20][10] = {0};
    make(&grid, "random:100", 7);
    assert_int_equal(grid.point_count, 100);
    for (size_t i = 0; i < 100; i++) {
        size_t at[2];
        grid_point(&grid, i, at);
        assert_false(seen[at[0]][at[1]]);
        seen[at[0]][at[1]] = true;
    }
    grid_clean_up(&grid);
}

static void a_latin_hypercube_is_even(void **state)
{
    (void)state;
    struct grid grid;
    struct grid other;
    size_t counts[2][20] = {0};
    size_t same = 0;
    make(&grid, "lhs:40", 1);
    make(&other, "lhs:40", 2);
    for (size_t i = 0; i < 40; i++) {
        size_t at[2];
        size_t otherwise[2];
        grid_point(&grid, i, at);
        grid_point(&other, i, otherwise);
        counts[0][at[0]]++;
        counts[1][at[1]]++;
        same += at[0] == otherwise[0] && at[1] == otherwise[1];
    }
    for (size_t i = 0; i < 20; i++)
        assert_int_equal(counts[0][i], 2);
    for (size_t i = 0; i < 10; i++)
        assert_int_equal(counts[1][i], 4);
    assert_true(same < 40);
    grid_clean_up(&grid);
    grid_clean_up(&other);
}

static void samples_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"random", "lhs:0", "lhs:-1",     "grid:3",
                                      "lhs:3x", ":5",    "random:101", "lhs:2000000"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct grid grid;
        struct error err = {0};
        make(&grid, NULL, 0);
        assert_int_equal(grid_draw(&grid, bad[i], 1, &err), STATUS_BAD_INPUT);
        grid_clean_up(&grid);
    }
}

static void assert_point(const struct grid *grid, size_t point, const char *expected)
{
    struct text words = {0};
    grid_add_point(grid, point, &words);
    assert_string_equal(words.data, expected);
    text_clean_up(&words);
}

/* Points stay what they are while values are added and numbered anew. */
static void a_space_grows(void **state)
{
    (void)state;
    struct grid grid = {0};
    struct error err = {0};
    assert_int_equal(grid_add(&grid, "a=9,1", &err), 0);
    assert_int_equal(grid_add(&grid, "b=x,y", &err), 0);
    assert_int_equal(grid_draw(&grid, NULL, 0, &err), 0);
    grid_list_points(&grid);
    assert_int_equal(grid_grow_value(&grid.dimensions[0], "5"), 2);
    grid_grow_point(&grid, (const size_t[]){2, 1});
    grid_grow_point(&grid, (const size_t[]){2, 0});
    grid_drop_point(&grid);
    grid_order_values(&grid, 0, (const size_t[]){1, 2, 0});
    assert_int_equal(grid.point_count, 5);
    assert_point(&grid, 0, "a=9, b=x");
    assert_point(&grid, 1, "a=9, b=y");
    assert_point(&grid, 3, "a=1, b=y");
    assert_point(&grid, 4, "a=5, b=y");
    size_t at[2];
    grid_point(&grid, 0, at);
    assert_int_equal(at[0], 2);
    grid_clean_up(&grid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_forms),
        cmocka_unit_test(what_is_refused),
        cmocka_unit_test(dimensions_stand_apart),
        cmocka_unit_test(the_full_grid),
        cmocka_unit_test(random_points_differ),
        cmocka_unit_test(a_latin_hypercube_is_even),
        cmocka_unit_test(samples_refused),
        cmocka_unit_test(a_space_grows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
