#include "live_replay_told.h"

#include "base/decimal.h"
#include "base/timestamp.h"
#include "live/evaluation.h"
#include "show.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { SHOWN = 10 /* stretches in the text */ };

/* ---- one decision -----------------------------------------------------------------------------
 */

static void add_number(struct text *text, const char *name, int64_t value)
{
    if (value == BALLAST_UNKNOWN)
        text_addf(text, ",\"%s\":null", name);
    else
        text_addf(text, ",\"%s\":%" PRId64, name, value);
}

static void add_said(struct text *text, const struct said_decision *said)
{
    text_addf(text, "{\"action\":\"%s\"", said->calls ? "set-desired" : "hold");
    add_number(text, "policy_desired_capacity", said->policy_desired);
    add_number(text, "desired_capacity", said->desired);
    add_number(text, "honor_cooldown", said->honor_cooldown);
    add_number(text, "fleet_target", said->fleet_target);
    text_add(text, ",\"guard\":");
    text_add_json_string(text, said->guard);
    text_add(text, ",\"reason\":");
    text_add_json_string(text, said->reason);
    text_add(text, ",\"because\":");
    text_add_json_string(text, said->words);
    text_add(text, ",\"figures\":");
    text_add_json_string(text, said->figures);
    text_add(text, "}");
}

void replay_print_each(const struct replay_step *step)
{
    char when[TIMESTAMP_TEXT_SIZE];
    struct text line = {0};
    text_addf(&line,
              "{\"time\":\"%s\",\"recorded\":", timestamp_format(step->recorded->time_s, when));
    add_said(&line, &step->recorded->said);
    text_add(&line, ",\"outcome\":");
    text_add_json_string(&line, step->recorded->outcome);
    text_add(&line, ",\"replayed\":");
    add_said(&line, &step->said);
    text_addf(&line, ",\"differs\":%s}\n", step->differs ? "true" : "false");
    fputs(line.data, stdout);
    text_clean_up(&line);
}

/* ---- the first difference ---------------------------------------------------------------------
 */

static void say_read(struct text *text, const struct ballast_read *read,
                     const struct ballast_answer *answer)
{
    char when[TIMESTAMP_TEXT_SIZE];
    char number[DECIMAL_TEXT_SIZE];
    char more[DECIMAL_TEXT_SIZE];
    text_addf(text, "    %s%s%s: ", cloud_read_api(read), read->metric ? " " : "",
              read->metric ? read->metric : "");
    if (answer->status != BALLAST_OK) {
        text_addf(text, "%s\n", answer->status == BALLAST_EMPTY ? "nothing" : answer->error_code);
        return;
    }
    const struct ballast_point *newest = answer->points;
    for (size_t i = 1; i < answer->point_count; i++)
        newest = answer->points[i].time_s > newest->time_s ? &answer->points[i] : newest;
    if (newest && answer->point_count)
        text_addf(text, "%zu points, the newest %s at %s", answer->point_count,
                  decimal_format(newest->value_micro, number),
                  timestamp_format(newest->time_s, when));
    if (answer->fleet)
        text_addf(text, "target %s, fulfilled %s",
                  decimal_format(answer->fleet->target_micro, number),
                  decimal_format(answer->fleet->fulfilled_micro, more));
    if (answer->cluster)
        text_addf(text, "%" PRId64 " instances, %" PRId64 " tasks running, %" PRId64 " pending",
                  answer->cluster->registered_instances, answer->cluster->running_tasks,
                  answer->cluster->pending_tasks);
    if (answer->spot_prices)
        text_addf(text, "prices of %zu pools", answer->spot_price_count);
    text_add(text, "\n");
}

static void say_recorded_reads(struct text *text, const struct recorded_evaluation *recorded)
{
    for (size_t i = 0; i < recorded->read_count; i++) {
        const struct recorded_read *kept = &recorded->reads[i];
        struct ballast_read read = kept->read;
        bool metric = read.kind == BALLAST_READ_METRIC;
        read.metric = metric ? kept->metric : NULL;
        const struct ballast_answer answer = {
            .status = kept->status,
            .error_code = kept->error,
            .points = kept->answer.points,
            .point_count = kept->answer.point_count,
            .fleet = read.kind == BALLAST_READ_FLEET ? &kept->answer.fleet : NULL,
            .cluster = read.kind == BALLAST_READ_CLUSTER ? &kept->answer.cluster : NULL,
            .spot_prices = kept->answer.prices,
            .spot_price_count = kept->answer.price_count,
        };
        say_read(text, &read, &answer);
    }
}

static void say_group(struct text *text, const struct ballast_group *group)
{
    if (group->status == BALLAST_OK)
        text_addf(text,
                  "    the group wants %" PRId64 " (%" PRId64 " to %" PRId64 "), has %" PRId64
                  " in service\n",
                  group->desired_capacity, group->min_size, group->max_size, group->in_service);
    else
        text_addf(text, "    the group: %s\n",
                  group->status == BALLAST_EMPTY ? "nothing" : group->error_code);
}

void replay_say_first(struct replay_comparison *comparison, const struct replay_step *step)
{
    struct text *text = &comparison->first_text;
    const struct recorded_evaluation *recorded = step->recorded;
    char when[TIMESTAMP_TEXT_SIZE];
    char action[ACTION_SIZE];
    text_addf(text, "first difference at %s\n", timestamp_format(recorded->time_s, when));
    text_addf(text, "  recorded: %s (%s)\n", said_action(&recorded->said, action, sizeof action),
              recorded->outcome);
    text_addf(text, "    because %s%s%s\n    it saw\n", recorded->said.words,
              strcmp(recorded->said.guard, "none") != 0 ? "; guard " : "",
              strcmp(recorded->said.guard, "none") != 0 ? recorded->said.guard : "");
    say_group(text, &recorded->group);
    say_recorded_reads(text, recorded);
    text_addf(text, "  replayed: %s\n", said_action(&step->said, action, sizeof action));
    text_addf(text, "    because %s%s%s\n    it saw\n", step->said.words,
              strcmp(step->said.guard, "none") != 0 ? "; guard " : "",
              strcmp(step->said.guard, "none") != 0 ? step->said.guard : "");
    say_group(text, &step->decided->observation.group);
    for (size_t i = 0; i < step->policy->read_count; i++)
        say_read(text, &step->policy->reads[i], &step->decided->observation.answers[i]);
}

void replay_first_json(struct replay_comparison *comparison, const struct replay_step *step)
{
    struct text *text = &comparison->first_json;
    const struct evaluation_context said = {step->policy, step->policy->name,
                                            step->recorded->settings->fleet_id,
                                            step->recorded->settings->group, "replay"};
    const struct controller_evaluation evaluation = {
        .observation = &step->decided->observation,
        .decision = &step->decided->decision,
        .guard = step->decided->guard,
        .action = step->decided->action,
        .desired_capacity = step->decided->desired_capacity,
    };
    char when[TIMESTAMP_TEXT_SIZE];
    text_addf(text,
              "{\"time\":\"%s\",\"recorded\":", timestamp_format(step->recorded->time_s, when));
    add_said(text, &step->recorded->said);
    text_add(text, ",\"outcome\":");
    text_add_json_string(text, step->recorded->outcome);
    text_add(text, ",\"replayed\":");
    evaluation_json(text, &evaluation, &said);
    text_add(text, "}}");
}

/* ---- all of them ------------------------------------------------------------------------------
 */

void replay_print_json(const struct replay_comparison *comparison, const char *policy,
                       const struct recorded_settings *settings)
{
    struct text text = {0};
    char from[TIMESTAMP_TEXT_SIZE];
    char to[TIMESTAMP_TEXT_SIZE];
    text_add(&text, "{\"fleet\":");
    text_add_json_string(&text, settings->fleet_id);
    text_add(&text, ",\"group\":");
    text_add_json_string(&text, settings->group);
    text_add(&text, ",\"policy\":");
    text_add_json_string(&text, policy);
    text_addf(&text,
              ",\"recorded_policy\":%s,\"from\":\"%s\",\"to\":\"%s\",\"evaluations\":%" PRId64
              ",\"missed\":%" PRId64 ",\"unknown_outcomes\":%" PRId64 ",\"not_recorded\":%" PRId64
              ",\"differences\":%" PRId64 ",\"first_difference\":%s,\"stretches\":[",
              comparison->own ? "true" : "false", timestamp_format(comparison->first_s, from),
              timestamp_format(comparison->last_s, to), comparison->evaluations, comparison->missed,
              comparison->unknown, comparison->unanswered, comparison->differences,
              comparison->differences ? comparison->first_json.data : "null");
    for (size_t i = 0; i < comparison->stretch_count; i++) {
        const struct replay_stretch *stretch = &comparison->stretches[i];
        text_addf(&text,
                  "%s{\"first\":\"%s\",\"last\":\"%s\",\"evaluations\":%" PRId64 ",\"recorded\":",
                  i ? "," : "", timestamp_format(stretch->first_s, from),
                  timestamp_format(stretch->last_s, to), stretch->evaluations);
        text_add_json_string(&text, stretch->recorded);
        text_add(&text, ",\"replayed\":");
        text_add_json_string(&text, stretch->replayed);
        text_add(&text, "}");
    }
    text_addf(&text, "],\"outcomes_after_first_difference\":%s}\n",
              comparison->differences ? "\"unknown\"" : "null");
    fputs(text.data, stdout);
    text_clean_up(&text);
}

void replay_print_text(const struct replay_comparison *comparison, const char *policy,
                       const struct recorded_settings *settings)
{
    char from[TIMESTAMP_TEXT_SIZE];
    char to[TIMESTAMP_TEXT_SIZE];
    char counts[4][SHOW_SIZE];
    printf("fleet %s, group %s, %s to %s\n", settings->fleet_id, settings->group,
           timestamp_format(comparison->first_s, from), timestamp_format(comparison->last_s, to));
    printf("%s evaluations (%s missed, %s with an unknown outcome), decided again by %s%s\n",
           show_count(comparison->evaluations, counts[0]),
           show_count(comparison->missed, counts[1]), show_count(comparison->unknown, counts[2]),
           policy, comparison->own ? ", as recorded" : "");
    printf("%s decided otherwise\n", show_count(comparison->differences, counts[3]));
    if (comparison->unanswered)
        printf("%s of its reads were not recorded and failed: what it decided on them is not what "
               "it would have\n",
               show_count(comparison->unanswered, counts[0]));
    if (!comparison->differences)
        return;
    printf("\n%s\n", comparison->first_text.data);
    for (size_t i = 0; i < comparison->stretch_count && i < SHOWN; i++) {
        const struct replay_stretch *stretch = &comparison->stretches[i];
        printf("%s to %s, %s: %s; not %s\n", timestamp_format(stretch->first_s, from),
               timestamp_format(stretch->last_s, to), show_count(stretch->evaluations, counts[0]),
               stretch->replayed, stretch->recorded);
    }
    if (comparison->stretch_count > SHOWN)
        printf("... and %s more stretches (--json has all)\n",
               show_count((int128)(comparison->stretch_count - SHOWN), counts[0]));
    printf("\nWhat would have come of it is unknown from the first difference on: the account went "
           "on with\nwhat was recorded.\n");
}
