#include "record/watched.h"

#include "base/memory.h"
#include "record/row.h"

#include <stdlib.h>

static int begin(struct recording *recording, struct row *row, const char *sql, struct error *err)
{
    int status = row_begin(row, recording_results(recording), sql, err);
    if (!status)
        row_integer(row, recording_number(recording));
    return status;
}

static int last(struct recording *recording, const char *condition, int64_t *out_time_s,
                struct error *err)
{
    struct row row;
    char *sql = memory_format(
        "SELECT max(time_s) FROM watch JOIN recording r USING(recording) JOIN recording own"
        " ON r.region=own.region AND r.fleet=own.fleet AND r.backup_group=own.backup_group"
        " AND r.clock=own.clock WHERE own.recording=?1 %s",
        condition);
    int status = begin(recording, &row, sql, err);
    free(sql);
    return status ? status : row_number(&row, RECORD_NEVER, out_time_s, err);
}

int watched_last(struct recording *recording, int64_t *out_tried_s, int64_t *out_seen_s,
                 struct error *err)
{
    int status = last(recording, "", out_tried_s, err);
    return status ? status : last(recording, "AND status='ok'", out_seen_s, err);
}

static int add_watch(struct recording *recording, int64_t time_s, int64_t since_s, const char *word,
                     struct error *err)
{
    struct row row;
    int status = begin(recording, &row, "INSERT OR REPLACE INTO watch VALUES(?1,?2,?3,?4)", err);
    if (status)
        return status;
    row_integer(&row, time_s);
    row_unless(&row, since_s, RECORD_NEVER);
    row_text(&row, word);
    return row_end(&row, err);
}

int watched_begin(struct recording *recording, int64_t time_s, int64_t since_s, struct error *err)
{
    int status = results_run_sql(recording_results(recording), "BEGIN IMMEDIATE", err);
    if (status)
        return status;
    status = add_watch(recording, time_s, since_s, "ok", err);
    if (status)
        results_run_sql(recording_results(recording), "ROLLBACK", NULL);
    return status;
}

int watched_pool(struct recording *recording, const char *zone, const char *instance_type,
                 struct error *err)
{
    struct row row;
    int status = begin(recording, &row, "INSERT OR IGNORE INTO watch_pool VALUES(?1,?2,?3)", err);
    if (status)
        return status;
    row_text(&row, zone);
    row_text(&row, instance_type);
    return row_end(&row, err);
}

int watched_price(struct recording *recording, const char *zone, const char *instance_type,
                  const char *product, int64_t time_s, int64_t micro_usd_per_hour,
                  struct error *err)
{
    struct row row;
    int status =
        begin(recording, &row, "INSERT OR IGNORE INTO watch_price VALUES(?1,?2,?3,?4,?5,?6)", err);
    if (status)
        return status;
    row_text(&row, zone);
    row_text(&row, instance_type);
    row_text(&row, product);
    row_integer(&row, time_s);
    row_integer(&row, micro_usd_per_hour);
    return row_end(&row, err);
}

int watched_instance(struct recording *recording, const char *instance, const char *zone,
                     const char *instance_type, struct error *err)
{
    struct row row;
    int status =
        begin(recording, &row, "INSERT OR IGNORE INTO watch_instance VALUES(?1,?2,?3,?4)", err);
    if (status)
        return status;
    row_text(&row, instance);
    row_text(&row, zone);
    row_text(&row, instance_type);
    return row_end(&row, err);
}

int watched_event(struct recording *recording, const struct watched_event *event, struct error *err)
{
    struct row row;
    int status = STATUS_OK;
    /* Where it is told where an instance is, keep that apart: the later events do not say it. */
    if (event->instance[0] && event->zone[0] && event->instance_type[0])
        status =
            watched_instance(recording, event->instance, event->zone, event->instance_type, err);
    if (!status)
        status =
            begin(recording, &row, "INSERT OR IGNORE INTO watch_event VALUES(?1,?2,?3,?4,?5)", err);
    if (status)
        return status;
    row_integer(&row, event->time_s);
    row_text(&row, event->type);
    row_text(&row, event->sub_type);
    row_text(&row, event->instance);
    return row_end(&row, err);
}

int watched_end(struct recording *recording, int status, struct error *err)
{
    if (!status)
        status = results_run_sql(recording_results(recording), "COMMIT", err);
    if (status)
        results_run_sql(recording_results(recording), "ROLLBACK", NULL);
    return status;
}

int watched_failed(struct recording *recording, int64_t time_s, const char *code, struct error *err)
{
    return add_watch(recording, time_s, RECORD_NEVER, code, err);
}
