#include "record/schema.h"

#include "record/figures.h"

const struct results_table results_tables[] = {
    {"run", "key"},
    {"provenance", "run"},
    {"capacity_change", "time_s"},
    {"instance", "instance"},
    {"interruption", "instance"},
    {"decision", "ordinal"},
    {NULL, NULL},
};

/* Every figure compares and sums as a number. Money, seconds and counts are integers. Unit-seconds
 * and units are integers where they are whole, else the nearest REAL, which shows a decimal of up
 * to 15 digits as it is; the exact decimals stand in the column `figures`. */
static const char *column_type(enum figure_kind kind)
{
    return kind == FIGURE_UNIT_S || kind == FIGURE_UNITS ? "NUMERIC" : "INTEGER";
}

void results_schema(struct text *sql)
{
    text_add(sql, "CREATE TABLE run(run INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE,"
                  " name TEXT NOT NULL, figures TEXT NOT NULL");
    for (int i = 0; i < FIGURE_COUNT_OF_ALL; i++)
        text_addf(sql, ", %s %s", figure_descriptions[i].column,
                  column_type(figure_descriptions[i].kind));
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
}
