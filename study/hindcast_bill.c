/* The bill: of billing files what is about the fleet's and the group's instances. */
#include "base/memory.h"
#include "base/timestamp.h"
#include "study/hindcast_parts.h"

#include <stdlib.h>
#include <string.h>

struct known {
    const char *instance;
    size_t life;
};

struct hindcast_bill {
    const struct hindcast_account *account;
    struct known *known; /* by instance */
    struct billed *lines;
    size_t count;
    size_t capacity;
    char (*strangers)[CHARGE_INSTANCE_SIZE];
    size_t stranger_count;
    size_t stranger_capacity;
    char (*hashes)[HASH_TEXT_SIZE];
    size_t hash_count;
    size_t hash_capacity;
    struct hindcast_bill_about about;
    struct charges_file reading;
};

static int by_instance(const void *a, const void *b)
{
    return strcmp(((const struct known *)a)->instance, ((const struct known *)b)->instance);
}

struct hindcast_bill *hindcast_bill_new(const struct hindcast_account *account)
{
    struct hindcast_bill *bill = memory_new(1, sizeof *bill);
    bill->account = account;
    bill->known = memory_new(account->life_count + 1, sizeof *bill->known);
    for (size_t i = 0; i < account->life_count; i++)
        bill->known[i] = (struct known){account->lives[i].instance, i};
    qsort(bill->known, account->life_count, sizeof *bill->known, by_instance);
    return bill;
}

void hindcast_bill_free(struct hindcast_bill *bill)
{
    if (!bill)
        return;
    free(bill->known);
    free(bill->lines);
    free(bill->strangers);
    free(bill->hashes);
    free(bill);
}

/* Could it be the fleet's? */
static bool in_its_places(const struct hindcast_bill *bill, const struct charge *charge)
{
    const struct spot_fleet *fleet = &bill->account->scenario->fleet;
    for (size_t i = 0; i < fleet->pool_count; i++) {
        if (strcmp(fleet->pools[i].instance_type, charge->instance_type) == 0 &&
            (!charge->zone[0] || strcmp(fleet->pools[i].zone, charge->zone) == 0))
            return true;
    }
    return false;
}

static void add(struct hindcast_bill *bill, const struct charge *charge, int kind, size_t life)
{
    struct billed line = {
        .kind = kind,
        .life = life,
        .feed = bill->reading.kind == CHARGES_FEED,
        .own = strcmp(charge->group, bill->account->group) == 0,
        .start_s = charge->start_s,
        .end_s = charge->end_s,
        .used = charge->used,
        .rate = charge->rate,
        .cost = charge->cost,
    };
    memcpy(line.instance, charge->instance, sizeof line.instance);
    ARRAY_PUSH(bill->lines, bill->count, bill->capacity, line);
}

static int take(const struct charge *charge, int64_t line, void *context)
{
    struct hindcast_bill *bill = context;
    const struct known wanted = {charge->instance, 0};
    (void)line;
    if (!charge->spot) {
        bill->about.tagged = bill->about.tagged || charge->group[0];
        if (strcmp(charge->instance_type, bill->account->backup_type) == 0)
            add(bill, charge, BILLED_ON_DEMAND, SIZE_MAX);
        return STATUS_OK;
    }
    const struct known *known =
        bsearch(&wanted, bill->known, bill->account->life_count, sizeof *bill->known, by_instance);
    if (known) {
        bill->about.own++;
        add(bill, charge, BILLED_SPOT, known->life);
    } else if (charge->fleet[0] && strcmp(charge->fleet, bill->account->fleet_id) == 0) {
        add(bill, charge, BILLED_SPOT_UNRECORDED, SIZE_MAX);
    } else if (!charge->fleet[0] && in_its_places(bill, charge)) {
        if (bill->stranger_count == bill->stranger_capacity) {
            bill->stranger_capacity = bill->stranger_capacity ? 2 * bill->stranger_capacity : 64;
            bill->strangers =
                memory_resize(bill->strangers, bill->stranger_capacity, sizeof *bill->strangers);
        }
        memcpy(bill->strangers[bill->stranger_count++], charge->instance, CHARGE_INSTANCE_SIZE);
        bill->about.strangers_cost += charge->cost;
    }
    return STATUS_OK;
}

static int remember(struct hindcast_bill *bill, const char *path, struct error *err)
{
    for (size_t i = 0; i < bill->hash_count; i++) {
        if (strcmp(bill->hashes[i], bill->reading.hash) == 0)
            return error_set(err, STATUS_BAD_INPUT,
                             "%s: the same file was given before: give each once", path);
    }
    if (bill->hash_count == bill->hash_capacity) {
        bill->hash_capacity = bill->hash_capacity ? 2 * bill->hash_capacity : 8;
        bill->hashes = memory_resize(bill->hashes, bill->hash_capacity, sizeof *bill->hashes);
    }
    memcpy(bill->hashes[bill->hash_count++], bill->reading.hash, HASH_TEXT_SIZE);
    return STATUS_OK;
}

int hindcast_bill_add(struct hindcast_bill *bill, const char *path, struct error *err)
{
    struct hindcast_bill_about *about = &bill->about;
    int status = charges_read(path, take, bill, &bill->reading, err);
    if (!status)
        status = remember(bill, path, err);
    if (status)
        return status;
    const struct charges_file *file = &bill->reading;
    bool feed = file->kind == CHARGES_FEED;
    about->files++;
    about->lines += file->lines;
    about->other_lines += file->other;
    about->other_cost += file->other_cost;
    about->spot = true;
    about->on_demand = about->on_demand || !feed;
    about->feed = about->feed || feed;
    about->hours = about->hours || !feed;
    if (file->end_s && (about->end_s == 0 || file->first_s < about->first_s))
        about->first_s = file->first_s;
    if (file->end_s > about->end_s)
        about->end_s = file->end_s;
    return STATUS_OK;
}

static int by_line(const void *a, const void *b)
{
    const struct billed *left = a;
    const struct billed *right = b;
    if (left->kind != right->kind)
        return left->kind < right->kind ? -1 : 1;
    if (left->life != right->life)
        return left->life < right->life ? -1 : 1;
    int order = strcmp(left->instance, right->instance);
    if (!order)
        order = (left->start_s > right->start_s) - (left->start_s < right->start_s);
    if (!order)
        order = (left->used > right->used) - (left->used < right->used);
    return order ? order : (left->cost > right->cost) - (left->cost < right->cost);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* More than an hour within an hour: a file in two versions, most likely. */
static int check_hours(const struct hindcast_bill *bill, struct error *err)
{
    const int64_t most = CHARGE_PARTS + CHARGE_PARTS / 1000;
    int64_t used = 0;
    for (size_t i = 0; i < bill->count; i++) {
        const struct billed *line = &bill->lines[i];
        const struct billed *before = i ? line - 1 : NULL;
        bool same = before && before->start_s == line->start_s &&
                    strcmp(before->instance, line->instance) == 0;
        used = same ? used + line->used : line->used;
        char hour[TIMESTAMP_TEXT_SIZE];
        if (used > most || (same && line->feed))
            return error_set(err, STATUS_BAD_INPUT,
                             "%s is billed twice for the hour that begins at %s: the same report "
                             "in two versions? Give one",
                             line->instance, timestamp_format(line->start_s, hour));
    }
    return STATUS_OK;
}

int hindcast_bill_end(struct hindcast_bill *bill, struct hindcast_bill_about *out_about,
                      struct error *err)
{
    struct hindcast_bill_about *about = &bill->about;
    size_t kept = 0;
    for (size_t i = 0; i < bill->count; i++) {
        const struct billed *line = &bill->lines[i];
        bool on_demand = line->kind == BILLED_ON_DEMAND;
        if (on_demand ? !about->tagged || line->own : line->feed == about->feed)
            bill->lines[kept++] = *line;
    }
    bill->count = kept;
    if (kept)
        qsort(bill->lines, kept, sizeof *bill->lines, by_line);
    if (bill->stranger_count)
        qsort(bill->strangers, bill->stranger_count, sizeof *bill->strangers, by_text);
    for (size_t i = 0; i < bill->stranger_count; i++)
        about->strangers += i == 0 || strcmp(bill->strangers[i - 1], bill->strangers[i]) != 0;
    *out_about = *about;
    return check_hours(bill, err);
}

const struct hindcast_bill_about *hindcast_bill_told(const struct hindcast_bill *bill)
{
    return &bill->about;
}

const struct billed *hindcast_billed(const struct hindcast_bill *bill, size_t *out_count)
{
    *out_count = bill ? bill->count : 0;
    return bill ? bill->lines : NULL;
}

/* A line of the feed is of the time from its start on; one of a report is of an hour that the
 * window has or has not. */
bool billed_in(const struct billed *line, int64_t from_s, int64_t to_s, struct billed_share *out)
{
    *out = (struct billed_share){
        .cost = (int128)line->cost * FINE_PER_PART, .used = line->used, .rate = line->rate};
    if (line->rate == CHARGE_NO_RATE)
        out->rate = line->used
                        ? (int64_t)divide_half_even((int128)line->cost * CHARGE_PARTS, line->used)
                        : 0;
    if (!line->feed && (line->start_s < from_s || line->end_s > to_s))
        return false;
    if (line->feed) {
        int64_t used_s = (int64_t)divide_half_even((int128)line->used * 3600, CHARGE_PARTS);
        int64_t begin_s = line->start_s > from_s ? line->start_s : from_s;
        int64_t end_s = line->start_s + used_s < to_s ? line->start_s + used_s : to_s;
        if (begin_s >= end_s)
            return false;
        out->cost = divide_half_even(out->cost * (end_s - begin_s), used_s);
        out->used = divide_half_even(out->used * (end_s - begin_s), used_s);
    }
    /* parts of an hour × parts of a USD an hour: 10^-20 USD. */
    out->valued = divide_half_even(out->used * out->rate * FINE_PER_TINY, 10000);
    if (line->rate == CHARGE_NO_RATE)
        out->valued = out->cost; /* nothing was rounded that could be told */
    return true;
}
