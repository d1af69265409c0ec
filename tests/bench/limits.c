/* What this machine can do at best: the measure that the other rates are held against. */
#include "base/memory.h"
#include "base/pcg64.h"
#include "base/text.h"
#include "bench.h"
#include "sim/event_queue.h"
#include "traces/trace.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    TAPE_RECORDS = 50000,
    PASSES = 400,
    POOLS = 12,
    ROWS_AT_ONCE = 64,
    INSERT_ROWS = ROWS_AT_ONCE * 15625,
    DELAYS = 1 << 12,
    EVENTS = 8000000
};

/* A price change on a tape of all pools. */
struct change {
    int64_t time_s;
    uint32_t micro_usd_per_hour;
    uint32_t pool;
};

/* Read every record and keep the newest price of its pool, as a market must. A year's tape is small
 * enough to stay near the processor, as a run's is. */
double scan_records(struct job_clock *clock, const void *unused)
{
    (void)unused;
    struct change *tape = memory_new(TAPE_RECORDS, sizeof *tape);
    for (uint32_t i = 0; i < TAPE_RECORDS; i++)
        tape[i] = (struct change){i, i % 1009, i * 7 % POOLS};
    int64_t newest[POOLS] = {0};
    volatile int64_t seen = 0;
    clock->processor = true;
    job_start(clock);
    for (int pass = 0; pass < PASSES; pass++) {
        for (size_t i = 0; i < TAPE_RECORDS; i++)
            newest[tape[i].pool] = tape[i].micro_usd_per_hour;
        for (size_t i = 0; i < POOLS; i++)
            seen += newest[i];
    }
    job_stop(clock);
    free(tape);
    return (double)TAPE_RECORDS * PASSES;
}

/* So many events are pending; the first is taken out, and another one comes after a delay that is
 * drawn, so that it may go anywhere between the others. */
double pass_events(struct job_clock *clock, const void *argument)
{
    const int *pending = argument;
    int32_t *delays_s = memory_new(DELAYS, sizeof *delays_s);
    struct event_queue queue = {0};
    struct pcg64 rng;
    const uint64_t key[] = {pcg64_word("queue")};
    pcg64_seed_key(&rng, key, ARRAY_LENGTH(key));
    for (int i = 0; i < DELAYS; i++)
        delays_s[i] = (int32_t)pcg64_between(&rng, 1, 3600);
    for (int i = 0; i < *pending; i++)
        event_push(&queue, delays_s[i % DELAYS], EVENT_RUNNING, (uint32_t)i);
    clock->processor = true;
    job_start(clock);
    for (int i = 0; i < EVENTS; i++) {
        struct event event = event_pop(&queue);
        event_push(&queue, event_time(&event) + delays_s[i % DELAYS], EVENT_RUNNING, event.subject);
    }
    job_stop(clock);
    if (queue.count + queue.line_count - queue.line_first != (size_t)*pending)
        job_fail("the queue lost an event");
    event_queue_clean_up(&queue);
    free(delays_s);
    return EVENTS;
}

static sqlite3_stmt *prepare_insert(sqlite3 *database)
{
    sqlite3_stmt *insert = NULL;
    struct text sql = {0};
    text_add(&sql, "INSERT INTO t VALUES");
    for (int row = 0; row < ROWS_AT_ONCE; row++)
        text_add(&sql, row ? ",(?,?,?)" : "(?,?,?)");
    if (sqlite3_prepare_v2(database, sql.data, -1, &insert, NULL))
        job_fail("the limit of SQLite could not be measured");
    text_clean_up(&sql);
    return insert;
}

/* Many rows a statement, the fastest way known: a row a statement takes two to three times as long.
 */
double insert_rows(struct job_clock *clock, const void *folder)
{
    char *path = memory_format("%s/limit.db", (const char *)folder);
    unlink(path);
    sqlite3 *database = NULL;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(path, &database, flags, NULL) ||
        sqlite3_exec(database, "CREATE TABLE t (a INTEGER, b INTEGER, c INTEGER); BEGIN", NULL,
                     NULL, NULL))
        job_fail("the limit of SQLite could not be measured");
    sqlite3_stmt *insert = prepare_insert(database);
    job_start(clock);
    for (int64_t i = 0; i < INSERT_ROWS;) {
        for (int row = 0; row < ROWS_AT_ONCE; row++, i++) {
            sqlite3_bind_int64(insert, 3 * row + 1, i & 15);
            sqlite3_bind_int64(insert, 3 * row + 2, 1425254400 + i);
            sqlite3_bind_int64(insert, 3 * row + 3, 50000 + i % 1009);
        }
        if (sqlite3_step(insert) != SQLITE_DONE)
            job_fail("the limit of SQLite could not be measured");
        sqlite3_reset(insert);
    }
    if (sqlite3_exec(database, "COMMIT", NULL, NULL, NULL))
        job_fail("the limit of SQLite could not be measured");
    job_stop(clock);
    sqlite3_finalize(insert);
    sqlite3_close(database);
    unlink(path);
    free(path);
    return INSERT_ROWS;
}
