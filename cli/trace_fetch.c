/* ballast trace fetch: what an account remembers, into a trace database. */
#include "trace_fetch.h"

#include "trace.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* ---- for the parts ----------------------------------------------------------------------------
 */

int fetch_store(struct fetch *fetch, const char *source, const char *demand_name,
                const struct record_teller *teller, struct error *err)
{
    const struct import_options options = {.stated[FACT_DEMAND_NAME] = demand_name};
    struct import_report report;
    int status = trace_import_told(fetch->database, fetch->request->into, source, &options, teller,
                                   &report, err);
    if (status)
        return status;
    fetch->taken += report.taken;
    fetch->duplicate += report.duplicate;
    fetch->refused += report.refused;
    return STATUS_OK;
}

int fetch_failed(const struct aws_error *error, const char *action, struct error *err)
{
    char said[sizeof err->text];
    snprintf(said, sizeof said, "%s", err->text);
    if (aws_error_denied(error))
        return error_set(err, STATUS_FAILURE, "%.400s: allow %s to the credentials used", said,
                         action);
    if (strncmp(error->code, "InvalidSpotFleetRequestId", 25) == 0)
        return error_set(err, STATUS_BAD_INPUT,
                         "%.400s: see --fleet and --region; AWS forgets a fleet two days after its "
                         "end",
                         said);
    return err->status;
}

static int64_t monotonic_ms(const struct fetch *fetch)
{
    const struct live_clock *clock = &fetch->session.clock;
    return clock->monotonic_ms(clock->context);
}

void fetch_progress(struct fetch *fetch, const char *what, int64_t done, int64_t total)
{
    if (done == 0)
        fetch->began_ms = monotonic_ms(fetch);
    if (!isatty(2))
        return;
    if (done > 0 && done < total)
        fprintf(stderr,
                "\r\033[Kballast trace fetch: %s: %" PRId64 " of %" PRId64 " days, about %" PRId64
                " s left",
                what, done, total,
                (monotonic_ms(fetch) - fetch->began_ms) * (total - done) / done / 1000);
    else
        fprintf(stderr, "\r\033[K");
}

/* ---- the command ------------------------------------------------------------------------------
 */

static int check(const struct fetch_request *request, size_t types, struct error *err)
{
    int64_t since_s = 0;
    if (!request->into)
        return error_set(err, STATUS_BAD_INPUT, "where to? Name the database: --into TRACES.db");
    if (types == 0 && !request->interruptions && !request->demand)
        return error_set(err, STATUS_BAD_INPUT,
                         "what is to be fetched? Name instance types for their prices, "
                         "--interruptions, or --demand METRIC");
    if (request->interruptions && !request->fleet)
        return error_set(err, STATUS_BAD_INPUT,
                         "--interruptions: of which fleet? Name it: --fleet ID");
    if (strcmp(request->clock, "wall") != 0 && strcmp(request->clock, "twin") != 0)
        return error_set(err, STATUS_BAD_INPUT, "--clock: \"%.40s\" is neither wall nor twin",
                         request->clock);
    int status = trace_option_time("since", request->since, &since_s, err);
    return status ? status : fetch_demand_check(request, err);
}

static int set_up(struct fetch *fetch, struct error *err)
{
    const struct fetch_request *request = fetch->request;
    bool twin = strcmp(request->clock, "twin") == 0;
    int status = aws_session_open(&fetch->session, "trace fetch", &request->account, err);
    fetch->session.client.simulated = twin;
    if (!status && twin)
        status = twin_clock_open(&fetch->twin, &fetch->session.settings, &fetch->session.http, err);
    if (!status && twin)
        status = twin_clock_now(&fetch->twin, &fetch->now_s, err);
    else if (!status)
        fetch->now_s = fetch->session.clock.now_s(fetch->session.clock.context);
    int64_t since_s = INT64_MIN;
    if (!status)
        status = trace_option_time("since", request->since, &since_s, err);
    if (!status && since_s > fetch->now_s)
        status = error_set(err, STATUS_BAD_INPUT, "--since %s: lies in the future", request->since);
    if (!status)
        status = trace_database_open(&fetch->database, request->into, true, err);
    return status;
}

static int fetch_all(const struct fetch_request *request, const struct option_list *types,
                     struct error *err)
{
    struct fetch fetch = {.request = request};
    int status = set_up(&fetch, err);
    for (size_t i = 0; !status && i < types->count; i++)
        status = fetch_prices(&fetch, types->values[i], err);
    if (!status && request->interruptions)
        status = fetch_interruptions(&fetch, err);
    if (!status && request->demand)
        status = fetch_demand(&fetch, err);
    if (!status)
        printf("%" PRId64 " taken, %" PRId64 " duplicate, %" PRId64 " refused%s%s\n", fetch.taken,
               fetch.duplicate, fetch.refused,
               fetch.refused ? "; see ballast trace list --refused " : "",
               fetch.refused ? request->into : "");
    sqlite3_close(fetch.database);
    twin_clock_close(&fetch.twin);
    aws_session_close(&fetch.session);
    return status;
}

enum { SPECS = 12 };

static void specs_of(struct fetch_request *request, struct option_spec specs[SPECS])
{
    const struct option_spec own[SPECS] = {
        {.name = "into",
         .placeholder = "TRACES.db",
         .help = "the trace database, made anew if there is none",
         .value = &request->into},
        {.name = "product",
         .placeholder = "NAME",
         .help = "whose prices (Linux/UNIX)",
         .value = &request->product},
        {.name = "fleet",
         .placeholder = "ID",
         .help = "the Spot Fleet request: sfr-...",
         .value = &request->fleet},
        {.name = "interruptions",
         .help = "who was interrupted of the fleet: the last 48 hours of its history",
         .flag = &request->interruptions},
        {.name = "demand",
         .placeholder = "METRIC",
         .help = "a metric as demand: of the fleet (TargetCapacity), of a cluster "
                 "(CPUReservation), or any",
         .value = &request->demand},
        {.name = "demand-name",
         .placeholder = "NAME",
         .help = "what the demand is called (METRIC of ID)",
         .value = &request->demand_name},
        {.name = "cluster",
         .placeholder = "NAME",
         .help = "the ECS cluster whose reservation is a percentage of what the fleet has",
         .value = &request->cluster},
        {.name = "namespace",
         .placeholder = "NAME",
         .help = "of any other metric",
         .value = &request->namespace},
        {.name = "dimension",
         .placeholder = "NAME=VALUE",
         .help = "of any other metric: all that it has",
         .list = &request->dimensions},
        {.name = "statistic",
         .placeholder = "NAME",
         .help = "of the metric (Average)",
         .value = &request->statistic},
        {.name = "since",
         .placeholder = "TIME",
         .help = "prices and demand from then on, whatever the database has",
         .value = &request->since},
        {.name = "clock",
         .placeholder = "wall|twin",
         .help = "whose time it is: ours (wall), or that of a ballast twin",
         .value = &request->clock},
    };
    memcpy(specs, own, sizeof own);
}

int command_trace_fetch(int argc, char **argv)
{
    static const struct command_help help = {
        .name = "trace fetch",
        .arguments = "[TYPE...]",
        .description =
            "Fetch what AWS remembers of an account into a trace database. Of instance types it is "
            "the spot\nprices in all zones of the region (DescribeSpotPriceHistory, 90 days), with "
            "--interruptions who was\ninterrupted of a Spot Fleet "
            "(DescribeSpotFleetRequestHistory, "
            "48 hours), with --demand a metric\n(GetMetricData, 15 months), each from the newest "
            "that the database has. Every piece is stored whole:\nwhoever is interrupted asks "
            "again "
            "and goes on.",
        .max_arguments = SIZE_MAX,
    };
    struct fetch_request request = {
        .product = "Linux/UNIX", .clock = "wall", .statistic = "Average"};
    struct option_spec specs[SPECS + AWS_SESSION_SPECS + 1] = {0};
    struct option_list types = {0};
    struct error err = {0};
    specs_of(&request, specs);
    aws_session_specs(&request.account, specs + SPECS);
    int status = options_parse(&help, specs, argc, argv, &types);
    if (status)
        return command_end(help.name, status);
    status = check(&request, types.count, &err);
    if (!status)
        status = fetch_all(&request, &types, &err);
    return command_close(&help, specs, &types, status, &err);
}
