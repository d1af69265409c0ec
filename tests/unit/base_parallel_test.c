/* Pieces of work on several threads: each is done once, and the error told is always the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/parallel.h"
#include "valgrind.h"

#include <pthread.h>
#include <sched.h>
#include <unistd.h>

enum { PIECES = 200 };

struct sheet {
    int done[PIECES];
    size_t told; /* of pieces done */
    size_t fails_from;
};

static int piece(size_t index, void *context, struct error *err)
{
    struct sheet *sheet = context;
    sheet->done[index]++;
    if (index >= sheet->fails_from)
        return error_set(err, STATUS_BAD_INPUT, "piece %zu", index);
    return STATUS_OK;
}

static void progress(size_t done, void *context)
{
    struct sheet *sheet = context;
    assert_int_equal(done, sheet->told + 1);
    sheet->told = done;
}

static void each_piece_is_done_once(void **state)
{
    (void)state;
    const size_t threads[] = {0, 1, 2, 7, under_valgrind() ? 16 : 2 * PIECES};
    for (size_t i = 0; i < sizeof threads / sizeof threads[0]; i++) {
        struct sheet sheet = {.fails_from = PIECES};
        const struct parallel_work work = {.count = PIECES,
                                           .threads = threads[i],
                                           .context = &sheet,
                                           .piece = piece,
                                           .progress = progress};
        assert_int_equal(parallel_run(&work, NULL), STATUS_OK);
        for (size_t k = 0; k < PIECES; k++)
            assert_int_equal(sheet.done[k], 1);
        assert_int_equal(sheet.told, PIECES);
    }
}

static void the_first_failing_piece_is_told(void **state)
{
    (void)state;
    for (size_t threads = 1; threads <= 8; threads++) {
        struct sheet sheet = {.fails_from = 10};
        struct error err = {0};
        const struct parallel_work work = {
            .count = PIECES, .threads = threads, .context = &sheet, .piece = piece};
        assert_int_equal(parallel_run(&work, &err), STATUS_BAD_INPUT);
        assert_string_equal(err.text, "piece 10");
        assert_int_equal(sheet.done[PIECES - 1], 0); /* it stopped early */
    }
}

static void nothing_to_do_is_done(void **state)
{
    (void)state;
    const struct parallel_work work = {.piece = piece};
    assert_int_equal(parallel_run(&work, NULL), STATUS_OK);
}

static int by_whom(size_t index, void *context, struct error *err)
{
    pthread_t *workers = context;
    (void)err;
    workers[index] = pthread_self();
    usleep(1000); /* so that another thread, if there is one, gets its turn */
    return STATUS_OK;
}

/* A scheduler gives a task some of the machine's processors: it starts no more threads. */
static void no_more_threads_than_processors_that_are_ours(void **state)
{
    (void)state;
    pthread_t workers[PIECES];
    cpu_set_t before;
    cpu_set_t one;
    const struct parallel_work work = {.count = PIECES, .context = workers, .piece = by_whom};
    assert_int_equal(sched_getaffinity(0, sizeof before, &before), 0);
    CPU_ZERO(&one);
    for (size_t cpu = 0; cpu < CPU_SETSIZE && CPU_COUNT(&one) == 0; cpu++) {
        if (CPU_ISSET(cpu, &before))
            CPU_SET(cpu, &one);
    }
    assert_int_equal(sched_setaffinity(0, sizeof one, &one), 0);
    int status = parallel_run(&work, NULL);
    sched_setaffinity(0, sizeof before, &before);
    assert_int_equal(status, STATUS_OK);
    for (size_t i = 0; i < PIECES; i++)
        assert_true(pthread_equal(workers[i], pthread_self()));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_piece_is_done_once),
        cmocka_unit_test(the_first_failing_piece_is_told),
        cmocka_unit_test(nothing_to_do_is_done),
        cmocka_unit_test(no_more_threads_than_processors_that_are_ours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
