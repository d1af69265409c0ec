/* ballast init: a first scenario, with comments, from what one has: the request file of a Spot
 * Fleet, an Auto Scaling group and a price history.
 *
 * What is not known is asked for by the reader itself: the scenario is written, read as every
 * command reads it, and what that says is what is missing.
 */
#include "base/memory.h"
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

struct asked {
    const char *fleet;
    const char *group;
    const char *folder;
    const char *name;
    const char *launch_type;
    const char *units;
    struct option_list prices;
    struct option_list subnets;   /* ID=ZONE */
    struct option_list on_demand; /* TYPE=USD */
    bool force;
};

struct made {
    const struct asked *asked;
    char *scenario; /* paths */
    char *fleet;
    char *group;
    char *traces;
    int64_t first_s; /* of the prices that were imported, and then of those all pools have */
    int64_t last_s;
};

/* ---- files --------------------------------------------------------------------------------------
 */

static int write_file(const char *path, const char *text, size_t size, struct error *err)
{
    FILE *file = fopen(path, "w");
    bool written = file && fwrite(text, 1, size, file) == size;
    if (file && fclose(file))
        written = false;
    if (written)
        return STATUS_OK;
    return error_set(err, STATUS_FAILURE, "%s: cannot be written: %s", path, strerror(errno));
}

static int copy_file(const char *from, const char *to, struct error *err)
{
    enum { MOST = 16 << 20 };
    FILE *file = fopen(from, "r");
    if (!file)
        return error_set(err, STATUS_BAD_INPUT, "%s: cannot be opened: %s", from, strerror(errno));
    char *bytes = memory_new(MOST, 1);
    size_t size = fread(bytes, 1, MOST, file);
    bool bad = ferror(file) != 0;
    bool whole = feof(file) != 0;
    fclose(file);
    int status = STATUS_OK;
    if (bad || !whole)
        status =
            error_set(err, STATUS_BAD_INPUT, "%s: cannot be read, or is no request file", from);
    if (!status)
        status = write_file(to, bytes, size, err);
    free(bytes);
    return status;
}

/* Nothing that is there is written over, unless that was asked for. */
static int make_folder(const struct made *made, struct error *err)
{
    const char *folder = made->asked->folder;
    struct stat info;
    if (mkdir(folder, 0777) && errno != EEXIST)
        return error_set(err, STATUS_FAILURE, "%s: cannot be made: %s", folder, strerror(errno));
    if (stat(made->scenario, &info) == 0 && !made->asked->force)
        return error_set(err, STATUS_BAD_INPUT,
                         "%s: is there already: choose another --into, or write over it with "
                         "--force",
                         made->scenario);
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

/* "ID=VALUE" options as an object's members; `quote`: the values are texts. */
static int add_map(struct text *text, const char *option, const struct option_list *list,
                   bool quote, struct error *err)
{
    for (size_t i = 0; i < list->count; i++) {
        const char *equals = strchr(list->values[i], '=');
        if (!equals || equals == list->values[i] || !equals[1])
            return error_set(err, STATUS_BAD_INPUT, "--%s %s: write it as NAME=VALUE", option,
                             list->values[i]);
        char *name = memory_copy_bytes(list->values[i], (size_t)(equals - list->values[i]));
        text_add(text, i ? ", " : "");
        text_add_json_string(text, name);
        text_add(text, ": ");
        free(name);
        if (quote)
            text_add_json_string(text, equals + 1);
        else
            text_add(text, equals + 1);
    }
    return STATUS_OK;
}

static int scenario_text(const struct made *made, struct text *text, struct error *err)
{
    const struct asked *asked = made->asked;
    char from[TIMESTAMP_TEXT_SIZE];
    char to[TIMESTAMP_TEXT_SIZE];
    text_add(text,
             "{\n  \"//\": \"Keys that begin with // are comments. What is not said here has a "
             "default: `ballast scenario show` prints each, with where it comes from.\",\n"
             "  \"name\": ");
    text_add_json_string(text, asked->name);
    text_addf(
        text,
        ",\n  \"//from\": \"The whole hours for which prices of all pools are there. A shorter "
        "span runs faster; \\\"measure\\\" leaves out a beginning.\",\n"
        "  \"from\": \"%s\",\n  \"to\": \"%s\",\n  \"traces\": [\"traces.db\"],\n",
        timestamp_format(made->first_s, from), timestamp_format(made->last_s, to));
    text_add(text, "  \"//spot_fleet\": \"A copy of your request file, as request-spot-fleet takes "
                   "it. TargetCapacity is what is required, unless \\\"demand\\\" says more.\",\n"
                   "  \"spot_fleet\": \"spot-fleet.json\",\n");
    if (asked->subnets.count) {
        text_add(text, "  \"//subnets\": \"In which zone each subnet lies.\",\n  \"subnets\": {");
        int status = add_map(text, "subnet", &asked->subnets, true, err);
        if (status)
            return status;
        text_add(text, "},\n");
    }
    text_add(text, "  \"//backup_group\": \"A copy of your group, what it launches, and how many "
                   "units of the fleet's capacity one of its instances stands for.\",\n"
                   "  \"backup_group\": {\"group\": \"backup-group.json\", \"launch\": "
                   "{\"InstanceType\": ");
    text_add_json_string(text, asked->launch_type);
    text_addf(text, "}, \"units_per_instance\": %s},\n", asked->units);
    if (asked->on_demand.count) {
        text_add(text, "  \"//on_demand_usd_per_hour\": \"Prices of your region; an imported "
                       "catalogue may say them instead.\",\n  \"on_demand_usd_per_hour\": {");
        int status = add_map(text, "on-demand", &asked->on_demand, false, err);
        if (status)
            return status;
        text_add(text, "},\n");
    }
    text_add(text, "  \"//account\": \"Nobody has published these delays: measure yours. `ballast "
                   "run --assumptions` tells which of them matter.\",\n"
                   "  \"account\": {\"spot_launch_delay_s\": 30, \"on_demand_launch_delay_s\": 30, "
                   "\"join_delay_s\": 60},\n"
                   "  \"//policy\": \"Others: `ballast policy list`. Its parameters and their "
                   "defaults: `ballast policy show pending-capacity`.\",\n"
                   "  \"policy\": {\"name\": \"pending-capacity\"}\n}\n");
    return text_status(text, err);
}

static int write_scenario(const struct made *made, struct error *err)
{
    struct text text = {0};
    int status = scenario_text(made, &text, err);
    if (!status)
        status = write_file(made->scenario, text.data, text.size, err);
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

static int init(struct made *made, struct error *err)
{
    int status = make_folder(made, err);
    if (!status)
        status = copy_file(made->asked->fleet, made->fleet, err);
    if (!status)
        status = copy_file(made->asked->group, made->group, err);
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

int command_init(int argc, char **argv)
{
    static const struct command_help help = {
        .name = "init",
        .arguments = "",
        .description =
            "Write a first scenario, with comments, from the request file of a Spot Fleet, an\n"
            "Auto Scaling group and a price history. What is still missing is said.",
    };
    struct asked asked = {.folder = "scenario", .name = "my fleet", .units = "4"};
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
        {.name = "name", .placeholder = "TEXT", .help = "of the scenario", .value = &asked.name},
        {.name = "into",
         .placeholder = "DIR",
         .help = "the folder (scenario)",
         .value = &asked.folder},
        {.name = "force", .help = "write over a scenario that is there", .flag = &asked.force},
        {0},
    };
    struct option_list arguments;
    int status = options_parse(&help, specs, argc, argv, &arguments);
    if (status)
        return command_end(help.name, status);
    struct error err = {0};
    if (!asked.fleet || !asked.group || !asked.prices.count || !asked.launch_type)
        status = error_set(&err, STATUS_BAD_INPUT,
                           "--spot-fleet FILE, --group FILE, --prices FILE and --launch-type TYPE "
                           "are needed (see ballast init --help)");
    struct made made = {
        .asked = &asked,
        .scenario = memory_format("%s/scenario.json", asked.folder),
        .fleet = memory_format("%s/spot-fleet.json", asked.folder),
        .group = memory_format("%s/backup-group.json", asked.folder),
        .traces = memory_format("%s/traces.db", asked.folder),
    };
    if (!status)
        status = init(&made, &err);
    char *const paths[] = {made.scenario, made.fleet, made.group, made.traces};
    for (size_t i = 0; i < ARRAY_LENGTH(paths); i++)
        free(paths[i]);
    if (status)
        command_fail(help.name, &err);
    options_clean_up(specs, &arguments);
    return command_end(help.name, status);
}
