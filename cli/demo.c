/* ballast demo: the main job on an embedded default, a generated market.
 *
 * The quickstart example is compiled in. The demo writes its files to a folder, so that one can go
 * on from there, runs three policies over the same market, records them, and prints them side by
 * side.
 */
#include "base/memory.h"
#include "base/output.h"
#include "base/timestamp.h"
#include "commands.h"
#include "embedded_demo_fleet.h"
#include "embedded_demo_group.h"
#include "embedded_demo_scenario.h"
#include "options.h"
#include "show.h"
#include "study/bound.h"
#include "summary.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *const policies[] = {"none", "pending-capacity", "pending-capacity:seed"};

enum { POLICIES = 3 };

static int write_file(const char *folder, const char *name, const char *text, struct error *err)
{
    char *path = memory_format("%s/%s", folder, name);
    int status = output_write(path, text, strlen(text), err);
    free(path);
    return status;
}

static int write_files(const char *folder, struct error *err)
{
    if (mkdir(folder, 0777) && errno != EEXIST)
        return error_set(err, STATUS_FAILURE, "%s: cannot be made: %s", folder, strerror(errno));
    int status = write_file(folder, "scenario.json", embedded_demo_scenario, err);
    if (!status)
        status = write_file(folder, "spot-fleet.json", embedded_demo_fleet, err);
    if (!status)
        status = write_file(folder, "backup-group.json", embedded_demo_group, err);
    return status;
}

/* 80 columns: a label, the policies, the reference. */
static void print_row(const char *label, char cells[POLICIES + 1][SHOW_SIZE])
{
    printf("%-22s", label);
    for (int i = 0; i < POLICIES; i++)
        printf(" %15s", cells[i]);
    if (*cells[POLICIES])
        printf(" %9s", cells[POLICIES]);
    printf("\n");
}

enum shape { SHAPE_USD, SHAPE_UNIT_HOURS, SHAPE_DURATION, SHAPE_COUNT };

static void show(enum shape shape, int128 value, char out[SHOW_SIZE])
{
    switch (shape) {
    case SHAPE_USD:
        show_usd(value, out);
        break;
    case SHAPE_UNIT_HOURS:
        show_unit_hours(value, out);
        break;
    case SHAPE_DURATION:
        show_duration((int64_t)value, out);
        break;
    case SHAPE_COUNT:
        show_count(value, out);
        break;
    }
}

static const struct {
    const char *label;
    enum figure figure;
    enum shape shape;
} rows[] = {
    {"spot, USD", FIGURE_cost_spot_micro_usd, SHAPE_USD},
    {"on-demand, USD", FIGURE_cost_on_demand_micro_usd, SHAPE_USD},
    {"  of it idle", FIGURE_cost_on_demand_surplus_micro_usd, SHAPE_USD},
    {"total, USD", FIGURE_cost_total_micro_usd, SHAPE_USD},
    {"unfulfilled unit-hours", FIGURE_capacity_unfulfilled_unit_s, SHAPE_UNIT_HOURS},
    {"time short", FIGURE_capacity_shortfall_s, SHAPE_DURATION},
    {"times short", FIGURE_capacity_shortfall_episodes, SHAPE_COUNT},
    {"spot interruptions", FIGURE_events_spot_interruptions, SHAPE_COUNT},
    {"backup launches", FIGURE_events_on_demand_launches, SHAPE_COUNT},
    {"scale-ins refused", FIGURE_events_scale_in_refused, SHAPE_COUNT},
};

static void print_table(const struct figures figures[POLICIES])
{
    char heads[2][POLICIES + 1][SHOW_SIZE] = {
        {"", "pending-", "pending-", "all on-"},
        {"none", "capacity", "capacity:seed", "demand"},
    };
    print_row("", heads[0]);
    print_row("", heads[1]);
    int128 reference = figures[0].value[FIGURE_cost_all_on_demand_micro_usd];
    for (size_t r = 0; r < ARRAY_LENGTH(rows); r++) {
        char cells[POLICIES + 1][SHOW_SIZE] = {""};
        bool total = rows[r].figure == FIGURE_cost_total_micro_usd;
        for (int p = 0; p < POLICIES; p++)
            show(rows[r].shape, figures[p].value[rows[r].figure], cells[p]);
        if (total)
            show_usd(reference, cells[POLICIES]);
        print_row(rows[r].label, cells);
        if (!total)
            continue;
        for (int p = 0; p < POLICIES; p++)
            show_percent(reference - figures[p].value[rows[r].figure], reference, cells[p]);
        cells[POLICIES][0] = '\0';
        print_row("saving", cells);
        for (int p = 0; p < POLICIES; p++)
            show_usd(figures[p].value[FIGURE_cost_regret_micro_usd], cells[p]);
        print_row("above the least, USD", cells);
        printf("\n");
    }
}

/* What to try next, with the time of the policy's first call. */
static int print_next(const char *folder, const char *db, int64_t run, struct error *err)
{
    struct results *results = NULL;
    int64_t time_s = 0;
    bool called = false;
    int status = results_open(&results, db, false, err);
    if (!status)
        status = results_first_call(results, run, &time_s, &called, err);
    results_close(results);
    if (status)
        return status;
    char at[TIMESTAMP_TEXT_SIZE];
    printf("\nThe market is SYNTHETIC: this shows how the tool works, not what a fleet of yours\n"
           "would cost. Recorded in %s. Go on with\n"
           "  ballast run %s/scenario.json --set backup_group.group.DefaultCooldown=300\n",
           db, folder);
    if (called)
        printf("  ballast explain %lld --db %s --at %s\n", (long long)run, db,
               timestamp_format(time_s, at));
    printf("  ballast scenario show %s/scenario.json\n", folder);
    return STATUS_OK;
}

static int run_all(const char *folder, const char *db, struct error *err)
{
    struct figures figures[POLICIES];
    int64_t runs[POLICIES] = {0};
    struct session sessions[POLICIES];
    struct bounds_memory *memory = bounds_memory_new();
    int opened = 0;
    char *scenario = memory_format("%s/scenario.json", folder);
    int status = STATUS_OK;
    for (int i = 0; !status && i < POLICIES; i++) {
        struct session *session = &sessions[i];
        const struct session_options options = {
            .policy = policies[i], .bounds = true, .bounds_memory = memory};
        status = session_open(session, scenario, &options, err);
        if (status)
            break;
        opened++;
        status = session_run(session, db, err);
        figures[i] = session->figures;
        runs[i] = session->run;
        session_warn("demo", session);
        if (!status && i == 0) {
            show_wrapped(stdout, "", session->scenario.name);
            printf("\n");
            summary_print_assumptions(session, stdout);
            printf("\n");
        }
    }
    bounds_memory_free(memory);
    while (opened)
        session_close(&sessions[--opened]);
    free(scenario);
    if (status)
        return status;
    print_table(figures);
    return print_next(folder, db, runs[1], err);
}

int command_demo(int argc, char **argv)
{
    static const struct command_help help = {
        .name = "demo",
        .arguments = "",
        .description = "Run the main job on an embedded default: half a year of a generated "
                       "(synthetic) market\n"
                       "under three policies. The files are left in a folder to go on from.",
    };
    const char *folder = "ballast-demo";
    const struct option_spec specs[] = {{.name = "dir",
                                         .placeholder = "DIR",
                                         .help = "the folder (default: ballast-demo)",
                                         .value = &folder},
                                        {0}};
    struct option_list arguments;
    int status = options_parse(&help, specs, argc, argv, &arguments);
    if (status)
        return command_end(help.name, status);
    struct error err = {0};
    char *db = memory_format("%s/results.db", folder);
    status = write_files(folder, &err);
    if (!status)
        status = run_all(folder, db, &err);
    free(db);
    return command_close(&help, specs, &arguments, status, &err);
}
