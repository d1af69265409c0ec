/* Costs by the hour of the clock: errors that cancel out over a month are seen in its hours. */
#include "base/memory.h"
#include "study/hindcast_parts.h"

enum { HOUR_S = 3600 };

/* A stretch of time in one of the window's hours. */
struct piece {
    size_t hour;
    int64_t from_s;
    int64_t to_s;
};

/* The piece of [begin_s, end_s) from piece->to_s on; false after the last. What is charged beyond
 * the window, the rest of a started hour, is of its last hour. */
static bool next_piece(const struct hindcast_work *work, int64_t end_s, struct piece *piece)
{
    piece->from_s = piece->to_s;
    if (piece->from_s >= end_s || work->out->hour_count == 0)
        return false;
    piece->hour = (size_t)((piece->from_s - work->from_s) / HOUR_S);
    piece->to_s = work->from_s + ((int64_t)piece->hour + 1) * HOUR_S;
    if (piece->hour + 1 >= work->out->hour_count) {
        piece->hour = work->out->hour_count - 1;
        piece->to_s = end_s;
    }
    if (piece->to_s > end_s)
        piece->to_s = end_s;
    return true;
}

static int64_t begin_of(const struct hindcast_work *work, int64_t start_s)
{
    return start_s > work->from_s ? start_s : work->from_s;
}

/* What is charged of an instance is a stretch from its beginning in the window on. */
static void add_spot(const struct hindcast_work *work, const struct lived *lived)
{
    bool per_second = scenario_per_second(work->scenario, lived->start_s);
    struct piece piece = {.to_s = begin_of(work, lived->start_s)};
    int64_t end_s =
        piece.to_s + hindcast_charged_s(work, lived->start_s, lived->end_s, lived->ec2, per_second);
    while (next_piece(work, end_s, &piece))
        work->out->hours[piece.hour].spot[0] +=
            hindcast_charge_within(work, lived->pool, lived->start_s, piece.from_s, piece.to_s);
}

static void add_on_demand(const struct hindcast_work *work, const struct charged *charged)
{
    struct piece piece = {.to_s = begin_of(work, charged->start_s)};
    int64_t end_s = piece.to_s + charged->seconds;
    while (next_piece(work, end_s, &piece))
        work->out->hours[piece.hour].on_demand[0] +=
            charged->fine / charged->seconds * (piece.to_s - piece.from_s);
}

/* A line of a report is of one hour, one of the feed of two, or of three if it charges more than
 * its hour. */
static void add_billed(const struct hindcast_work *work, const struct billed *line)
{
    int64_t first = (line->start_s - work->from_s) / HOUR_S - (line->start_s < work->from_s);
    for (int64_t h = first < 0 ? 0 : first; h <= first + 2; h++) {
        struct billed_share share;
        if (h >= (int64_t)work->out->hour_count)
            return;
        struct hindcast_hour *hour = &work->out->hours[h];
        if (!billed_in(line, hour->time_s, hour->time_s + HOUR_S, &share))
            continue;
        if (line->kind == BILLED_ON_DEMAND)
            hour->on_demand[1] += share.cost;
        else
            hour->spot[1] += share.cost;
    }
}

void hindcast_hours(struct hindcast_work *work)
{
    struct hindcast *out = work->out;
    if (!work->input->bill)
        return;
    out->hour_count = (size_t)((work->to_s - work->from_s) / HOUR_S);
    out->hours = memory_new(out->hour_count, sizeof *out->hours);
    for (size_t h = 0; h < out->hour_count; h++)
        out->hours[h].time_s = work->from_s + (int64_t)h * HOUR_S;
    for (size_t i = 0; i < work->simulated_count; i++)
        add_spot(work, &work->simulated[i]);
    for (size_t i = 0; i < work->charged_count; i++)
        add_on_demand(work, &work->charged[i]);
    for (size_t i = 0; i < work->billed_count; i++)
        add_billed(work, &work->billed[i]);
}
