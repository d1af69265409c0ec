#include "record/told.h"

#include "record/row.h"

#include <string.h>

struct taker {
    void (*life)(const struct told_life *life, void *context);
    void (*notice)(int64_t time_s, int64_t instances, void *context);
    void (*interrupted)(const struct told_interrupted *interrupted, void *context);
    void (*reason)(const struct told_reason *reason, void *context);
    void *context;
    int64_t from_s; /* of those that ask for a span, */
    int64_t to_s;   /* parameters 2 and 3 */
};

static void take_life(sqlite3_stmt *row, const struct taker *taker)
{
    const struct told_life life = {
        .kind = strcmp(results_text(row, 0), "spot") == 0 ? RECORD_SPOT : RECORD_ON_DEMAND,
        .running_s = sqlite3_column_int64(row, 1),
        .ended_s = sqlite3_column_type(row, 2) == SQLITE_NULL ? RECORD_NEVER
                                                              : sqlite3_column_int64(row, 2),
        .cost_micro_usd_s = sqlite3_column_int64(row, 3),
    };
    taker->life(&life, taker->context);
}

static void take_notice(sqlite3_stmt *row, const struct taker *taker)
{
    taker->notice(sqlite3_column_int64(row, 0), sqlite3_column_int64(row, 1), taker->context);
}

static void take_interrupted(sqlite3_stmt *row, const struct taker *taker)
{
    const struct told_interrupted interrupted = {
        .notice_s = sqlite3_column_int64(row, 0),
        .zone = results_text(row, 1),
        .instance_type = results_text(row, 2),
        .instances = sqlite3_column_int64(row, 3),
    };
    taker->interrupted(&interrupted, taker->context);
}

static void take_reason(sqlite3_stmt *row, const struct taker *taker)
{
    const struct told_reason reason = {
        .reason = results_text(row, 0),
        .action = results_text(row, 1),
        .outcome = results_text(row, 2),
        .words = results_text(row, 3),
        .evaluations = sqlite3_column_int64(row, 4),
        .first_s = sqlite3_column_int64(row, 5),
        .last_s = sqlite3_column_int64(row, 6),
    };
    taker->reason(&reason, taker->context);
}

static int each(struct results *results, int64_t run, const char *sql,
                void (*take)(sqlite3_stmt *row, const struct taker *taker),
                const struct taker *taker, struct error *err)
{
    struct row row;
    int status = row_begin(&row, results, sql, err);
    if (status)
        return status;
    row_integer(&row, run);
    if (taker->to_s > taker->from_s) {
        row_integer(&row, taker->from_s);
        row_integer(&row, taker->to_s);
    }
    while (row_next(&row))
        take(row.statement, taker);
    return row_close(&row, STATUS_OK, err);
}

int results_each_life(struct results *results, int64_t run,
                      void (*take)(const struct told_life *life, void *context), void *context,
                      struct error *err)
{
    const struct taker taker = {.life = take, .context = context};
    return each(results, run,
                "SELECT kind, running_s, ended_s, cost_micro_usd_s FROM instance"
                " WHERE run=?1 AND running_s IS NOT NULL ORDER BY running_s, instance",
                take_life, &taker, err);
}

int results_each_notice(struct results *results, int64_t run,
                        void (*take)(int64_t time_s, int64_t instances, void *context),
                        void *context, struct error *err)
{
    const struct taker taker = {.notice = take, .context = context};
    return each(results, run,
                "SELECT notice_s, count(*) FROM interruption WHERE run=?1"
                " GROUP BY notice_s ORDER BY notice_s",
                take_notice, &taker, err);
}

int results_each_interrupted(struct results *results, int64_t run, int64_t from_s, int64_t to_s,
                             void (*take)(const struct told_interrupted *interrupted,
                                          void *context),
                             void *context, struct error *err)
{
    const struct taker taker = {
        .interrupted = take, .context = context, .from_s = from_s, .to_s = to_s};
    return each(results, run,
                "SELECT c.notice_s, i.zone, i.instance_type, count(*)"
                " FROM interruption c JOIN instance i USING (run, instance)"
                " WHERE run=?1 AND c.notice_s>=?2 AND c.notice_s<?3"
                " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
                take_interrupted, &taker, err);
}

int results_each_reason(struct results *results, int64_t run,
                        void (*take)(const struct told_reason *reason, void *context),
                        void *context, struct error *err)
{
    const struct taker taker = {.reason = take, .context = context};
    return each(results, run,
                "SELECT reason, action, outcome, words, sum(evaluations), min(first_s), max(last_s)"
                " FROM decision WHERE run=?1 GROUP BY reason, action, outcome"
                " ORDER BY sum(evaluations) DESC, reason, outcome",
                take_reason, &taker, err);
}
