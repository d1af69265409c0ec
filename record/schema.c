#include "record/schema.h"

#include "record/figures.h"

const struct results_table results_tables[] = {
    {"run", "key", 0},           {"provenance", "run", 0},        {"capacity_change", "time_s", 0},
    {"instance", "instance", 0}, {"interruption", "instance", 0}, {"rebalance", "instance", 3},
    {"decision", "ordinal", 0},  {"schedule", "bound, item", 6},  {NULL, NULL, 0},
};

const struct results_table recording_tables[] = {
    {"recording", "recording", 2},
    {"missed", "first_s", 2},
    {"evaluation", "ordinal", 2},
    {"evaluation_read", "ordinal, read", 2},
    {"watch", "time_s", 5},
    {"watch_pool", "zone, instance_type", 5},
    {"watch_price", "zone, instance_type, product, time_s, micro_usd_per_hour", 5},
    {"watch_event", "time_s, type, sub_type, instance", 5},
    {"watch_instance", "instance", 5},
    {NULL, NULL, 0},
};

const struct results_table sweep_tables[] = {
    {"sweep", "key", 4},
    {"sweep_point", "point", 4},
    {"sweep_stopped", "point", 7},
    {"sweep_traces", "point", 8},
    {"tuning", "minimize, subject_to, train", 8},
    {NULL, NULL, 0},
};

const struct results_table point_table = {"point", "key", 4};

const char results_schema_schedule[] =
    "CREATE TABLE schedule(run INTEGER NOT NULL, bound TEXT NOT NULL, item INTEGER NOT NULL,"
    " kind TEXT NOT NULL, instance_type TEXT NOT NULL, zone TEXT NOT NULL,"
    " instances INTEGER NOT NULL, weight_units NUMERIC NOT NULL, warm INTEGER NOT NULL,"
    " requested_s INTEGER NOT NULL, running_s INTEGER NOT NULL, joined_s INTEGER NOT NULL,"
    " ended_s INTEGER NOT NULL, serves_until_s INTEGER NOT NULL, end TEXT NOT NULL,"
    " cost_micro_usd_s INTEGER NOT NULL, PRIMARY KEY(run, bound, item)) WITHOUT ROWID;";

const char results_schema_stopped[] =
    "CREATE TABLE sweep_stopped(sweep INTEGER NOT NULL, point INTEGER NOT NULL,"
    " varied TEXT NOT NULL, runs INTEGER NOT NULL, worlds INTEGER NOT NULL,"
    " beaten_by INTEGER, PRIMARY KEY(sweep, point)) WITHOUT ROWID;";

const char results_schema_tunings[] =
    "CREATE TABLE sweep_traces(sweep INTEGER NOT NULL, point INTEGER NOT NULL,"
    " trace_hash TEXT NOT NULL, PRIMARY KEY(sweep, point)) WITHOUT ROWID;"
    "CREATE TABLE tuning(sweep INTEGER NOT NULL, minimize TEXT NOT NULL,"
    " subject_to TEXT NOT NULL, train INTEGER NOT NULL, windows INTEGER NOT NULL,"
    " seeds INTEGER NOT NULL,"
    " episodes INTEGER NOT NULL, best INTEGER, varied TEXT, beyond TEXT NOT NULL,"
    " why_not TEXT, out_of_sample TEXT, PRIMARY KEY(sweep, minimize, subject_to, train))"
    " WITHOUT ROWID;";

const char results_schema_braces[] =
    "UPDATE point SET figures='{' || figures || '}' WHERE figures NOT LIKE '{%';";

const char results_schema_rebalance[] =
    "CREATE TABLE rebalance(run INTEGER NOT NULL, instance INTEGER NOT NULL,"
    " recommended_s INTEGER, released_s INTEGER, replacement INTEGER NOT NULL,"
    " PRIMARY KEY(run, instance)) WITHOUT ROWID;";

const char results_schema_watch[] =
    "CREATE TABLE watch(recording INTEGER NOT NULL, time_s INTEGER NOT NULL, since_s INTEGER,"
    " status TEXT NOT NULL, PRIMARY KEY(recording, time_s)) WITHOUT ROWID;"
    "CREATE TABLE watch_pool(recording INTEGER NOT NULL, zone TEXT NOT NULL,"
    " instance_type TEXT NOT NULL, PRIMARY KEY(recording, zone, instance_type)) WITHOUT ROWID;"
    "CREATE TABLE watch_price(recording INTEGER NOT NULL, zone TEXT NOT NULL,"
    " instance_type TEXT NOT NULL, product TEXT NOT NULL, time_s INTEGER NOT NULL,"
    " micro_usd_per_hour INTEGER NOT NULL, PRIMARY KEY(recording, zone, instance_type, product,"
    " time_s, micro_usd_per_hour)) WITHOUT ROWID;"
    "CREATE TABLE watch_event(recording INTEGER NOT NULL, time_s INTEGER NOT NULL,"
    " type TEXT NOT NULL, sub_type TEXT NOT NULL, instance TEXT NOT NULL,"
    " PRIMARY KEY(recording, time_s, type, sub_type, instance)) WITHOUT ROWID;"
    "CREATE TABLE watch_instance(recording INTEGER NOT NULL, instance TEXT NOT NULL,"
    " zone TEXT NOT NULL, instance_type TEXT NOT NULL, PRIMARY KEY(recording, instance))"
    " WITHOUT ROWID;";

const char results_schema_recordings[] =
    "CREATE TABLE recording(recording INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE,"
    " region TEXT NOT NULL, fleet TEXT NOT NULL, backup_group TEXT NOT NULL, cluster TEXT,"
    " product TEXT NOT NULL, units_per_instance NUMERIC NOT NULL, policy TEXT NOT NULL,"
    " state_version INTEGER NOT NULL, parameters TEXT NOT NULL, guards TEXT NOT NULL,"
    " clock TEXT NOT NULL, every_s INTEGER NOT NULL, version TEXT NOT NULL);"
    "CREATE TABLE missed(recording INTEGER NOT NULL, first_s INTEGER NOT NULL,"
    " last_s INTEGER NOT NULL, times INTEGER NOT NULL, PRIMARY KEY(recording, first_s))"
    " WITHOUT ROWID;"
    "CREATE TABLE evaluation(recording INTEGER NOT NULL, ordinal INTEGER NOT NULL,"
    " due_s INTEGER NOT NULL, time_s INTEGER NOT NULL, trigger TEXT NOT NULL,"
    " mode TEXT NOT NULL, stopped_by TEXT, state_before TEXT NOT NULL,"
    " state_after TEXT NOT NULL, group_status TEXT NOT NULL, group_error TEXT,"
    " group_min INTEGER, group_max INTEGER, group_desired INTEGER, group_in_service INTEGER,"
    " group_pending INTEGER, interruption_notices INTEGER, rebalance_notices INTEGER,"
    " action TEXT NOT NULL, policy_desired_capacity INTEGER, desired_capacity INTEGER,"
    " honor_cooldown INTEGER, fleet_target INTEGER, guard TEXT NOT NULL, reason TEXT NOT NULL,"
    " words TEXT NOT NULL, figures TEXT NOT NULL, outcome TEXT NOT NULL,"
    " fleet_outcome TEXT NOT NULL, failed_calls INTEGER, PRIMARY KEY(recording, ordinal))"
    " WITHOUT ROWID;"
    "CREATE TABLE evaluation_read(recording INTEGER NOT NULL, ordinal INTEGER NOT NULL,"
    " read INTEGER NOT NULL, api TEXT NOT NULL, metric TEXT, statistic TEXT, period_s INTEGER,"
    " start_s INTEGER, end_s INTEGER, status TEXT NOT NULL, error TEXT, answer TEXT,"
    " PRIMARY KEY(recording, ordinal, read)) WITHOUT ROWID;";

/* Every figure compares and sums as a number. Money, seconds and counts are integers. Unit-seconds
 * and units are integers where they are whole, else the nearest REAL, which shows a decimal of up
 * to 15 digits as it is; the exact decimals stand in the column `figures`. */
static const char *column_type(enum figure_kind kind)
{
    return kind == FIGURE_UNIT_S || kind == FIGURE_UNITS ? "NUMERIC" : "INTEGER";
}

static void add_figure_columns(struct text *sql)
{
    for (int i = 0; i < FIGURE_COUNT_OF_ALL; i++)
        text_addf(sql, ", %s %s", figure_descriptions[i].column,
                  column_type(figure_descriptions[i].kind));
}

void results_schema_sweeps(struct text *sql)
{
    text_add(sql,
             "CREATE TABLE sweep(sweep INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE,"
             " version TEXT NOT NULL, name TEXT NOT NULL, scenario TEXT NOT NULL);"
             "CREATE TABLE sweep_point(sweep INTEGER NOT NULL, point INTEGER NOT NULL,"
             " varied TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY(sweep, point)) WITHOUT ROWID;"
             "CREATE TABLE point(key TEXT NOT NULL PRIMARY KEY, figures TEXT NOT NULL");
    add_figure_columns(sql);
    text_add(sql, ") WITHOUT ROWID;");
}

void results_schema(struct text *sql)
{
    text_add(sql, "CREATE TABLE run(run INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE,"
                  " name TEXT NOT NULL, figures TEXT NOT NULL");
    add_figure_columns(sql);
    text_add(sql, ");");
    text_add(
        sql,
        "CREATE TABLE provenance(run INTEGER PRIMARY KEY REFERENCES run, version TEXT NOT NULL,"
        " policy TEXT NOT NULL, seed TEXT NOT NULL, trace_hash TEXT NOT NULL,"
        " demand_hash TEXT NOT NULL,"
        " synthetic INTEGER NOT NULL, interruptions TEXT NOT NULL, from_s INTEGER NOT NULL,"
        " to_s INTEGER NOT NULL, scenario TEXT NOT NULL);"
        "CREATE TABLE local(run INTEGER PRIMARY KEY REFERENCES run, folder TEXT NOT NULL,"
        " program_commit TEXT NOT NULL, recorded_at TEXT NOT NULL,"
        " notes TEXT NOT NULL);"
        "CREATE TABLE capacity_change(run INTEGER NOT NULL, time_s INTEGER NOT NULL,"
        " required_units NUMERIC NOT NULL, spot_up_units NUMERIC NOT NULL,"
        " on_demand_up_units NUMERIC NOT NULL, fleet_target_units NUMERIC NOT NULL,"
        " fleet_fulfilled_units NUMERIC NOT NULL, group_desired INTEGER NOT NULL,"
        " group_running INTEGER NOT NULL, PRIMARY KEY(run, time_s)) WITHOUT ROWID;"
        "CREATE TABLE instance(run INTEGER NOT NULL, instance INTEGER NOT NULL,"
        " kind TEXT NOT NULL, instance_type TEXT NOT NULL, zone TEXT NOT NULL,"
        " weight_units NUMERIC NOT NULL, slot INTEGER, warm INTEGER NOT NULL,"
        " requested_s INTEGER NOT NULL, running_s INTEGER, joined_s INTEGER, notice_s INTEGER,"
        " ended_s INTEGER, end TEXT NOT NULL, cost_micro_usd_s INTEGER NOT NULL,"
        " PRIMARY KEY(run, instance)) WITHOUT ROWID;"
        "CREATE TABLE interruption(run INTEGER NOT NULL, instance INTEGER NOT NULL,"
        " notice_s INTEGER NOT NULL, ended_s INTEGER, cause TEXT NOT NULL,"
        " PRIMARY KEY(run, instance)) WITHOUT ROWID;"
        "CREATE TABLE decision(run INTEGER NOT NULL, ordinal INTEGER NOT NULL,"
        " first_s INTEGER NOT NULL, last_s INTEGER NOT NULL, evaluations INTEGER NOT NULL,"
        " trigger TEXT NOT NULL, action TEXT NOT NULL,"
        " policy_desired_capacity INTEGER, desired_capacity INTEGER,"
        " honor_cooldown INTEGER, fleet_target INTEGER, desired_before INTEGER,"
        " guard TEXT NOT NULL, outcome TEXT NOT NULL, fleet_outcome TEXT NOT NULL,"
        " reason TEXT NOT NULL, words TEXT NOT NULL, figures TEXT NOT NULL, PRIMARY KEY(run, "
        "ordinal)) WITHOUT ROWID;");
    text_add(sql, results_schema_recordings);
    text_add(sql, results_schema_rebalance);
    text_add(sql, results_schema_schedule);
    results_schema_sweeps(sql);
    text_add(sql, results_schema_watch);
    text_add(sql, results_schema_stopped);
    text_add(sql, results_schema_tunings);
}
