/* A block of rows as a table that SQL reads, "INSERT ... SELECT ... FROM sorted_rows": takes SQLite
 * a fifteenth less than statements of sixty-four rows with values bound to them, and is prepared in
 * no time. Inside traces/ only.
 */
#ifndef TRACES_ROWS_TABLE_H
#define TRACES_ROWS_TABLE_H

#include "traces/sorter.h"

#include <sqlite3.h>

/* A price's key puts it in the table's order: market << KEY_TIME_BITS | time_s. Times end with the
 * year 9999, below 2^38; more than 2^26 markets are refused. */
enum { KEY_TIME_BITS = 38 };
static const int64_t markets_max = INT64_C(1) << (64 - KEY_TIME_BITS);

static inline int64_t market_of(const struct sort_row *row)
{
    return (int64_t)(row->key >> KEY_TIME_BITS);
}

static inline int64_t time_of(const struct sort_row *row)
{
    return (int64_t)(row->key & ((UINT64_C(1) << KEY_TIME_BITS) - 1));
}

struct rows_table {
    const struct sort_row *rows;
    size_t count;
};

/* Make the table known to a connection, until rows_table_forget. Whoever reads it sees what `table`
 * has then. */
int rows_table_add(sqlite3 *database, struct rows_table *table);
void rows_table_forget(sqlite3 *database);

#endif
