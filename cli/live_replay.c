/* ballast live replay: a recording decided once more. */
#include "base/memory.h"
#include "commands.h"
#include "live.h"
#include "live_replay_told.h"
#include "policy/builtin.h"
#include "record/replay.h"
#include "shared_options.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static void add_stretch(struct replay_comparison *comparison, const struct replay_step *step)
{
    struct replay_stretch next = {
        .first_s = step->recorded->time_s, .last_s = step->recorded->time_s, .evaluations = 1};
    said_action(&step->recorded->said, next.recorded, sizeof next.recorded);
    said_action(&step->said, next.replayed, sizeof next.replayed);
    struct replay_stretch *last =
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
    struct replay_comparison *comparison = context;
    if (comparison->evaluations++ == 0)
        comparison->first_s = step->recorded->time_s;
    comparison->last_s = step->recorded->time_s;
    comparison->own = comparison->own && step->own;
    comparison->unknown += strcmp(step->recorded->outcome, "unknown") == 0;
    if (comparison->each)
        replay_print_each(step);
    if (step->differs && comparison->differences++ == 0) {
        replay_say_first(comparison, step);
        replay_first_json(comparison, step);
    }
    if (step->differs)
        add_stretch(comparison, step);
    comparison->in_stretch = step->differs;
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

static int replay(struct replay_comparison *comparison, struct recorded *recorded,
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
        replay_print_json(comparison, name, settings);
    else if (!request->each)
        replay_print_text(comparison, name, settings);
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
        OPTION_RECORDED_FLEET(&request.fleet),
        OPTION_RECORDED_GROUP(&request.group),
        OPTION_JSON(&request.json),
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
    struct replay_comparison comparison = {.own = true, .each = request.each && !request.json};
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
