/* ballast live status: how the controllers that write into a recording are doing. */
#include "base/decimal.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "commands.h"
#include "options.h"
#include "record/status.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct request {
    const char *fleet;
    const char *group;
    const char *now;
    bool json;
};

/* ---- what is wrong ----------------------------------------------------------------------------
 */

enum { LATE_INTERVALS = 5, FAILURES = 3, MISSED_A_DAY = 10, OLD_DATA_S = 900 };

/* Each ends in a line end; "" where all is well. By the twin's clock nothing is late: nobody knows
 * what time it is there. */
static void find_problems(const struct recording_status *s, int64_t now_s, struct text *out)
{
    text_add(out, "");
    if (!s->twin && now_s - s->due_s > LATE_INTERVALS * s->every_s)
        text_addf(out,
                  "no evaluation for %" PRId64 " s, though one is due every %" PRId64
                  " s: does the daemon run?\n",
                  now_s - s->due_s, s->every_s);
    if (strcmp(s->mode, "stopped") == 0)
        text_addf(out, "nothing is changed: stopped by %s\n", s->stopped_by);
    if (s->failures_in_a_row >= FAILURES)
        text_addf(out, "%" PRId64 " evaluations in a row failed: see its log\n",
                  s->failures_in_a_row);
    if (strcmp(s->group_status, "ok") != 0)
        text_addf(out, "the backup group could not be described: %s\n", s->group_status);
    for (size_t i = 0; i < s->read_count; i++) {
        const struct recording_status_read *read = &s->reads[i];
        if (strcmp(read->status, "ok") != 0)
            text_addf(out, "%s: %s%s%s\n", read->of, read->status, read->error[0] ? " " : "",
                      read->error);
        else if (read->newest_s != RECORD_NEVER && s->time_s - read->newest_s > OLD_DATA_S)
            text_addf(out, "%s: the newest point was %" PRId64 " s old\n", read->of,
                      s->time_s - read->newest_s);
    }
    if (strcmp(s->outcome, "ValidationError") == 0 || strcmp(s->outcome, "failed") == 0)
        text_addf(out, "SetDesiredCapacity was refused: %s\n", s->outcome);
    if (strcmp(s->outcome, "unknown") == 0 && (s->twin || now_s - s->time_s > s->every_s))
        text_add(out, "it was killed before it could tell what came of its last call\n");
    if (s->day_missed > MISSED_A_DAY)
        text_addf(out, "%" PRId64 " evaluations were missed within a day\n", s->day_missed);
}

/* A policy may read one metric in several ways. */
static bool is_first(const struct recording_status *s, size_t index)
{
    size_t i = 0;
    while (strcmp(s->reads[i].of, s->reads[index].of) != 0)
        i++;
    return i == index;
}

/* ---- for people -------------------------------------------------------------------------------
 */

static void print(const struct recording_status *s, int64_t now_s, const char *problems)
{
    char time[TIMESTAMP_TEXT_SIZE];
    char units[DECIMAL_TEXT_SIZE];
    printf("%s and %s (%s%s), %s\n", s->fleet_id, s->group, s->region, s->twin ? ", a twin" : "",
           s->policy);
    printf("  last evaluation  %s", timestamp_format(s->time_s, time));
    if (!s->twin)
        printf(", %" PRId64 " s ago", now_s - s->time_s);
    printf(" (%s)\n  decided          ", s->mode);
    if (strcmp(s->action, "set-desired") == 0)
        printf("SetDesiredCapacity(%" PRId64 "), %s", s->desired_capacity, s->outcome);
    else
        printf("hold");
    if (strcmp(s->guard, "none") != 0)
        printf(", changed by the guard %s", s->guard);
    printf("\n                   %s\n", s->words);
    if (s->group_desired != BALLAST_UNKNOWN)
        printf("  backup           %" PRId64 " in service, desired %" PRId64 ", at most %" PRId64
               ", %s units each\n",
               s->group_in_service, s->group_desired, s->group_max,
               decimal_format(s->units_per_instance_micro, units));
    for (size_t i = 0; i < s->read_count; i++) {
        const struct recording_status_read *read = &s->reads[i];
        if (is_first(s, i) && read->newest_s != RECORD_NEVER &&
            read->value_micro != BALLAST_UNKNOWN)
            printf("  %-16s %s, %" PRId64 " s old then\n", read->of,
                   decimal_format(read->value_micro, units), s->time_s - read->newest_s);
    }
    printf("  within a day     %" PRId64 " evaluations, %" PRId64 " failed, %" PRId64
           " missed; %" PRId64 " calls, %" PRId64 " refused\n",
           s->day_evaluations, s->day_failed, s->day_missed, s->day_calls, s->day_refused);
    for (const char *line = problems; *line; line += strcspn(line, "\n") + 1)
        printf("  ✗ %.*s\n", (int)strcspn(line, "\n"), line);
    if (!*problems)
        printf("  ✓ all is well\n");
}

/* ---- for machines -----------------------------------------------------------------------------
 */

static void add_string(struct text *out, const char *key, const char *value)
{
    text_addf(out, "\"%s\":", key);
    text_add_json_string(out, value);
    text_add(out, ",");
}

static void add_number(struct text *out, const char *key, int64_t value)
{
    if (value == BALLAST_UNKNOWN)
        text_addf(out, "\"%s\":null,", key);
    else
        text_addf(out, "\"%s\":%" PRId64 ",", key, value);
}

static void add_time(struct text *out, const char *key, int64_t time_s)
{
    char time[TIMESTAMP_TEXT_SIZE];
    if (time_s == RECORD_NEVER)
        text_addf(out, "\"%s\":null,", key);
    else
        text_addf(out, "\"%s\":\"%s\",", key, timestamp_format(time_s, time));
}

static void add_reads(struct text *out, const struct recording_status *s)
{
    char value[DECIMAL_TEXT_SIZE];
    text_add(out, "\"reads\":[");
    for (size_t i = 0; i < s->read_count; i++) {
        const struct recording_status_read *read = &s->reads[i];
        text_add(out, i ? ",{" : "{");
        add_string(out, "of", read->of);
        add_string(out, "status", read->error[0] ? read->error : read->status);
        add_time(out, "newest", read->newest_s);
        text_addf(out, "\"value\":%s}",
                  read->value_micro == BALLAST_UNKNOWN ? "null"
                                                       : decimal_format(read->value_micro, value));
    }
    text_add(out, "],");
}

static void add_account(struct text *out, const struct recording_status *s, int64_t now_s,
                        const char *problems)
{
    bool set = strcmp(s->action, "set-desired") == 0;
    const char *comma = "";
    text_add(out, "{");
    add_string(out, "region", s->region);
    add_string(out, "fleet", s->fleet_id);
    add_string(out, "group", s->group);
    add_string(out, "clock", s->twin ? "twin" : "wall");
    add_string(out, "policy", s->policy);
    add_number(out, "every_s", s->every_s);
    add_time(out, "due", s->due_s);
    add_time(out, "time", s->time_s);
    add_number(out, "age_s", s->twin ? BALLAST_UNKNOWN : now_s - s->time_s);
    add_string(out, "mode", s->mode);
    add_string(out, "stopped_by", s->stopped_by);
    add_string(out, "action", s->action);
    add_number(out, "desired_capacity", set ? s->desired_capacity : BALLAST_UNKNOWN);
    add_string(out, "outcome", s->outcome);
    add_string(out, "guard", s->guard);
    add_string(out, "because", s->words);
    add_string(out, "backup_status", s->group_status);
    add_number(out, "backup_desired", s->group_desired);
    add_number(out, "backup_max", s->group_max);
    add_number(out, "backup_in_service", s->group_in_service);
    add_reads(out, s);
    add_number(out, "failures_in_a_row", s->failures_in_a_row);
    add_number(out, "day_evaluations", s->day_evaluations);
    add_number(out, "day_failed", s->day_failed);
    add_number(out, "day_missed", s->day_missed);
    add_number(out, "day_calls", s->day_calls);
    add_number(out, "day_refused", s->day_refused);
    text_add(out, "\"problems\":[");
    for (const char *line = problems; *line; line += strcspn(line, "\n") + 1) {
        char problem[256];
        snprintf(problem, sizeof problem, "%.*s", (int)strcspn(line, "\n"), line);
        text_add(out, comma);
        text_add_json_string(out, problem);
        comma = ",";
    }
    text_add(out, "]}");
}

/* ---- the command ------------------------------------------------------------------------------
 */

static bool is_asked_for(const struct request *request, const struct recording_status *s)
{
    return (!request->fleet || strcmp(request->fleet, s->fleet_id) == 0) &&
           (!request->group || strcmp(request->group, s->group) == 0);
}

static int tell(const struct request *request, const struct recording_status *list, size_t count,
                int64_t now_s, struct error *err)
{
    struct text json = {0};
    size_t told = 0;
    int status = STATUS_OK;
    text_add(&json, "[");
    for (size_t i = 0; i < count; i++) {
        struct text problems = {0};
        if (!is_asked_for(request, &list[i]))
            continue;
        find_problems(&list[i], now_s, &problems);
        if (problems.size)
            status = STATUS_CHECK_FAILED;
        text_add(&json, told++ ? "," : "");
        add_account(&json, &list[i], now_s, problems.data);
        if (!request->json)
            print(&list[i], now_s, problems.data);
        text_clean_up(&problems);
    }
    if (told == 0)
        status = error_set(err, STATUS_BAD_INPUT,
                           "no such fleet and group among the %zu that are recorded: leave --fleet "
                           "and --group out to see them",
                           count);
    else if (request->json)
        printf("%s]\n", json.data);
    text_clean_up(&json);
    return status;
}

int command_live_status(int argc, char **argv)
{
    static const struct command_help help = {
        .name = "live status",
        .arguments = "RECORDING.db",
        .description =
            "How the controllers that record there are doing: the last evaluation of each fleet\n"
            "and group, the day before it, and what is wrong. Exit code 1 if anything is.",
        .min_arguments = 1,
        .max_arguments = 1,
    };
    struct request request = {0};
    const struct option_spec specs[] = {
        {.name = "fleet", .placeholder = "ID", .help = "only this fleet", .value = &request.fleet},
        {.name = "group",
         .placeholder = "NAME",
         .help = "only this group",
         .value = &request.group},
        {.name = "now",
         .placeholder = "TIME",
         .help = "what time it is taken to be (the machine's)",
         .value = &request.now},
        {.name = "json",
         .help = "a JSON array, one object for each fleet and group",
         .flag = &request.json},
        {0}};
    struct option_list arguments = {0};
    struct error err = {0};
    struct results *results = NULL;
    struct recording_status *list = NULL;
    size_t count = 0;
    int64_t now_s = time(NULL);
    int status = options_parse(&help, specs, argc, argv, &arguments);
    if (status)
        return command_end(help.name, status);
    if (request.now && !timestamp_parse(request.now, strlen(request.now), false, &now_s))
        status = error_set(&err, STATUS_BAD_INPUT, "--now %.40s: %s", request.now,
                           timestamp_wrong(request.now, strlen(request.now), false));
    if (!status)
        status = results_open(&results, arguments.values[0], false, &err);
    if (!status)
        status = recording_status_read(results, &list, &count, &err);
    if (!status)
        status = tell(&request, list, count, now_s, &err);
    if (err.status)
        command_fail(help.name, &err);
    free(list);
    results_close(results);
    options_clean_up(specs, &arguments);
    return command_end(help.name, status);
}
