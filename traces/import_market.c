/* Markets by name: a bounded cache before the table. */
#include "traces/importer.h"

#include "base/memory.h"

#include <string.h>

static uint64_t mixed(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * 0x9e3779b97f4a7c15ULL;
    return hash ^ (hash >> 32);
}

/* By words of eight bytes, the last of which may take in bytes of the one before it. */
static uint64_t hash_name(uint64_t hash, const char *name)
{
    uint64_t word = 0;
    size_t length = strlen(name);
    size_t at = 0;
    for (; at + sizeof word < length; at += sizeof word) {
        memcpy(&word, name + at, sizeof word);
        hash = mixed(hash, word);
    }
    if (length >= sizeof word) {
        memcpy(&word, name + length - sizeof word, sizeof word);
        return mixed(hash, word);
    }
    for (word = length; at < length; at++)
        word = word << 8 | (unsigned char)name[at];
    return mixed(hash, word);
}

static struct known_market *slot_of(struct importer *im, const struct price_record *record)
{
    uint64_t hash = hash_name(0, record->zone);
    hash = hash_name(hash, record->instance_type);
    hash = hash_name(hash, record->product);
    return &im->markets[hash & (MARKET_SLOTS - 1)];
}

static bool is_market(const struct known_market *known, const struct price_record *record)
{
    return known->market && strcmp(known->zone, record->zone) == 0 &&
           strcmp(known->instance_type, record->instance_type) == 0 &&
           strcmp(known->product, record->product) == 0;
}

static void bind_names(sqlite3_stmt *statement, const struct price_record *record)
{
    query_bind(statement, 1, record->zone);
    query_bind(statement, 2, record->instance_type);
    query_bind(statement, 3, record->product);
}

static int look_up(struct importer *im, const struct price_record *record, int64_t *out_market)
{
    bind_names(im->find_market, record);
    int result = sqlite3_step(im->find_market);
    *out_market = result == SQLITE_ROW ? sqlite3_column_int64(im->find_market, 0) : 0;
    int status = result == SQLITE_ROW || result == SQLITE_DONE ? STATUS_OK : importer_fail(im);
    sqlite3_reset(im->find_market);
    if (status || *out_market)
        return status;
    bind_names(im->add_market, record);
    status = importer_run(im, im->add_market);
    *out_market = sqlite3_last_insert_rowid(im->database);
    if (!status && *out_market >= markets_max)
        status = error_set(im->err, STATUS_BAD_INPUT, "%s: more than %lld markets", im->path,
                           (long long)markets_max);
    return status;
}

/* A bit for each market of the table, so that the cache may forget. */
static void count_market(struct importer *im, int64_t market)
{
    size_t byte = (size_t)market / 8;
    if (byte >= im->seen_size) {
        size_t size = byte * 2 + 64;
        im->seen_markets = memory_resize(im->seen_markets, size, 1);
        memset(im->seen_markets + im->seen_size, 0, size - im->seen_size);
        im->seen_size = size;
    }
    uint8_t bit = (uint8_t)(1U << (market % 8));
    im->report->markets += (im->seen_markets[byte] & bit) == 0;
    im->seen_markets[byte] |= bit;
}

/* Where the market of a record stands, by what is kept with its names: the number, and behind it
 * the slot; 0: not known. */
static uint64_t mark_of(const struct importer *im, const struct known_market *slot)
{
    return (uint64_t)slot->market * MARKET_SLOTS + (uint64_t)(slot - im->markets);
}

static struct known_market *marked_slot(struct importer *im, const struct price_record *record)
{
    uint64_t mark = record->mark ? *record->mark : 0;
    struct known_market *slot = &im->markets[mark % MARKET_SLOTS];
    return mark && mark_of(im, slot) == mark ? slot : NULL;
}

/* The market of a record that no slot was known to have. */
static int find(struct importer *im, const struct price_record *record,
                struct known_market **out_slot)
{
    struct known_market *slot = slot_of(im, record);
    *out_slot = slot;
    if (!is_market(slot, record)) {
        int64_t market = 0;
        int status = look_up(im, record, &market);
        if (status)
            return status;
        memcpy(slot->zone, record->zone, NAME_LIMIT);
        memcpy(slot->instance_type, record->instance_type, NAME_LIMIT);
        memcpy(slot->product, record->product, NAME_LIMIT);
        slot->market = market;
        slot->previous_s = record->time_s;
        count_market(im, market);
    }
    if (record->mark)
        *record->mark = mark_of(im, slot);
    return STATUS_OK;
}

int importer_market(struct importer *im, const struct price_record *record, int64_t *out_market)
{
    if (!im->markets)
        im->markets = memory_new(MARKET_SLOTS, sizeof *im->markets);
    struct known_market *slot = marked_slot(im, record);
    int status = slot ? STATUS_OK : find(im, record, &slot);
    if (status)
        return status;
    im->steps_up += record->time_s > slot->previous_s;
    im->steps_down += record->time_s < slot->previous_s;
    slot->previous_s = record->time_s;
    *out_market = slot->market;
    return STATUS_OK;
}
