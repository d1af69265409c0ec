/* ballast live replay: a recording decided once more. */
#include "base/decimal.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "commands.h"
#include "live.h"
#include "live/evaluation.h"
#include "policy/builtin.h"
#include "record/replay.h"
#include "show.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ACTION_SIZE = 96, SHOWN = 10 /* stretches in the text */ };

/* Evaluations in a row in which the same two calls stand against each other. */
struct stretch {
    int64_t first_s;
    int64_t last_s;
    int64_t evaluations;
    char recorded[ACTION_SIZE];
    char replayed[ACTION_SIZE];
};

struct comparison {
    bool each;
    int64_t evaluations;
    int64_t unknown; /* outcomes */
    int64_t missed;
    int64_t unanswered;
    int64_t differences;
    bool own; /* by the recorded policy all along */
    int64_t first_s;
    int64_t last_s;
    bool in_stretch;
    struct stretch *stretches;
    size_t stretch_count;
    size_t stretch_capacity;
    struct text first_text; /* the first difference, for people */
    struct text first_json;
};

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

static void print_each(const struct replay_step *step)
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

static void say_first(struct comparison *comparison, const struct replay_step *step)
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

static void first_json(struct comparison *comparison, const struct replay_step *step)
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

static void add_stretch(struct comparison *comparison, const struct replay_step *step)
{
    struct stretch next = {
        .first_s = step->recorded->time_s, .last_s = step->recorded->time_s, .evaluations = 1};
    said_action(&step->recorded->said, next.recorded, sizeof next.recorded);
    said_action(&step->said, next.replayed, sizeof next.replayed);
    struct stretch *last =
        comparison->in_stretch ? &comparison->stretches[comparison->stretch_count - 1] : NULL;
    if (last && strcmp(last->recorded, next.recorded) == 0 &&
        strcmp(last->replayed, next.replayed) == 0) {
        last->last_s = next.last_s;
        last->evaluations++;
        return;
    }
    assert(comparison->stretches || comparison->stretch_count == comparison->stretch_capacity);
    ARRAY_PUSH(comparison->stretches, comparison->stretch_count, comparison->stretch_capacity,
               next);
}

static void compare(const struct replay_step *step, void *context)
{
    struct comparison *comparison = context;
    if (comparison->evaluations++ == 0)
        comparison->first_s = step->recorded->time_s;
    comparison->last_s = step->recorded->time_s;
    comparison->own = comparison->own && step->own;
    comparison->unknown += strcmp(step->recorded->outcome, "unknown") == 0;
    if (comparison->each)
        print_each(step);
    if (step->differs && comparison->differences++ == 0) {
        say_first(comparison, step);
        first_json(comparison, step);
    }
    if (step->differs)
        add_stretch(comparison, step);
    comparison->in_stretch = step->differs;
}

static void print_json(const struct comparison *comparison, const char *policy,
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
        const struct stretch *stretch = &comparison->stretches[i];
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

static void print_text(const struct comparison *comparison, const char *policy,
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
        const struct stretch *stretch = &comparison->stretches[i];
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

/* ---- the command ------------------------------------------------------------------------------
 */

struct replay_request {
    const char *policy;
    struct option_list set;
    const char *fleet;
    const char *group;
    bool json;
    bool each;
};

/* The policy asked for, which out_choice is already if it has a name; none (its `policy` is NULL),
 * if it is the recorded one as it was. */
static int choose(const struct replay_request *request, const struct recorded *recorded,
                  struct policy_choice *out_choice, struct error *err)
{
    size_t count = 0;
    const struct recorded_settings *settings = recorded_settings(recorded, &count);
    const struct recorded_settings *last = &settings[count - 1];
    int status = STATUS_OK;
    if (request->policy) {
        /* chosen before the recording was opened */
    } else if (request->set.count && last->policy) {
        out_choice->policy = last->policy;
        memcpy(out_choice->values, last->parameters, sizeof last->parameters);
    } else if (request->set.count) {
        status = error_set(err, STATUS_BAD_INPUT,
                           "--set needs --policy: there is no policy %s here", last->policy_name);
    }
    if (!status && out_choice->policy)
        status = live_set_parameters(request->set.values, request->set.count, out_choice, err);
    return status;
}

static int replay(struct comparison *comparison, struct recorded *recorded,
                  const struct policy_choice *asked, const struct replay_request *request,
                  struct error *err)
{
    int status = recorded_missed(recorded, &comparison->missed, err);
    const struct replay_options options = {asked->policy, asked->values, compare, comparison};
    if (!status)
        status = replay_run(recorded, &options, err);
    if (status)
        return status;
    comparison->unanswered = recorded_unanswered(recorded);
    size_t count = 0;
    const struct recorded_settings *settings = recorded_settings(recorded, &count);
    const char *name = request->policy ? request->policy
                       : asked->policy ? asked->policy->name
                                       : settings[count - 1].policy_name;
    if (request->json)
        print_json(comparison, name, settings);
    else if (!request->each)
        print_text(comparison, name, settings);
    if (comparison->own && comparison->differences)
        return error_set(err, STATUS_CHECK_FAILED,
                         "the recorded policy does not decide as it was recorded: another program "
                         "recorded it, or the file was changed");
    return STATUS_OK;
}

int command_live_replay(int argc, char **argv)
{
    static const struct command_help help = {
        .name = "live replay",
        .arguments = "RECORDING.db",
        .description =
            "Let a policy decide again at each evaluation of a recording (live once --record), on "
            "what\nwas recorded, and show where it decides otherwise. Without --policy and --set "
            "the recorded\npolicy must decide as it did, else the exit code is 1.",
        .min_arguments = 1,
        .max_arguments = 1,
    };
    struct replay_request request = {0};
    const struct option_spec specs[] = {
        {.name = "policy",
         .placeholder = "NAME[:PRESET][+MODIFIER]...",
         .help = "the policy to ask (the recorded one)",
         .value = &request.policy},
        {.name = "set",
         .placeholder = "NAME=VALUE",
         .help = "a parameter of it",
         .list = &request.set},
        {.name = "fleet",
         .placeholder = "ID",
         .help = "whose recording, where the file holds several",
         .value = &request.fleet},
        {.name = "group", .placeholder = "NAME", .help = "likewise", .value = &request.group},
        {.name = "json", .help = "print one JSON object", .flag = &request.json},
        {.name = "each",
         .help = "print each evaluation, recorded and replayed, as a line of JSON instead",
         .flag = &request.each},
        {0},
    };
    struct option_list arguments;
    int status = options_parse(&help, specs, argc, argv, &arguments);
    if (status)
        return command_end(help.name, status);
    struct error err = {0};
    struct results *results = NULL;
    struct recorded *recorded = NULL;
    struct comparison comparison = {.own = true, .each = request.each && !request.json};
    struct policy_choice asked = {0};
    const struct recorded_choice choice = {request.fleet, request.group, policy_builtin, &asked};
    status = results_open(&results, arguments.values[0], false, &err);
    if (!status && request.policy)
        status = policy_choose(&asked, request.policy, &err);
    if (!status)
        status = recorded_open(&recorded, results, &choice, &err);
    if (!status)
        status = choose(&request, recorded, &asked, &err);
    if (!status)
        status = replay(&comparison, recorded, &asked, &request, &err);
    recorded_close(recorded);
    policy_choice_clean_up(&asked);
    results_close(results);
    free(comparison.stretches);
    text_clean_up(&comparison.first_text);
    text_clean_up(&comparison.first_json);
    return command_close(&help, specs, &arguments, status, &err);
}
