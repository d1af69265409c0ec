/* Prices into their table: sorted, merged with what is there, appended many at a time.
 *
 * `place` and `last_place` order the records of one market in one second: the first and the last
 * place among the file's records of that second where this price stood. The newer end of an
 * oldest-first file is its greatest last_place, of a newest-first file its smallest place. */
#include "traces/importer.h"

#include "base/memory.h"

#include <stdlib.h>

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

/* Sort by key, stably: by digits of 11 bits, least first; digits that are all alike are skipped.
 * Returns where the sorted rows are: `rows` or `spare`. */
static struct waiting *sort_rows(struct waiting *rows, struct waiting *spare, size_t count)
{
    enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS };
    uint64_t differs = 0;
    for (size_t i = 1; i < count; i++)
        differs |= rows[i].key ^ rows[0].key;
    for (int shift = 0; shift < 64; shift += DIGIT_BITS) {
        if (((differs >> shift) & (DIGITS - 1)) == 0)
            continue;
        size_t places[DIGITS] = {0};
        for (size_t i = 0; i < count; i++)
            places[(rows[i].key >> shift) & (DIGITS - 1)]++;
        size_t next = 0;
        for (size_t d = 0; d < DIGITS; d++) {
            size_t here = places[d];
            places[d] = next;
            next += here;
        }
        for (size_t i = 0; i < count; i++)
            spare[places[(rows[i].key >> shift) & (DIGITS - 1)]++] = rows[i];
        struct waiting *sorted = spare;
        spare = rows;
        rows = sorted;
    }
    return rows;
}

static void bind_row(sqlite3_stmt *statement, int first, const struct waiting *row,
                     const struct rival *rival, int64_t source)
{
    sqlite3_bind_int64(statement, first, waiting_market(row));
    sqlite3_bind_int64(statement, first + 1, waiting_time(row));
    sqlite3_bind_int64(statement, first + 2, rival->place);
    sqlite3_bind_int64(statement, first + 3, rival->last_place);
    sqlite3_bind_int64(statement, first + 4, rival->micro_usd_per_hour);
    sqlite3_bind_int64(statement, first + 5, source);
}

/* Rows that are alone in their second are put together and written many at a time. */
struct batch {
    const struct waiting *rows[ROWS_AT_ONCE];
    size_t count;
};

static int write_batch(struct importer *im, struct batch *batch)
{
    bool whole = batch->count == ROWS_AT_ONCE;
    int status = STATUS_OK;
    for (size_t i = 0; !status && i < batch->count; i++) {
        const struct rival alone = {.micro_usd_per_hour = batch->rows[i]->micro_usd_per_hour};
        bind_row(whole ? im->add_prices : im->add_price, whole ? 1 + 6 * (int)i : 1, batch->rows[i],
                 &alone, im->source);
        if (!whole)
            status = importer_run(im, im->add_price);
    }
    if (whole)
        status = importer_run(im, im->add_prices);
    batch->count = 0;
    return status;
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
static int settle(struct importer *im, const struct waiting *row, struct second *second)
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

static int store_second(struct importer *im, const struct waiting *row, const struct second *second)
{
    int status = STATUS_OK;
    for (size_t i = 0; !status && i < second->count; i++) {
        const struct rival *rival = &second->rivals[i];
        if (!rival->stored) {
            bind_row(im->add_price, 1, row, rival, im->source);
            status = importer_run(im, im->add_price);
        } else if (rival->moved) {
            sqlite3_bind_int64(im->move_price, 1, waiting_market(row));
            sqlite3_bind_int64(im->move_price, 2, waiting_time(row));
            sqlite3_bind_int64(im->move_price, 3, rival->place);
            sqlite3_bind_int64(im->move_price, 4, rival->last_place);
            status = importer_run(im, im->move_price);
        }
    }
    return status;
}

/* Rows of one market: merge with what the table has of their time. What is alone in its second
 * goes to the batch once the table is no longer being read; so `rows` is packed to the front. */
static int merge_market(struct importer *im, struct waiting *rows, size_t count,
                        struct second *second, size_t *out_alone)
{
    sqlite3_stmt *find = im->find_prices;
    sqlite3_bind_int64(find, 1, waiting_market(&rows[0]));
    sqlite3_bind_int64(find, 2, waiting_time(&rows[0]));
    sqlite3_bind_int64(find, 3, waiting_time(&rows[count - 1]));
    int result = sqlite3_step(find);
    int status = STATUS_OK;
    *out_alone = 0;
    for (size_t i = 0; !status && i < count;) {
        size_t next = i + 1;
        while (next < count && rows[next].key == rows[i].key)
            next++;
        if (!reach(im, &result, waiting_time(&rows[i])) && next == i + 1) {
            im->report->taken++;
            rows[(*out_alone)++] = rows[i];
        } else {
            const struct waiting row = rows[i];
            status = load_second(im, &result, waiting_time(&row), second);
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

int importer_write_prices(struct importer *im)
{
    if (im->waiting_count == 0)
        return STATUS_OK;
    struct waiting *sorted = sort_rows(im->waiting, im->waiting + IMPORT_CHUNK, im->waiting_count);
    struct second *second = memory_new(1, sizeof *second);
    struct batch batch = {0};
    int status = STATUS_OK;
    for (size_t i = 0; !status && i < im->waiting_count;) {
        struct waiting *rows = &sorted[i];
        size_t count = 1;
        while (i + count < im->waiting_count &&
               waiting_market(&rows[count]) == waiting_market(&rows[0]))
            count++;
        size_t alone = 0;
        status = merge_market(im, rows, count, second, &alone);
        for (size_t k = 0; !status && k < alone; k++) {
            batch.rows[batch.count++] = &rows[k];
            if (batch.count == ROWS_AT_ONCE)
                status = write_batch(im, &batch);
        }
        i += count;
    }
    if (!status)
        status = write_batch(im, &batch);
    free(second);
    im->waiting_count = 0;
    return status;
}

int importer_take_price(const struct price_record *record, int64_t line, void *context)
{
    struct importer *im = context;
    int64_t market = 0;
    int status = importer_market(im, record, &market);
    if (status)
        return status;
    if (!im->waiting)
        im->waiting = memory_new(2 * (size_t)IMPORT_CHUNK, sizeof *im->waiting);
    uint64_t key = (uint64_t)market << WAITING_TIME_BITS | (uint64_t)record->time_s;
    im->waiting[im->waiting_count++] = (struct waiting){key, record->micro_usd_per_hour, line};
    importer_seen(im, record->time_s, record->assumed_utc);
    return im->waiting_count == IMPORT_CHUNK ? importer_write_prices(im) : STATUS_OK;
}
