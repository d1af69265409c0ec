#include "operate/metrics.h"

#include "base/decimal.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Those of one name stand together, as the format wants it. */
enum counter {
    EVALUATIONS = 0,
    FAILED_EVALUATIONS,
    MISSED_EVALUATIONS,
    FAILED_CALLS,
    HELD,
    SET_DESIRED,
    ACCEPTED,
    DRY_RUN,
    IN_PROGRESS,
    VALIDATION_ERROR,
    CALL_FAILED,
    GUARDED_STEP,
    GUARDED_DESIRED,
    GUARDED_STALE,
    COUNTERS,
};

static const struct {
    const char *name;
    const char *more;
    const char *help; /* with the first of a name */
} counters[COUNTERS] = {
    [EVALUATIONS] = {"evaluations_total", NULL, "Evaluations made"},
    [FAILED_EVALUATIONS] = {"failed_evaluations_total", NULL,
                            "Evaluations with a failed call, or that could not be written down"},
    [MISSED_EVALUATIONS] = {"missed_evaluations_total", NULL,
                            "Due times passed over between evaluations"},
    [FAILED_CALLS] = {"failed_calls_total", NULL, "Calls of AWS that failed"},
    [HELD] = {"decisions_total", "action=\"hold\"", "Decisions after the guards"},
    [SET_DESIRED] = {"decisions_total", "action=\"set-desired\"", NULL},
    [ACCEPTED] = {"set_desired_capacity_total", "outcome=\"accepted\"",
                  "SetDesiredCapacity by outcome; all but accepted and dry-run are refusals"},
    [DRY_RUN] = {"set_desired_capacity_total", "outcome=\"dry-run\"", NULL},
    [IN_PROGRESS] = {"set_desired_capacity_total", "outcome=\"ScalingActivityInProgress\"", NULL},
    [VALIDATION_ERROR] = {"set_desired_capacity_total", "outcome=\"ValidationError\"", NULL},
    [CALL_FAILED] = {"set_desired_capacity_total", "outcome=\"failed\"", NULL},
    [GUARDED_STEP] = {"guarded_total", "guard=\"max-step\"", "Decisions that a guard changed"},
    [GUARDED_DESIRED] = {"guarded_total", "guard=\"max-desired\"", NULL},
    [GUARDED_STALE] = {"guarded_total", "guard=\"stale\"", NULL},
};
_Static_assert((int)COUNTERS <= (int)METRICS_COUNTERS, "room for all counters");

/* ---- the format -------------------------------------------------------------------------------
 */

static void add_escaped(struct text *out, const char *value)
{
    for (; *value; value++) {
        if (*value == '\n')
            text_add(out, "\\n");
        else if (*value == '"' || *value == '\\')
            text_addf(out, "\\%c", *value);
        else
            text_add_bytes(out, value, 1);
    }
}

void metrics_head(struct text *out, const char *name, const char *type, const char *help)
{
    text_addf(out, "# HELP ballast_%s %s.\n# TYPE ballast_%s %s\n", name, help, name, type);
}

static void add_key(struct text *out, const struct live_metrics *metrics, const char *name,
                    const char *more)
{
    text_addf(out, "ballast_%s{%s%s%s} ", name, metrics->labels, more ? "," : "", more ? more : "");
}

void metrics_line(struct text *out, const struct live_metrics *metrics, const char *name,
                  const char *more, int64_t micro)
{
    char value[DECIMAL_TEXT_SIZE];
    add_key(out, metrics, name, more);
    text_addf(out, "%s\n", decimal_format(micro, value));
}

/* A gauge with one line; none where it is unknown. */
static void gauge(struct text *out, const struct live_metrics *metrics, const char *name,
                  const char *help, int64_t micro)
{
    if (micro == BALLAST_UNKNOWN)
        return;
    metrics_head(out, name, "gauge", help);
    metrics_line(out, metrics, name, NULL, micro);
}

static int64_t whole(int64_t count)
{
    return count == BALLAST_UNKNOWN ? BALLAST_UNKNOWN : count * MICRO;
}

/* ---- what the file before says ----------------------------------------------------------------
 */

/* In millionths; `otherwise` where it is not there. */
static int64_t find(const char *text, const struct live_metrics *metrics, const char *name,
                    const char *more, int64_t otherwise)
{
    struct text key = {0};
    int64_t micro = otherwise;
    text_add(&key, "\n");
    add_key(&key, metrics, name, more);
    const char *line = strstr(text, key.data);
    if (line) {
        line += key.size;
        if (decimal_parse(line, strcspn(line, "\n"), &micro) != DECIMAL_OK || micro < 0)
            micro = otherwise;
    }
    text_clean_up(&key);
    return micro;
}

/* Such as /dev/null, which is written straight into and stays what it is. */
static bool is_no_file(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && !S_ISREG(info.st_mode);
}

void metrics_open(struct live_metrics *out_metrics, const char *path, const char *fleet_id,
                  const char *group)
{
    enum { FILE_LIMIT = 64 << 10 };
    struct text labels = {0};
    text_add(&labels, "fleet=\"");
    add_escaped(&labels, fleet_id);
    text_add(&labels, "\",group=\"");
    add_escaped(&labels, group);
    text_add(&labels, "\"");
    *out_metrics = (struct live_metrics){.path = path,
                                         .labels = labels.data,
                                         .on_demand_micro_usd_per_hour = BALLAST_UNKNOWN,
                                         .spot_micro_usd_per_hour = BALLAST_UNKNOWN,
                                         .backup_in_service = BALLAST_UNKNOWN};
    char *text = memory_new(FILE_LIMIT, 1);
    FILE *file = is_no_file(path) ? NULL : fopen(path, "re");
    if (file) {
        text[fread(text, 1, FILE_LIMIT - 1, file)] = '\0';
        fclose(file);
    }
    for (int i = 0; i < COUNTERS; i++)
        out_metrics->counters[i] =
            find(text, out_metrics, counters[i].name, counters[i].more, 0) / MICRO;
    out_metrics->last_due_s =
        find(text, out_metrics, "last_evaluation_due_timestamp_seconds", NULL, 0) / MICRO;
    out_metrics->looked_s = find(text, out_metrics, "last_look_timestamp_seconds", NULL, 0) / MICRO;
    out_metrics->spot_micro_usd_per_hour =
        find(text, out_metrics, "spend_usd_per_hour", "kind=\"spot\"", BALLAST_UNKNOWN);
    free(text);
}

void metrics_close(struct live_metrics *metrics)
{
    free(metrics->labels);
    text_clean_up(&metrics->gauges);
    *metrics = (struct live_metrics){0};
}

/* ---- an evaluation ----------------------------------------------------------------------------
 */

static const struct ballast_point *newest(const struct ballast_answer *answer)
{
    const struct ballast_point *found = NULL;
    for (size_t i = 0; answer->status == BALLAST_OK && i < answer->point_count; i++) {
        if (!found || answer->points[i].time_s > found->time_s)
            found = &answer->points[i];
    }
    return found;
}

/* Whether each read was answered with data, and how old the newest of it is. */
static void add_reads(struct text *out, const struct live_metrics *metrics,
                      const struct ballast_policy *policy,
                      const struct ballast_observation *observation)
{
    const char *const names[] = {"read_ok", "data_age_seconds"};
    const char *const helps[] = {
        "Whether the read was answered with data",
        "Time from the start of the newest point's period to the evaluation"};
    for (size_t part = 0; part < ARRAY_LENGTH(names); part++) {
        metrics_head(out, names[part], "gauge", helps[part]);
        for (size_t i = 0; i < policy->read_count; i++) {
            const struct ballast_read *read = &policy->reads[i];
            const struct ballast_answer *answer = &observation->answers[i];
            const struct ballast_point *point = newest(answer);
            bool metric = read->kind == BALLAST_READ_METRIC;
            char *more = memory_format("read=\"%zu\",of=\"%s\"", i,
                                       metric ? read->metric : cloud_read_api(read));
            if (part == 0)
                metrics_line(out, metrics, names[part], more,
                             whole(metric ? point != NULL : answer->status == BALLAST_OK));
            else if (point)
                metrics_line(out, metrics, names[part], more,
                             whole(observation->now_s - point->time_s));
            free(more);
        }
    }
}

/* What the fleet lacks, from its description or, where the policy does not ask for that, from its
 * metric. */
static int64_t pending(const struct ballast_policy *policy,
                       const struct ballast_observation *observation)
{
    int64_t from_metric = BALLAST_UNKNOWN;
    for (size_t i = 0; i < policy->read_count; i++) {
        const struct ballast_answer *answer = &observation->answers[i];
        if (answer->status == BALLAST_OK && answer->fleet) {
            int64_t lacks = answer->fleet->target_micro - answer->fleet->fulfilled_micro;
            return lacks > 0 ? lacks : 0;
        }
        const struct ballast_point *point = newest(answer);
        if (point && policy->reads[i].kind == BALLAST_READ_METRIC &&
            strcmp(policy->reads[i].metric, "PendingCapacity") == 0)
            from_metric = point->value_micro;
    }
    return from_metric;
}

static void count(struct live_metrics *metrics, const struct controller_evaluation *done)
{
    static const enum counter outcomes[] = {
        [CLOUD_ACCEPTED] = ACCEPTED,
        [CLOUD_SCALING_ACTIVITY_IN_PROGRESS] = IN_PROGRESS,
        [CLOUD_VALIDATION_ERROR] = VALIDATION_ERROR,
        [CLOUD_FAILED] = CALL_FAILED,
        [CLOUD_DRY_RUN] = DRY_RUN,
    };
    static const enum counter guards[] = {
        [GUARD_MAX_STEP] = GUARDED_STEP,
        [GUARD_MAX_DESIRED] = GUARDED_DESIRED,
        [GUARD_STALE] = GUARDED_STALE,
    };
    metrics->counters[done->action == BALLAST_SET_DESIRED ? SET_DESIRED : HELD]++;
    if (done->outcome != CLOUD_NOT_CALLED)
        metrics->counters[outcomes[done->outcome]]++;
    if (done->guard != GUARD_NONE)
        metrics->counters[guards[done->guard]]++;
}

void metrics_evaluation(struct live_metrics *metrics, const struct ballast_policy *policy,
                        const struct controller_evaluation *done)
{
    const struct ballast_group *group = &done->observation->group;
    struct text *out = &metrics->gauges;
    int64_t lacks = pending(policy, done->observation);
    int64_t serves = group->in_service == BALLAST_UNKNOWN
                         ? BALLAST_UNKNOWN
                         : group->in_service * group->units_per_instance_micro;
    int64_t unfulfilled = lacks == BALLAST_UNKNOWN || serves == BALLAST_UNKNOWN ? BALLAST_UNKNOWN
                          : lacks > serves                                      ? lacks - serves
                                                                                : 0;
    text_clean_up(out);
    count(metrics, done);
    add_reads(out, metrics, policy, done->observation);
    gauge(out, metrics, "pending_units", "Units that the fleet lacks of its target", lacks);
    gauge(out, metrics, "backup_units", "Units that the backup has in service", serves);
    gauge(out, metrics, "unfulfilled_units", "Units that neither fleet nor backup provides",
          unfulfilled);
    gauge(out, metrics, "backup_desired_instances", "The backup group's desired capacity",
          whole(group->desired_capacity));
    gauge(out, metrics, "backup_max_instances", "The backup group's MaxSize",
          whole(group->max_size));
    gauge(out, metrics, "backup_in_service_instances", "Backup instances in service",
          whole(group->in_service));
    metrics->backup_in_service = group->in_service;
}

static void add_spend(struct text *out, const struct live_metrics *metrics)
{
    int64_t price = metrics->on_demand_micro_usd_per_hour;
    int64_t in_service = metrics->backup_in_service;
    bool backup = price != BALLAST_UNKNOWN && in_service != BALLAST_UNKNOWN;
    bool spot = metrics->spot_micro_usd_per_hour != BALLAST_UNKNOWN;
    if (backup || spot)
        metrics_head(out, "spend_usd_per_hour", "gauge", "What runs now costs so much an hour");
    if (spot)
        metrics_line(out, metrics, "spend_usd_per_hour", "kind=\"spot\"",
                     metrics->spot_micro_usd_per_hour);
    if (backup)
        metrics_line(out, metrics, "spend_usd_per_hour", "kind=\"on-demand\"", in_service * price);
    if (metrics->looked_s)
        gauge(out, metrics, "last_look_timestamp_seconds",
              "When the spot instances and prices behind the spend rate were read",
              whole(metrics->looked_s));
}

static void finish(struct live_metrics *metrics, const struct metrics_end *end, struct text *out)
{
    int64_t passed = metrics->last_due_s && metrics->every_s
                         ? (end->due_s - metrics->last_due_s) / metrics->every_s - 1
                         : 0;
    metrics->counters[EVALUATIONS]++;
    metrics->counters[FAILED_EVALUATIONS] += end->failed;
    metrics->counters[MISSED_EVALUATIONS] += passed > 0 ? passed : 0;
    metrics->counters[FAILED_CALLS] += end->failed_calls;
    metrics->last_due_s = end->due_s;
    for (int i = 0; i < COUNTERS; i++) {
        if (counters[i].help)
            metrics_head(out, counters[i].name, "counter", counters[i].help);
        metrics_line(out, metrics, counters[i].name, counters[i].more, whole(metrics->counters[i]));
    }
    gauge(out, metrics, "last_evaluation_timestamp_seconds", "When the last evaluation was made",
          whole(end->now_s));
    gauge(out, metrics, "last_evaluation_due_timestamp_seconds", "When it was due",
          whole(end->due_s));
    gauge(out, metrics, "evaluation_interval_seconds", "An evaluation is due so often",
          whole(metrics->every_s));
    gauge(out, metrics, "evaluation_duration_seconds", "How long the last evaluation took",
          end->duration_ms * 1000);
    gauge(out, metrics, "failures_in_a_row", "Evaluations with a failed call up to this one",
          whole(end->failures_in_a_row));
    gauge(out, metrics, "applying", "Whether the account is changed: 0 in shadow and when stopped",
          whole(strcmp(end->mode, "apply") == 0));
    gauge(out, metrics, "stopped", "Whether a guard of --apply stops all changes",
          whole(strcmp(end->mode, "stopped") == 0));
    add_spend(out, metrics);
    text_add(out, metrics->gauges.data ? metrics->gauges.data : "");
}

int metrics_write(struct live_metrics *metrics, const struct metrics_end *end, struct error *err)
{
    struct text text = {0};
    bool straight = is_no_file(metrics->path);
    char *beside = memory_format(straight ? "%s" : "%s.new", metrics->path);
    finish(metrics, end, &text);
    /* Readable for the collector, which is another user. */
    int file = straight ? open(beside, O_WRONLY | O_CLOEXEC | O_NONBLOCK)
                        : open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
    bool fine = file >= 0 && write(file, text.data, text.size) == (ssize_t)text.size;
    if (file >= 0 && close(file) < 0)
        fine = false;
    fine = fine && (straight || rename(beside, metrics->path) == 0);
    int status = fine ? STATUS_OK
                      : error_set(err, STATUS_FAILURE, "%s: cannot be written: %s", metrics->path,
                                  strerror(errno));
    free(beside);
    text_clean_up(&text);
    return status;
}
