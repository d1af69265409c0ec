/* ballast init: a first scenario, with comments, from what one has: the request file of a Spot
 * Fleet, an Auto Scaling group and a price history.
 *
 * What is not known is asked for by the reader itself: the scenario is written, read as every
 * command reads it, and what that says is what is missing.
 */
#include "init.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/output.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "commands.h"
#include "options.h"
#include "scenario/scenario.h"
#include "traces/database.h"
#include "traces/import.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct made {
    const struct init_asked *asked;
    char *scenario; /* paths */
    char *fleet;
    char *group;
    char *traces;
    struct json_document fleet_json;
    struct json_document group_json;
    int64_t first_s; /* of the prices that were imported, and then of those all pools have */
    int64_t last_s;
};

/* ---- files --------------------------------------------------------------------------------------
 */

/* What is no JSON is not copied: nothing is written then, and the user's own file is named. */
static int read_requests(struct made *made, struct error *err)
{
    int status = json_read(&made->fleet_json, made->asked->fleet, err);
    if (!status)
        status = json_read(&made->group_json, made->asked->group, err);
    return status;
}

/* Whether a file is there that is not `copy`: one may be left of a call that failed, or be the very
 * file that is copied. */
static bool is_another(const char *path, const struct json_document *copy)
{
    struct stat info;
    struct json_document there;
    if (stat(path, &info) != 0)
        return false;
    if (!copy || json_read(&there, path, NULL) != STATUS_OK)
        return true;
    bool same = there.size == copy->size && memcmp(there.text, copy->text, copy->size) == 0;
    json_clean_up(&there);
    return !same;
}

/* Nothing that is there is written over, unless that was asked for. */
static int make_folder(const struct made *made, struct error *err)
{
    const char *folder = made->asked->folder;
    const struct {
        const char *path;
        const struct json_document *copy;
    } files[] = {
        {made->scenario, NULL}, {made->fleet, &made->fleet_json}, {made->group, &made->group_json}};
    if (mkdir(folder, 0777) && errno != EEXIST)
        return error_set(err, STATUS_FAILURE, "%s: cannot be made: %s", folder, strerror(errno));
    for (size_t i = 0; i < ARRAY_LENGTH(files) && !made->asked->force; i++) {
        if (is_another(files[i].path, files[i].copy))
            return error_set(err, STATUS_BAD_INPUT,
                             "%s: is there already: choose another --into, or write over it with "
                             "--force",
                             files[i].path);
    }
    return STATUS_OK;
}

static int import_prices(struct made *made, struct error *err)
{
    const struct option_list *files = &made->asked->prices;
    sqlite3 *database = NULL;
    int status = trace_database_open(&database, made->traces, true, err);
    for (size_t i = 0; i < files->count && !status; i++) {
        const struct import_options options = {0};
        struct import_report report;
        status = trace_import(database, made->traces, files->values[i], &options, &report, err);
        if (status)
            break;
        printf("%s: %s: %lld taken, %lld there already, %lld refused\n", files->values[i],
               trace_kind_name(report.kind), (long long)report.taken, (long long)report.duplicate,
               (long long)report.refused);
        if (report.kind > KIND_PRICES_CSV || report.last_s == 0)
            continue;
        if (made->first_s == 0 || report.first_s < made->first_s)
            made->first_s = report.first_s;
        if (report.last_s > made->last_s)
            made->last_s = report.last_s;
    }
    sqlite3_close(database);
    if (!status && made->last_s == 0)
        status = error_set(err, STATUS_BAD_INPUT,
                           "--prices: no spot prices in what was given: pass what \"aws ec2 "
                           "describe-spot-price-history\" prints");
    return status;
}

/* ---- the scenario -------------------------------------------------------------------------------
 */

static int write_scenario(const struct made *made, struct error *err)
{
    struct text text = {0};
    int status = init_scenario_text(made->asked, made->first_s, made->last_s, &text, err);
    if (!status)
        status = output_write(made->scenario, text.data, text.size, err);
    text_clean_up(&text);
    return status;
}

/* The span in which all pools have prices, in whole hours. */
static int find_span(struct made *made, struct error *err)
{
    struct scenario scenario;
    struct trace_set traces = {0};
    int status = scenario_read(&scenario, made->scenario, &(struct scenario_options){0}, err);
    if (status)
        return status;
    size_t count = scenario.fleet.pool_count;
    struct market_key *keys = memory_new(count, sizeof *keys);
    for (size_t i = 0; i < count; i++)
        keys[i] = (struct market_key){scenario.fleet.pools[i].zone,
                                      scenario.fleet.pools[i].instance_type, scenario.product};
    status = trace_compile(&traces, made->traces, keys, count, made->first_s, made->last_s, err);
    free(keys);
    for (size_t i = 0; i < traces.market_count && !status; i++) {
        const struct market *market = &traces.markets[i];
        if (market->first_record_s > made->first_s)
            made->first_s = market->first_record_s;
        if (market->last_record_s < made->last_s)
            made->last_s = market->last_record_s;
    }
    trace_set_clean_up(&traces);
    scenario_clean_up(&scenario);
    return status;
}

static void whole_hours(struct made *made)
{
    made->first_s = timestamp_floor(made->first_s + 3599, 3600);
    made->last_s = timestamp_floor(made->last_s, 3600);
}

static int check(const struct made *made, struct error *err)
{
    struct scenario scenario;
    struct trace_set traces;
    int status = scenario_read(&scenario, made->scenario, &(struct scenario_options){0}, err);
    if (status)
        return status;
    status = scenario_load_traces(&scenario, &traces, err);
    if (!status)
        trace_set_clean_up(&traces);
    scenario_clean_up(&scenario);
    return status;
}

/* Whether the options' values can stand in a scenario, before anything is written. */
static int try_text(const struct made *made, struct error *err)
{
    struct text text = {0};
    int status = init_scenario_text(made->asked, 0, 0, &text, err);
    text_clean_up(&text);
    return status;
}

static int init(struct made *made, struct error *err)
{
    int status = try_text(made, err);
    if (!status)
        status = read_requests(made, err);
    if (!status)
        status = make_folder(made, err);
    if (!status)
        status = output_write(made->fleet, made->fleet_json.text, made->fleet_json.size, err);
    if (!status)
        status = output_write(made->group, made->group_json.text, made->group_json.size, err);
    if (!status)
        status = import_prices(made, err);
    if (status)
        return status;
    whole_hours(made);
    status = write_scenario(made, err);
    if (status)
        return status;
    printf("%s is written, with copies of the request files and the prices beside it.\n",
           made->scenario);
    struct error missing = {0};
    int64_t first_s = made->first_s;
    int64_t last_s = made->last_s;
    if (find_span(made, &missing) == STATUS_OK) {
        whole_hours(made);
        if (made->first_s != first_s || made->last_s != last_s)
            status = write_scenario(made, err);
    }
    if (status)
        return status;
    if (check(made, &missing) == STATUS_OK) {
        printf("Go on with\n  ballast run %s\n", made->scenario);
        return STATUS_OK;
    }
    return error_set(err, STATUS_BAD_INPUT, "before it runs, this is to be mended in it: %s",
                     missing.text);
}

static int init_asked(const struct init_asked *asked, struct error *err)
{
    if (!asked->fleet || !asked->group || !asked->prices.count || !asked->launch_type)
        return error_set(err, STATUS_BAD_INPUT,
                         "--spot-fleet FILE, --group FILE, --prices FILE and --launch-type TYPE "
                         "are needed (see ballast init --help)");
    struct made made = {
        .asked = asked,
        .scenario = memory_format("%s/scenario.json", asked->folder),
        .fleet = memory_format("%s/spot-fleet.json", asked->folder),
        .group = memory_format("%s/backup-group.json", asked->folder),
        .traces = memory_format("%s/traces.db", asked->folder),
    };
    int status = init(&made, err);
    char *const paths[] = {made.scenario, made.fleet, made.group, made.traces};
    for (size_t i = 0; i < ARRAY_LENGTH(paths); i++)
        free(paths[i]);
    json_clean_up(&made.fleet_json);
    json_clean_up(&made.group_json);
    return status;
}

int command_init(int argc, char **argv)
{
    static const struct command_help help = {
        .name = "init",
        .arguments = "",
        .description =
            "Write a first scenario, with comments, from the request file of a Spot Fleet, an\n"
            "Auto Scaling group and a price history. What is still missing is said.",
    };
    struct init_asked asked = {.folder = "scenario", .name = "my fleet", .units = "4"};
    const struct option_spec specs[] = {
        {.name = "spot-fleet",
         .placeholder = "FILE",
         .help = "what request-spot-fleet takes, or describe-spot-fleet-requests prints",
         .value = &asked.fleet},
        {.name = "group",
         .placeholder = "FILE",
         .help = "what create-auto-scaling-group takes, or describe-auto-scaling-groups prints",
         .value = &asked.group},
        {.name = "prices",
         .placeholder = "FILE",
         .help = "what describe-spot-price-history prints, or anything ballast trace import reads",
         .list = &asked.prices},
        {.name = "launch-type",
         .placeholder = "TYPE",
         .help = "the instance type that the group launches",
         .value = &asked.launch_type},
        {.name = "units-per-instance",
         .placeholder = "N",
         .help = "units of the fleet's capacity that one of them stands for (4)",
         .value = &asked.units},
        {.name = "subnet",
         .placeholder = "ID=ZONE",
         .help = "the zone of a subnet the request names",
         .list = &asked.subnets},
        {.name = "on-demand",
         .placeholder = "TYPE=USD",
         .help = "an on-demand price per hour",
         .list = &asked.on_demand},
        {.name = "band",
         .placeholder = "TYPE=BAND",
         .help = "the Spot Instance Advisor's: \"<5%\", 5-10%, 10-15%, 15-20%, \">20%\"",
         .list = &asked.bands},
        {.name = "name", .placeholder = "TEXT", .help = "of the scenario", .value = &asked.name},
        {.name = "into",
         .placeholder = "DIR",
         .help = "the folder (scenario)",
         .value = &asked.folder},
        {.name = "force",
         .help = "write over a scenario or request file that is there",
         .flag = &asked.force},
        {0},
    };
    struct option_list arguments;
    int status = options_parse(&help, specs, argc, argv, &arguments);
    if (status)
        return command_end(help.name, status);
    struct error err = {0};
    status = init_asked(&asked, &err);
    return command_close(&help, specs, &arguments, status, &err);
}
