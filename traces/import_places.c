/* What happened in places: interruptions, limits, and of which time they are known. */
#include "traces/importer.h"

static void bind_pool(sqlite3_stmt *statement, const struct interruption_step *step)
{
    sqlite3_bind_int64(statement, 1, step->time_s);
    query_bind(statement, 2, step->zone);
    query_bind(statement, 3, step->instance_type);
}

/* Two interruptions of one pool in one second are one that takes the instances of both. */
static int grow_interruption(struct importer *im, const struct interruption_step *step,
                             int64_t line)
{
    bind_pool(im->find_interruption, step);
    int result = sqlite3_step(im->find_interruption);
    bool own = result == SQLITE_ROW && sqlite3_column_int64(im->find_interruption, 1) == im->source;
    bool same = result == SQLITE_ROW &&
                sqlite3_column_int64(im->find_interruption, 0) == step->instances &&
                sqlite3_column_int64(im->find_interruption, 2) == step->of;
    int status = result == SQLITE_ROW ? STATUS_OK : importer_fail(im);
    sqlite3_reset(im->find_interruption);
    if (status)
        return status;
    if (own && !step->of) {
        bind_pool(im->grow_interruption, step);
        sqlite3_bind_int64(im->grow_interruption, 4, step->instances);
        im->report->taken++;
        return importer_run(im, im->grow_interruption);
    }
    if (same) {
        im->report->duplicate++;
        return STATUS_OK;
    }
    return importer_refuse(
        line, "another source interrupts another number of this pool's instances in this second",
        im);
}

int importer_take_interruption(const struct interruption_step *step, int64_t line, void *context)
{
    struct importer *im = context;
    importer_seen(im, step->time_s, false);
    bind_pool(im->add_interruption, step);
    sqlite3_bind_int64(im->add_interruption, 4, step->instances);
    sqlite3_bind_int64(im->add_interruption, 5, im->source);
    sqlite3_bind_int64(im->add_interruption, 6, step->of);
    int status = importer_run(im, im->add_interruption);
    if (status)
        return status;
    if (!sqlite3_changes(im->database))
        return grow_interruption(im, step, line);
    im->report->taken++;
    return STATUS_OK;
}

int importer_take_capacity(const struct capacity_step *step, int64_t line, void *context)
{
    struct importer *im = context;
    sqlite3_stmt *add = im->add_capacity;
    importer_seen(im, step->time_s, false);
    sqlite3_bind_int64(add, 1, step->time_s);
    query_bind(add, 2, step->zone);
    query_bind(add, 3, step->instance_type);
    if (step->instances == CAPACITY_UNLIMITED)
        sqlite3_bind_null(add, 4);
    else
        sqlite3_bind_int64(add, 4, step->instances);
    sqlite3_bind_int64(add, 5, im->source);
    int status = importer_run(im, add);
    if (status)
        return status;
    if (sqlite3_changes(im->database)) {
        im->report->taken++;
        return STATUS_OK;
    }
    sqlite3_stmt *find = im->find_capacity;
    sqlite3_bind_int64(find, 1, step->time_s);
    query_bind(find, 2, step->zone);
    query_bind(find, 3, step->instance_type);
    int result = sqlite3_step(find);
    bool limited = result == SQLITE_ROW && sqlite3_column_type(find, 0) != SQLITE_NULL;
    int64_t instances = limited ? sqlite3_column_int64(find, 0) : CAPACITY_UNLIMITED;
    status = result == SQLITE_ROW ? STATUS_OK : importer_fail(im);
    sqlite3_reset(find);
    if (status)
        return status;
    if (instances != step->instances)
        return importer_refuse(line, "another source has another limit here in this second", im);
    im->report->duplicate++;
    return STATUS_OK;
}

int importer_take_coverage(const struct trace_coverage *known, void *context)
{
    struct importer *im = context;
    sqlite3_stmt *add = im->add_coverage;
    importer_seen(im, known->first_s, false);
    importer_seen(im, known->end_s, false);
    sqlite3_bind_int(add, 1, (int)known->what);
    query_bind(add, 2, known->zone);
    query_bind(add, 3, known->instance_type);
    sqlite3_bind_int64(add, 4, known->first_s);
    sqlite3_bind_int64(add, 5, known->end_s);
    sqlite3_bind_int64(add, 6, im->source);
    return importer_run(im, add);
}

int importer_take_lifetimes(int64_t expired, int64_t stopped, void *context)
{
    struct importer *im = context;
    im->report->expired = expired;
    im->report->stopped = stopped;
    return STATUS_OK;
}

int importer_refuse_overlap(struct importer *im)
{
    sqlite3_stmt *find = im->find_overlap;
    sqlite3_bind_int64(find, 1, im->source);
    sqlite3_bind_int(find, 2, COVERS_CAPACITY);
    int result = sqlite3_step(find);
    int status = STATUS_OK;
    if (result == SQLITE_ROW)
        status = error_set(im->err, STATUS_BAD_INPUT,
                           "%s: %s has told already how many of %s can run in %s within the same "
                           "time: keep one, or import them into databases of their own",
                           im->file, sqlite3_column_text(find, 0), sqlite3_column_text(find, 2),
                           sqlite3_column_text(find, 1));
    else if (result != SQLITE_DONE)
        status = importer_fail(im);
    sqlite3_reset(find);
    return status;
}
