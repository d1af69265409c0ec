/* Logs of instances that came and went: events ("480000,add,node1"), counts ("21529,4"), and counts
 * by the clock ("2021-12-11, 11:11:30, 55"). A fall is so many lost of those that were up. */
#include "base/decimal.h"
#include "base/memory.h"
#include "traces/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOG_FIELDS = 3, DATE_LENGTH = 10 };
static const int64_t log_end_s = INT64_C(253402300799); /* of the year 9999 */

struct log {
    const struct facts *facts;
    const struct record_receiver *receiver;
    enum trace_kind kind;
    bool begun;
    int64_t first_s;
    int64_t now_s;  /* the second that is being read */
    int64_t before; /* up when it began */
    int64_t added;  /* within it */
    int64_t removed;
    int64_t line;              /* of its last row */
    char (*nodes)[NAME_LIMIT]; /* events: those up */
    size_t node_count;
    size_t node_capacity;
    char scratch[INPUT_LINE_LIMIT];
};

static int64_t up(const struct log *log)
{
    return log->before + log->added - log->removed;
}

/* The second is over: what was lost in it is so many of all that were up in it. */
static int flush(struct log *log)
{
    int status = STATUS_OK;
    if (log->removed) {
        struct interruption_step step = {
            .time_s = log->now_s,
            .zone = (char *)(uintptr_t)log->facts->zone,
            .instance_type = (char *)(uintptr_t)log->facts->instance_type,
            .instances = log->removed,
            .of = log->before + log->added,
        };
        status = log->receiver->interruption(&step, log->line, log->receiver->context);
    }
    log->before = up(log);
    log->added = 0;
    log->removed = 0;
    return status;
}

/* Go on to a row's second; NULL, or why it cannot be. */
static const char *move_to(struct log *log, int64_t time_s, int64_t line, int *status)
{
    if (time_s < 0 || time_s > log_end_s)
        return "the time is before 1970 or after 9999";
    if (log->begun && time_s < log->now_s)
        return "the time runs backwards";
    if (!log->begun)
        log->first_s = time_s;
    else if (time_s != log->now_s)
        *status = flush(log);
    log->begun = true;
    log->now_s = time_s;
    log->line = line;
    return NULL;
}

/* ---- events ------------------------------------------------------------------------------------
 */

static size_t find_node(const struct log *log, struct field name)
{
    size_t i = 0;
    while (i < log->node_count && (strlen(log->nodes[i]) != name.length ||
                                   memcmp(log->nodes[i], name.text, name.length) != 0))
        i++;
    return i;
}

static const char *take_event(struct log *log, const struct field *f, int64_t line, int *status)
{
    int64_t micro = 0;
    size_t node = find_node(log, f[2]);
    bool add = row_is(f[1], "add");
    if (decimal_parse(f[0].text, f[0].length, &micro) || micro < 0)
        return "the time is not a number of milliseconds";
    if (f[2].length == 0 || f[2].length >= NAME_LIMIT)
        return "no node, or one of too long a name";
    if (add && node < log->node_count)
        return "a node is added that is there";
    if (!add && node == log->node_count)
        return "a node is removed that was never added";
    if (add && log->node_count >= PROBED_MAX)
        return "more than 10,000 nodes";
    const char *reason = move_to(log, log->facts->start_s + micro / MICRO / 1000, line, status);
    if (reason)
        return reason;
    log->added += add;
    log->removed += !add;
    if (!add) {
        log->node_count--;
        memmove(log->nodes[node], log->nodes[log->node_count], NAME_LIMIT);
        return NULL;
    }
    if (log->node_count == log->node_capacity) {
        log->node_capacity = log->node_capacity ? 2 * log->node_capacity : 8;
        log->nodes = memory_resize(log->nodes, log->node_capacity, sizeof *log->nodes);
    }
    memcpy(log->nodes[log->node_count], f[2].text, f[2].length);
    log->nodes[log->node_count++][f[2].length] = '\0';
    return NULL;
}

/* ---- counts ------------------------------------------------------------------------------------
 */

static const char *row_count_time(const struct log *log, const struct field *f, int64_t *out_s)
{
    static const int64_t per_second[] = {[UNIT_SECOND] = MICRO, [UNIT_MILLISECOND] = 1000 * MICRO};
    int64_t micro = 0;
    if (log->kind == KIND_COUNTS) {
        if (decimal_parse(f[0].text, f[0].length, &micro) || micro < 0 || micro > INT64_MAX / 3600)
            return "the time is not a number";
        *out_s = log->facts->start_s + (log->facts->time_unit == UNIT_HOUR
                                            ? micro * 3600 / MICRO
                                            : micro / per_second[log->facts->time_unit]);
        return NULL;
    }
    char text[NAME_LIMIT];
    bool assumed = false;
    if (f[0].length != DATE_LENGTH || f[1].length >= NAME_LIMIT - DATE_LENGTH - 1)
        return "the date or the time is not ISO 8601";
    int length = snprintf(text, sizeof text, "%.*sT%.*s", (int)f[0].length, f[0].text,
                          (int)f[1].length, f[1].text);
    if (!row_time((struct field){text, (size_t)length}, out_s, &assumed) || !assumed)
        return "the date or the time is not ISO 8601 without a zone";
    *out_s -= log->facts->utc_offset_s;
    return NULL;
}

static const char *take_count(struct log *log, const struct field *f, int64_t line, int *status)
{
    struct field count = f[log->kind == KIND_COUNTS ? 1 : 2];
    int64_t micro = 0;
    int64_t time_s = 0;
    bool begun = log->begun;
    int64_t before_s = log->now_s;
    const char *reason = row_count_time(log, f, &time_s);
    if (reason)
        return reason;
    if (decimal_parse(count.text, count.length, &micro) || micro < 0 || micro % MICRO ||
        micro / MICRO > PROBED_MAX)
        return "the count is not a whole number up to 10,000";
    reason = move_to(log, time_s, line, status);
    if (reason)
        return reason;
    int64_t change = micro / MICRO - up(log);
    if (!begun || (change < 0 && time_s - before_s > log->facts->longest_gap_s)) {
        log->before = micro / MICRO; /* nothing else was seen in this second */
        return begun ? "the count fell within a hole longer than --longest-gap: when is not known"
                     : NULL;
    }
    if (change < 0)
        log->removed -= change;
    else
        log->added += change;
    return NULL;
}

/* ---- rows --------------------------------------------------------------------------------------
 */

static size_t split_log(struct field line, char *scratch, struct field *f)
{
    size_t count = row_split(line, ',', false, scratch, f, LOG_FIELDS);
    for (size_t i = 0; i < count; i++)
        f[i] = row_trim(f[i]);
    return count;
}

static bool is_amount(struct field field)
{
    int64_t micro = 0;
    return !decimal_parse(field.text, field.length, &micro) && micro >= 0;
}

enum trace_kind log_kind(struct field line)
{
    char scratch[1];
    struct field f[LOG_FIELDS];
    size_t count = split_log(line, scratch, f);
    int64_t time_s = 0;
    bool assumed = false;
    if (count == 2)
        return is_amount(f[0]) && is_amount(f[1]) ? KIND_COUNTS : KIND_UNKNOWN;
    if (count != LOG_FIELDS)
        return KIND_UNKNOWN;
    if (is_amount(f[0]) && (row_is(f[1], "add") || row_is(f[1], "remove")))
        return KIND_EVENTS;
    bool clock = f[0].length == DATE_LENGTH && row_time(f[0], &time_s, &assumed);
    return clock && is_amount(f[2]) ? KIND_CLOCK_COUNTS : KIND_UNKNOWN;
}

static int take_row(struct field line, int64_t number, void *context)
{
    struct log *log = context;
    struct field f[LOG_FIELDS];
    const char *reason = NULL;
    int status = STATUS_OK;
    if (row_trim(line).length == 0)
        return STATUS_OK;
    size_t count = split_log(line, log->scratch, f);
    if (count != (log->kind == KIND_COUNTS ? 2 : LOG_FIELDS))
        reason = "not as many fields as the others";
    else if (log->kind != KIND_EVENTS)
        reason = take_count(log, f, number, &status);
    else if (!row_is(f[1], "add") && !row_is(f[1], "remove"))
        reason = "neither add nor remove";
    else
        reason = take_event(log, f, number, &status);
    if (status || !reason)
        return status;
    return log->receiver->refused(number, reason, log->receiver->context);
}

int reader_log(struct input *input, enum trace_kind kind, const struct facts *facts,
               const struct record_receiver *receiver, struct error *err)
{
    static const enum fact of_events[] = {FACT_ZONE, FACT_TYPE, FACT_START, FACT_COUNT};
    static const enum fact of_counts[] = {FACT_ZONE, FACT_TYPE, FACT_START, FACT_TIME_UNIT,
                                          FACT_COUNT};
    static const enum fact of_clock[] = {FACT_ZONE, FACT_TYPE, FACT_UTC_OFFSET, FACT_COUNT};
    int status = facts_need(facts, input->name, "a log of instances",
                            kind == KIND_EVENTS   ? of_events
                            : kind == KIND_COUNTS ? of_counts
                                                  : of_clock,
                            err);
    if (status)
        return status;
    struct log log = {.facts = facts, .receiver = receiver, .kind = kind};
    status = row_each_line(input, receiver, take_row, &log);
    if (!status)
        status = flush(&log);
    free(log.nodes);
    if (status || !log.begun)
        return status;
    struct trace_coverage known = {
        .what = COVERS_INTERRUPTIONS, .first_s = log.first_s, .end_s = log.now_s + 1};
    memcpy(known.zone, facts->zone, NAME_LIMIT);
    memcpy(known.instance_type, facts->instance_type, NAME_LIMIT);
    return receiver->coverage(&known, receiver->context);
}
