#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "base/shelf.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

/* A thing is a number; below 0 it cannot be made. */
static atomic_int made;
static atomic_int alive;

static void *make(const void *argument)
{
    const int *number = argument;
    atomic_fetch_add(&made, 1);
    if (*number < 0)
        return NULL;
    int *thing = memory_new(1, sizeof *thing);
    *thing = *number;
    atomic_fetch_add(&alive, 1);
    return thing;
}

static void destroy(void *thing)
{
    atomic_fetch_sub(&alive, 1);
    free(thing);
}

static size_t thousand(const void *thing)
{
    (void)thing;
    return 1000;
}

static const struct shelf_kind kind = {make, destroy, thousand};

static int *take(struct shelf *shelf, int number)
{
    char key[16];
    snprintf(key, sizeof key, "%d", number);
    return shelf_take(shelf, key, &number);
}

static void a_thing_is_made_once(void **state)
{
    (void)state;
    atomic_store(&made, 0);
    struct shelf *shelf = shelf_new(&kind, 100000);
    const int *first = take(shelf, 7);
    const int *second = take(shelf, 7);
    assert_ptr_equal(first, second);
    assert_int_equal(*first, 7);
    shelf_give_back(shelf, first);
    shelf_give_back(shelf, second);
    assert_ptr_equal(take(shelf, 7), first);
    shelf_give_back(shelf, first);
    assert_int_equal(atomic_load(&made), 1);
    shelf_free(shelf);
    assert_int_equal(atomic_load(&alive), 0);
}

static void what_cannot_be_made_is_asked_for_once(void **state)
{
    (void)state;
    atomic_store(&made, 0);
    struct shelf *shelf = shelf_new(&kind, 100000);
    assert_null(take(shelf, -1));
    assert_null(take(shelf, -1));
    assert_int_equal(atomic_load(&made), 1);
    shelf_free(shelf);
}

/* Room is for two or three; what is held stays, what was wanted longest ago goes. */
static void what_nobody_holds_goes_when_there_is_no_room(void **state)
{
    (void)state;
    atomic_store(&made, 0);
    struct shelf *shelf = shelf_new(&kind, 3500);
    const int *held = take(shelf, 1);
    for (int number = 2; number <= 5; number++)
        shelf_give_back(shelf, take(shelf, number));
    assert_in_range(atomic_load(&alive), 2, 3);
    assert_int_equal(*held, 1);
    shelf_give_back(shelf, take(shelf, 5));
    assert_int_equal(atomic_load(&made), 5);
    shelf_give_back(shelf, take(shelf, 2));
    assert_int_equal(atomic_load(&made), 6);
    const int *again = take(shelf, 1);
    assert_ptr_equal(again, held);
    shelf_give_back(shelf, held);
    shelf_give_back(shelf, again);
    shelf_free(shelf);
    assert_int_equal(atomic_load(&alive), 0);
}

static void what_was_wanted_last_stays_whatever_its_size(void **state)
{
    (void)state;
    atomic_store(&made, 0);
    struct shelf *shelf = shelf_new(&kind, 10);
    for (int i = 0; i < 3; i++)
        shelf_give_back(shelf, take(shelf, 1));
    assert_int_equal(atomic_load(&made), 1);
    shelf_give_back(shelf, take(shelf, 2));
    assert_int_equal(atomic_load(&alive), 1);
    shelf_free(shelf);
}

static int use(size_t index, void *context, struct error *err)
{
    (void)err;
    const int *thing = take(context, (int)(index % 10));
    assert_int_equal(*thing, (int)(index % 10));
    shelf_give_back(context, thing);
    return STATUS_OK;
}

static void threads_share_things(void **state)
{
    (void)state;
    atomic_store(&made, 0);
    struct error err = {0};
    struct shelf *shelf = shelf_new(&kind, 100000);
    const struct parallel_work work = {.count = 2000, .threads = 4, .context = shelf, .piece = use};
    assert_int_equal(parallel_run(&work, &err), STATUS_OK);
    assert_int_equal(atomic_load(&made), 10);
    shelf_free(shelf);
    assert_int_equal(atomic_load(&alive), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thing_is_made_once),
        cmocka_unit_test(what_cannot_be_made_is_asked_for_once),
        cmocka_unit_test(what_nobody_holds_goes_when_there_is_no_room),
        cmocka_unit_test(what_was_wanted_last_stays_whatever_its_size),
        cmocka_unit_test(threads_share_things),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
