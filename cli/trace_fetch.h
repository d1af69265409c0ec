/* What the parts of `ballast trace fetch` share. */
#ifndef CLI_TRACE_FETCH_H
#define CLI_TRACE_FETCH_H

#include "aws_session.h"
#include "live/calls.h"
#include "live/twin_clock.h"
#include "traces/import.h"

/* As the options say it; NULL for what they do not say. */
struct fetch_request {
    const char *into;
    const char *product;
    const char *since;
    const char *clock;
    const char *fleet;
    bool interruptions;
    const char *demand; /* the metric */
    const char *demand_name;
    const char *cluster;
    const char *namespace;
    struct option_list dimensions; /* NAME=VALUE */
    const char *statistic;
    struct settings_options account;
};

struct fetch {
    const struct fetch_request *request;
    struct aws_session session;
    struct twin_clock twin;
    sqlite3 *database;
    int64_t now_s;
    int64_t taken;
    int64_t duplicate;
    int64_t refused;
    int64_t began_ms; /* of what `fetch_progress` tells */
};

/* ---- what each part fetches: STATUS_OK, or the error ---- */

/* trace_fetch_prices.c: of one type, day by day from the newest that is there. */
int fetch_prices(struct fetch *fetch, const char *type, struct error *err);
/* trace_fetch_interruptions.c: of the fleet, from where they are known or as far back as AWS
 * remembers. */
int fetch_interruptions(struct fetch *fetch, struct error *err);
/* trace_fetch_demand.c: what of the request makes no sense, before anything is asked. */
int fetch_demand_check(const struct fetch_request *request, struct error *err);
/* A metric's points as a demand series, piece by piece from the newest that is there. */
int fetch_demand(struct fetch *fetch, struct error *err);

/* ---- for all of them (trace_fetch.c) ---- */

/* Import what is told of `source` in one transaction, and count it. */
int fetch_store(struct fetch *fetch, const char *source, const char *demand_name,
                const struct record_teller *teller, struct error *err);
/* A call failed: *err, with what to do where AWS says that it is not allowed or does not know the
 * fleet. Returns the status. */
int fetch_failed(const struct aws_error *error, const char *action, struct error *err);
/* On a terminal, how far it is; begins anew with done = 0, and goes away with done = total. */
void fetch_progress(struct fetch *fetch, const char *what, int64_t done, int64_t total);

#endif
