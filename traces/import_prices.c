/* Prices into their table: sorted, merged with what is there, appended many at a time.
 *
 * `place` and `last_place` order the records of one market in one second: the first and the last
 * place among the file's records of that second where this price stood. The newer end of an
 * oldest-first file is its greatest last_place, of a newest-first file its smallest place. */
#include "traces/importer.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* One record of the second being merged. */
struct rival {
    int64_t micro_usd_per_hour;
    int64_t place;
    int64_t last_place;
    bool foreign; /* from another file */
    bool stored;
    bool moved; /* stored, with an older last_place */
};

/* The records of one market in one second. */
struct second {
    struct rival rivals[PRICES_PER_SECOND];
    size_t count;
    int64_t next_place;
};

static void bind_row(sqlite3_stmt *statement, const struct sort_row *row, const struct rival *rival,
                     int64_t source)
{
    sqlite3_bind_int64(statement, 1, market_of(row));
    sqlite3_bind_int64(statement, 2, time_of(row));
    sqlite3_bind_int64(statement, 3, rival->place);
    sqlite3_bind_int64(statement, 4, rival->last_place);
    sqlite3_bind_int64(statement, 5, rival->micro_usd_per_hour);
    sqlite3_bind_int64(statement, 6, source);
}

/* Move find_prices on to the first row not before `time_s`; whether it is of that second. */
static bool reach(struct importer *im, int *result, int64_t time_s)
{
    while (*result == SQLITE_ROW && sqlite3_column_int64(im->find_prices, 0) < time_s)
        *result = sqlite3_step(im->find_prices);
    return *result == SQLITE_ROW && sqlite3_column_int64(im->find_prices, 0) == time_s;
}

/* The rows of find_prices that are of this second become the rivals. */
static int load_second(struct importer *im, int *result, int64_t time_s, struct second *second)
{
    second->count = 0;
    second->next_place = 0;
    sqlite3_stmt *find = im->find_prices;
    while (*result == SQLITE_ROW && sqlite3_column_int64(find, 0) == time_s) {
        struct rival rival = {.place = sqlite3_column_int64(find, 1),
                              .last_place = sqlite3_column_int64(find, 2),
                              .micro_usd_per_hour = sqlite3_column_int64(find, 3),
                              .foreign = sqlite3_column_int64(find, 4) != im->source,
                              .stored = true};
        if (second->count < PRICES_PER_SECOND)
            second->rivals[second->count++] = rival;
        if (rival.last_place >= second->next_place)
            second->next_place = rival.last_place + 1;
        *result = sqlite3_step(find);
    }
    return *result == SQLITE_ROW || *result == SQLITE_DONE ? STATUS_OK : importer_fail(im);
}

/* Settle one record against the others of its second (the rules are in import.h). */
static int settle(struct importer *im, const struct sort_row *row, struct second *second)
{
    bool foreign = false;
    for (size_t i = 0; i < second->count; i++) {
        struct rival *rival = &second->rivals[i];
        foreign = foreign || rival->foreign;
        if (rival->micro_usd_per_hour != row->micro_usd_per_hour)
            continue;
        if (!rival->foreign && rival->last_place + 1 < second->next_place) {
            rival->last_place = second->next_place++;
            rival->moved = rival->stored;
        }
        im->report->duplicate++;
        return STATUS_OK;
    }
    if (foreign)
        return importer_refuse(
            row->line, "another file gives this market another price for the very same second", im);
    if (second->count == PRICES_PER_SECOND)
        return importer_refuse(row->line, "more than 1,000 prices of this market in one second",
                               im);
    im->report->taken++;
    second->rivals[second->count++] = (struct rival){.micro_usd_per_hour = row->micro_usd_per_hour,
                                                     .place = second->next_place,
                                                     .last_place = second->next_place};
    second->next_place++;
    return STATUS_OK;
}

static int store_second(struct importer *im, const struct sort_row *row,
                        const struct second *second)
{
    int status = STATUS_OK;
    for (size_t i = 0; !status && i < second->count; i++) {
        const struct rival *rival = &second->rivals[i];
        if (!rival->stored) {
            bind_row(im->add_price, row, rival, im->source);
            status = importer_run(im, im->add_price);
        } else if (rival->moved) {
            sqlite3_bind_int64(im->move_price, 1, market_of(row));
            sqlite3_bind_int64(im->move_price, 2, time_of(row));
            sqlite3_bind_int64(im->move_price, 3, rival->place);
            sqlite3_bind_int64(im->move_price, 4, rival->last_place);
            status = importer_run(im, im->move_price);
        }
    }
    return status;
}

/* Rows of one market: merge with what the table has of their time. What is alone in its second
 * is written once the table is no longer being read; so `rows` is packed to the front. */
static int merge_market(struct importer *im, struct sort_row *rows, size_t count,
                        struct second *second, size_t *out_alone)
{
    sqlite3_stmt *find = im->find_prices;
    sqlite3_bind_int64(find, 1, market_of(&rows[0]));
    sqlite3_bind_int64(find, 2, time_of(&rows[0]));
    sqlite3_bind_int64(find, 3, time_of(&rows[count - 1]));
    int result = sqlite3_step(find);
    int status = STATUS_OK;
    *out_alone = 0;
    for (size_t i = 0; !status && i < count;) {
        size_t next = i + 1;
        while (next < count && rows[next].key == rows[i].key)
            next++;
        if (!reach(im, &result, time_of(&rows[i])) && next == i + 1) {
            im->report->taken++;
            rows[(*out_alone)++] = rows[i];
        } else {
            const struct sort_row row = rows[i];
            status = load_second(im, &result, time_of(&row), second);
            for (size_t k = i; !status && k < next; k++)
                status = settle(im, &rows[k], second);
            if (!status)
                status = store_second(im, &row, second);
        }
        i = next;
    }
    if (!status && result != SQLITE_DONE && result != SQLITE_ROW)
        status = importer_fail(im);
    sqlite3_reset(find);
    return status;
}

/* Rows in the table's order. Those that are alone in their second are put together, and written by
 * one statement. */
static int write_rows(struct importer *im, struct sort_row *rows, size_t count,
                      struct second *second)
{
    size_t kept = 0;
    int status = STATUS_OK;
    for (size_t i = 0; !status && i < count;) {
        struct sort_row *first = &rows[i];
        size_t same = 1;
        while (i + same < count && market_of(&first[same]) == market_of(first))
            same++;
        size_t alone = 0;
        status = merge_market(im, first, same, second, &alone);
        memmove(rows + kept, first, alone * sizeof *rows);
        kept += alone;
        i += same;
    }
    im->rows = (struct rows_table){rows, kept};
    sqlite3_bind_int64(im->add_prices, 1, im->source);
    return status || kept == 0 ? status : importer_run(im, im->add_prices);
}

int importer_write_prices(struct importer *im)
{
    if (!im->prices)
        return STATUS_OK;
    struct second *second = memory_new(1, sizeof *second);
    struct sort_row *rows = NULL;
    size_t count = 0;
    int status = STATUS_OK;
    do {
        status = sorter_take(im->prices, &rows, &count, im->err);
        if (!status)
            status = write_rows(im, rows, count, second);
    } while (!status && count > 0);
    free(second);
    sorter_destroy(im->prices);
    im->prices = NULL;
    return status;
}

int importer_take_price(const struct price_record *record, int64_t line, void *context)
{
    struct importer *im = context;
    int64_t market = 0;
    int status = importer_market(im, record, &market);
    if (status)
        return status;
    if (!im->prices)
        im->prices = sorter_new(sqlite3_db_filename(im->database, "main"));
    importer_seen(im, record->time_s, record->assumed_utc);
    const struct sort_row row = {.key =
                                     (uint64_t)market << KEY_TIME_BITS | (uint64_t)record->time_s,
                                 .micro_usd_per_hour = record->micro_usd_per_hour,
                                 .line = line};
    return sorter_add(im->prices, row, im->err);
}
