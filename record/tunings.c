#include "record/tunings.h"

#include "record/row.h"

enum { TUNINGS_SINCE = 8 }; /* version of the file */

int tunings_add(struct results *results, int64_t sweep, const struct stored_tuning *tuning,
                struct error *err)
{
    struct row row;
    int status = row_begin(&row, results,
                           "INSERT OR IGNORE INTO tuning VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,"
                           "?11,?12)",
                           err);
    if (status)
        return status;
    row_integer(&row, sweep);
    row_text(&row, tuning->minimize);
    row_text(&row, tuning->subject_to);
    row_integer(&row, (int64_t)tuning->train);
    row_integer(&row, (int64_t)tuning->windows);
    row_integer(&row, (int64_t)tuning->seeds);
    row_integer(&row, (int64_t)tuning->episodes);
    row_unless(&row, tuning->has_best ? (int64_t)tuning->best : -1, -1);
    row_text(&row, tuning->has_best ? tuning->varied : NULL);
    row_text(&row, tuning->beyond);
    row_text(&row, tuning->why_not);
    row_text(&row, tuning->out_of_sample);
    return row_end(&row, err);
}

int tunings_each(struct results *results, int64_t sweep,
                 void (*take)(const struct stored_tuning *tuning, void *context), void *context,
                 struct error *err)
{
    if (results->version < TUNINGS_SINCE)
        return STATUS_OK;
    struct row row;
    int status = row_begin(
        &row, results,
        "SELECT minimize, subject_to, windows, seeds, episodes, best, "
        "varied, beyond, why_not, train, out_of_sample FROM tuning WHERE sweep=?1 ORDER BY "
        "minimize, subject_to, train",
        err);
    if (status)
        return status;
    row_integer(&row, sweep);
    while (row_next(&row)) {
        const struct stored_tuning tuning = {
            .minimize = (const char *)sqlite3_column_text(row.statement, 0),
            .subject_to = (const char *)sqlite3_column_text(row.statement, 1),
            .windows = (size_t)sqlite3_column_int64(row.statement, 2),
            .seeds = (size_t)sqlite3_column_int64(row.statement, 3),
            .episodes = (size_t)sqlite3_column_int64(row.statement, 4),
            .has_best = sqlite3_column_type(row.statement, 5) != SQLITE_NULL,
            .best = (size_t)sqlite3_column_int64(row.statement, 5),
            .varied = (const char *)sqlite3_column_text(row.statement, 6),
            .beyond = (const char *)sqlite3_column_text(row.statement, 7),
            .why_not = (const char *)sqlite3_column_text(row.statement, 8),
            .train = (size_t)sqlite3_column_int64(row.statement, 9),
            .out_of_sample = (const char *)sqlite3_column_text(row.statement, 10)};
        take(&tuning, context);
    }
    return row_close(&row, STATUS_OK, err);
}
