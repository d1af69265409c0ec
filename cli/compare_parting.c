/* Where old and new part, what each saw there, and why it did what it did. */
#include "base/memory.h"
#include "base/timestamp.h"
#include "compare_print.h"
#include "show.h"

#include <stdlib.h>
#include <string.h>

/* ---- finding out ------------------------------------------------------------------------------
 */

/* By simulating again. Why that cannot be is kept, and is no failure. */
static void see(struct parted_side *out, const struct comparison *comparison, size_t which,
                size_t world)
{
    struct scenario scenario;
    struct trace_set traces;
    out->seen.time_s = comparison->worlds[world].divergence.time_s;
    if (compare_open(comparison, which, world, &scenario, &traces, &out->missing))
        return;
    if (comparison->sides[which].recorded && scenario.policy.command)
        error_set(&out->missing, STATUS_BAD_INPUT,
                  "its policy is a command, and what a database names is not run");
    else if (seen_again(&scenario, &traces, &out->seen, &out->missing) == STATUS_OK &&
             out->seen.text.size) {
        out->evaluated_s = out->seen.now_s;
        said_action(&out->seen.said, out->action, sizeof out->action);
        snprintf(out->guard, sizeof out->guard, "%s", out->seen.said.guard);
        snprintf(out->reason, sizeof out->reason, "%s", out->seen.said.reason);
        snprintf(out->words, sizeof out->words, "%s", out->seen.said.words);
    }
    trace_set_clean_up(&traces);
    scenario_clean_up(&scenario);
}

/* What a database holds counts before what comes out now. */
static int look_up(struct parted_side *out, const struct compare_side *side, int64_t number,
                   int64_t time_s, struct error *err)
{
    struct results *results = NULL;
    struct stored_decision decision;
    bool found = false;
    int status = results_open(&results, side->database, false, err);
    if (!status)
        status = results_decision_at(results, number, time_s, &decision, &found, err);
    results_close(results);
    if (status || !found)
        return status;
    bool again = out->seen.text.size && strcmp(out->words, decision.words) == 0;
    if (out->seen.text.size && !again) {
        out->seen.text.size = 0;
        error_set(&out->missing, STATUS_BAD_INPUT,
                  "this build decides otherwise than the one that recorded the run");
    }
    if (!again) {
        out->evaluated_s = decision.last_s < time_s ? decision.last_s : time_s;
        snprintf(out->action, sizeof out->action, "%s", decision.action);
        snprintf(out->guard, sizeof out->guard, "%s", decision.guard);
        snprintf(out->reason, sizeof out->reason, "%s", decision.reason);
        snprintf(out->words, sizeof out->words, "%s", decision.words);
    }
    return STATUS_OK;
}

int parting_tell(struct parting *out, const struct comparison *comparison, struct error *err)
{
    *out = (struct parting){0};
    for (size_t i = 0; i < comparison->world_count && !out->found; i++) {
        out->found = comparison->worlds[i].divergence.kind != DIVERGENCE_NONE;
        out->world = i;
    }
    int status = STATUS_OK;
    for (size_t which = 0; which < COMPARE_SIDES && out->found && !status; which++) {
        struct parted_side *side = &out->sides[which];
        const struct divergence *divergence = &comparison->worlds[out->world].divergence;
        see(side, comparison, which, out->world);
        if (comparison->sides[which].recorded)
            status =
                look_up(side, &comparison->sides[which],
                        comparison->worlds[out->world].numbers[which], divergence->time_s, err);
        const struct trail_call *call = &divergence->calls[which];
        enum cloud_outcome outcome =
            call->desired != BALLAST_UNKNOWN ? call->outcome : call->fleet_outcome;
        snprintf(side->outcome, sizeof side->outcome, "%s",
                 cloud_outcome_name(divergence->called[which] ? outcome : CLOUD_NOT_CALLED));
    }
    return status;
}

void parting_clean_up(struct parting *parting)
{
    for (size_t which = 0; which < COMPARE_SIDES; which++)
        seen_clean_up(&parting->sides[which].seen);
}

/* ---- telling ----------------------------------------------------------------------------------
 */

static bool accounts_first(const struct divergence *divergence)
{
    return divergence->accounts_part &&
           (divergence->kind == DIVERGENCE_NONE || divergence->accounts_s < divergence->time_s);
}

static void print_account(const char *side, const struct record_capacity *account, FILE *out)
{
    char required[DECIMAL_TEXT_SIZE];
    char spot[DECIMAL_TEXT_SIZE];
    char on_demand[DECIMAL_TEXT_SIZE];
    char target[DECIMAL_TEXT_SIZE];
    char fulfilled[DECIMAL_TEXT_SIZE];
    char *head = memory_format("  %s: ", side);
    char *line = memory_format(
        "required %s, up %s spot and %s on-demand; fleet target %s, fulfilled %s; group desired "
        "%lld, running %lld",
        decimal_format(account->required_micro, required),
        decimal_format(account->spot_up_micro, spot),
        decimal_format(account->on_demand_up_micro, on_demand),
        decimal_format(account->fleet_target_micro, target),
        decimal_format(account->fleet_fulfilled_micro, fulfilled),
        (long long)account->group_desired, (long long)account->group_running);
    show_wrapped(out, head, line);
    free(head);
    free(line);
}

static void print_side(const struct parted_side *side, const char *name, bool seen, FILE *out)
{
    char when[TIMESTAMP_TEXT_SIZE];
    char *did = NULL;
    if (side->evaluated_s == 0)
        did = memory_copy_text("nothing was evaluated yet");
    else if (strcmp(side->outcome, "not-called") == 0)
        did = memory_format("%s (%s)", side->action, timestamp_format(side->evaluated_s, when));
    else
        did = memory_format("%s: %s", side->action, side->outcome);
    char *head = memory_format("  %s: ", name);
    show_wrapped(out, head, did);
    if (side->evaluated_s) {
        char *why = memory_format("because %s (%s)", side->words, side->reason);
        show_wrapped(out, "       ", why);
        free(why);
    }
    if (side->guard[0] && strcmp(side->guard, "none") != 0)
        fprintf(out, "       guard: %s\n", side->guard);
    if (seen && side->seen.text.size)
        fprintf(out, "%s", side->seen.text.data);
    else if (seen && side->missing.status)
        show_wrapped(out, "       what was seen cannot be shown again: ", side->missing.text);
    free(head);
    free(did);
}

static void print_accounts(const struct divergence *divergence, FILE *out)
{
    char when[TIMESTAMP_TEXT_SIZE];
    bool alone = divergence->kind == DIVERGENCE_NONE;
    timestamp_format(divergence->accounts_s, when);
    char *line = alone ? memory_format("But their accounts differ, from %s on:", when)
                       : memory_format("Their accounts differ before that, from %s on: something "
                                       "else than a decision came first:",
                                       when);
    show_wrapped(out, "", line);
    free(line);
    for (size_t which = 0; which < COMPARE_SIDES; which++)
        print_account(compare_side_names[which], &divergence->accounts[which], out);
}

void parting_print(const struct parting *parting, const struct comparison *comparison, FILE *out)
{
    char when[TIMESTAMP_TEXT_SIZE];
    const struct compare_world *world = &comparison->worlds[parting->found ? parting->world : 0];
    const struct divergence *divergence = &world->divergence;
    if (!parting->found) {
        fprintf(out, "\nOld and new never decide otherwise, nor are they answered otherwise.\n");
    } else {
        fprintf(out, "\nOld and new part at %s", timestamp_format(divergence->time_s, when));
        if (comparison->world_count > 1)
            fprintf(out, " of %s%s%s (they part in %zu of %zu %s)", world->name,
                    world->point[0] ? ", " : "", world->point, comparison->parted,
                    comparison->world_count,
                    comparison->kind == COMPARE_RECORDED ? "pairs" : "worlds");
        fprintf(out, ":%s\n",
                divergence->kind == DIVERGENCE_OUTCOME ? " the same call, answered otherwise" : "");
        const struct text *seen[] = {&parting->sides[COMPARE_OLD].seen.text,
                                     &parting->sides[COMPARE_NEW].seen.text};
        bool alike = seen[0]->size && seen[0]->size == seen[1]->size &&
                     memcmp(seen[0]->data, seen[1]->data, seen[0]->size) == 0;
        print_side(&parting->sides[COMPARE_OLD], compare_side_names[COMPARE_OLD], !alike, out);
        print_side(&parting->sides[COMPARE_NEW], compare_side_names[COMPARE_NEW], !alike, out);
        if (alike)
            fprintf(out, "Both saw the same. %s", seen[0]->data);
    }
    if (accounts_first(divergence))
        print_accounts(divergence, out);
}

static void add_text(struct text *text, const char *key, const char *value)
{
    text_addf(text, ",\"%s\":", key);
    text_add_json_string(text, value);
}

static void add_side(struct text *text, const struct parted_side *side)
{
    char when[TIMESTAMP_TEXT_SIZE];
    text_add(text, "{\"evaluated\":");
    if (side->evaluated_s)
        text_addf(text, "\"%s\"", timestamp_format(side->evaluated_s, when));
    else
        text_add(text, "null");
    add_text(text, "action", side->action);
    add_text(text, "outcome", side->outcome);
    add_text(text, "guard", side->guard);
    add_text(text, "reason", side->reason);
    add_text(text, "words", side->words);
    if (side->seen.text.size)
        add_text(text, "seen", side->seen.text.data);
    else
        text_add(text, ",\"seen\":null");
    text_add(text, "}");
}

static void add_account(struct text *text, const struct record_capacity *account)
{
    const struct {
        const char *name;
        int64_t micro;
    } members[] = {{"required", account->required_micro},
                   {"spot_up", account->spot_up_micro},
                   {"on_demand_up", account->on_demand_up_micro},
                   {"fleet_target", account->fleet_target_micro},
                   {"fleet_fulfilled", account->fleet_fulfilled_micro}};
    char value[DECIMAL_TEXT_SIZE];
    text_add(text, "{");
    for (size_t i = 0; i < ARRAY_LENGTH(members); i++)
        text_addf(text, "\"%s_units\":%s,", members[i].name,
                  decimal_format(members[i].micro, value));
    text_addf(text, "\"group_desired\":%lld,\"group_running\":%lld}",
              (long long)account->group_desired, (long long)account->group_running);
}

void parting_json(const struct parting *parting, const struct comparison *comparison,
                  struct text *text)
{
    static const char *const kinds[] = {"none", "decision", "outcome"};
    char when[TIMESTAMP_TEXT_SIZE];
    const struct compare_world *world = &comparison->worlds[parting->found ? parting->world : 0];
    const struct divergence *divergence = &world->divergence;
    text_addf(text, "\"divergence\":{\"worlds\":%zu,\"kind\":\"%s\"", comparison->parted,
              kinds[divergence->kind]);
    add_text(text, "world", world->name);
    if (parting->found) {
        text_addf(text, ",\"at\":\"%s\"", timestamp_format(divergence->time_s, when));
        for (size_t which = 0; which < COMPARE_SIDES; which++) {
            text_addf(text, ",\"%s\":", compare_side_names[which]);
            add_side(text, &parting->sides[which]);
        }
    }
    text_add(text, ",\"accounts_first\":");
    if (accounts_first(divergence)) {
        text_addf(text, "{\"at\":\"%s\"", timestamp_format(divergence->accounts_s, when));
        for (size_t which = 0; which < COMPARE_SIDES; which++) {
            text_addf(text, ",\"%s\":", compare_side_names[which]);
            add_account(text, &divergence->accounts[which]);
        }
        text_add(text, "}");
    } else {
        text_add(text, "null");
    }
    text_add(text, "}");
}
