/* What this machine can do at best: the measure that the other rates are held against. */
#include "base/memory.h"
#include "bench.h"
#include "traces/trace.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { SCAN_RECORDS = 16 * 1024 * 1024, INSERT_ROWS = 1000000, POOLS = 12 };

/* Read every record and keep the newest price of its pool, as a market must. */
double scan_records(struct job_clock *clock, const void *unused)
{
    (void)unused;
    struct price_step *steps = memory_new(SCAN_RECORDS, sizeof *steps);
    for (int64_t i = 0; i < SCAN_RECORDS; i++)
        steps[i] = (struct price_step){i, i % 1009};
    volatile int64_t seen = 0;
    int64_t newest[POOLS] = {0};
    clock->processor = true;
    job_start(clock);
    size_t pool = 0;
    for (size_t i = 0; i < SCAN_RECORDS; i++) {
        newest[pool] = steps[i].micro_usd_per_hour;
        pool = pool + 1 == POOLS ? 0 : pool + 1;
    }
    for (size_t i = 0; i < POOLS; i++)
        seen += newest[i];
    job_stop(clock);
    free(steps);
    return SCAN_RECORDS;
}

double insert_rows(struct job_clock *clock, const void *folder)
{
    char *path = memory_format("%s/limit.db", (const char *)folder);
    unlink(path);
    sqlite3 *database = NULL;
    sqlite3_stmt *insert = NULL;
    if (sqlite3_open(path, &database) ||
        sqlite3_exec(database, "CREATE TABLE t (a INTEGER, b INTEGER, c INTEGER); BEGIN", NULL,
                     NULL, NULL) ||
        sqlite3_prepare_v2(database, "INSERT INTO t VALUES (?,?,?)", -1, &insert, NULL))
        job_fail("the limit of SQLite could not be measured");
    job_start(clock);
    for (int64_t i = 0; i < INSERT_ROWS; i++) {
        sqlite3_bind_int64(insert, 1, i & 15);
        sqlite3_bind_int64(insert, 2, 1425254400 + i);
        sqlite3_bind_int64(insert, 3, 50000 + i % 1009);
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
