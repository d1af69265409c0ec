#include "reports/calls_made.h"

#include "base/memory.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "policy/words.h"
#include "record/said.h"

#include <stdlib.h>
#include <string.h>

static void say_times(struct text *text, const struct record_decision *made)
{
    char first[TIMESTAMP_TEXT_SIZE];
    char last[TIMESTAMP_TEXT_SIZE];
    timestamp_format(made->first_s, first);
    timestamp_format(made->last_s, last);
    text_add(text, first);
    if (made->evaluations > 1)
        text_addf(text, " to %s, %lld times", last, (long long)made->evaluations);
}

static int on_decision(const struct record_decision *made, void *context)
{
    struct calls_made *calls = context;
    bool sets = made->action == BALLAST_SET_DESIRED;
    if (!sets && !made->decision.set_fleet_target)
        return STATUS_OK;
    if (calls->count++ >= CALLS_KEPT)
        return STATUS_OK;
    struct text text = {0};
    char words[512];
    say_times(&text, made);
    const struct said_decision said = {
        .calls = sets,
        .desired = made->desired_capacity,
        .honor_cooldown = made->decision.honor_cooldown,
        .fleet_target =
            made->decision.set_fleet_target ? made->decision.fleet_target : BALLAST_UNKNOWN,
    };
    text_addf(&text, ": %s: ", said_action(&said, words, sizeof words));
    if (sets)
        text_add(&text, cloud_outcome_name(made->outcome));
    if (made->decision.set_fleet_target)
        text_addf(&text, "%sthe fleet's %s", sets ? ", " : "",
                  cloud_outcome_name(made->fleet_outcome));
    policy_reason_words(calls->policy, made->decision.reason, made->decision.figures, words,
                        sizeof words);
    text_addf(&text, "; %s", words);
    calls->lines[calls->kept++] = text.data;
    return STATUS_OK;
}

struct record_sink calls_made_sink(struct calls_made *calls)
{
    return (struct record_sink){.context = calls, .decision = on_decision};
}

void calls_made_clean_up(struct calls_made *calls)
{
    for (size_t i = 0; i < calls->kept; i++)
        free(calls->lines[i]);
    *calls = (struct calls_made){0};
}

size_t calls_made_differ(const struct calls_made *a, const struct calls_made *b)
{
    size_t both = a->kept < b->kept ? a->kept : b->kept;
    for (size_t i = 0; i < both; i++) {
        if (strcmp(a->lines[i], b->lines[i]) != 0)
            return i;
    }
    return a->kept == b->kept ? SIZE_MAX : both;
}
