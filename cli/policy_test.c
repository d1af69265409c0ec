/* ballast policy test: does a policy keep the contract, in random worlds? */
#include "policy_test.h"

#include "base/decimal.h"
#include "base/memory.h"
#include "base/text.h"
#include "commands.h"
#include "policy/choice.h"
#include "policy/observed.h"
#include "seen.h"
#include "shared_options.h"
#include "study/policy_test.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COMMAND_LIMIT_MS = 3700 * 1000, IMPORTS_MAX = 64 };

/* The check that looks at the file itself, not at what it answers. */
static const char calls_name[] = "calls";
static const char calls_text[] = "its code calls nothing that goes by time, luck, files or memory";

struct tried {
    const struct policy_choice *choice;
    const struct policy_test *test;
    const struct policy_trial_result *result;
    struct policy_sight *sight;
    enum policy_verdict calls; /* of a file only */
    struct text imports;       /* "time (a clock), rand (luck)" */
    size_t broken;
};

static const char *const verdict_names[] = {
    [VERDICT_KEPT] = "kept", [VERDICT_BROKEN] = "broken", [VERDICT_OPEN] = "open"};

/* What was seen at the question that shows a breach, in the sight. */
static void see(const struct tried *tried, const struct policy_breach *breach,
                struct policy_world *out_world)
{
    policy_world_make(out_world, tried->test->policy, tried->test->given, breach->seed);
    policy_world_see(tried->sight, tried->test->policy, out_world, breach->step, breach->at_s);
}

/* What the file calls that it may not; where that is nothing, what nothing is known of. */
static void judge_calls(struct tried *tried)
{
    struct policy_import imports[IMPORTS_MAX];
    size_t count = policy_loaded_imports(tried->choice->loaded, imports, IMPORTS_MAX);
    tried->calls = count ? VERDICT_OPEN : VERDICT_KEPT;
    for (size_t i = 0; i < count; i++) {
        if (imports[i].why_not)
            tried->calls = VERDICT_BROKEN;
    }
    for (size_t i = 0; i < count; i++) {
        bool forbidden = imports[i].why_not != NULL;
        if (forbidden != (tried->calls == VERDICT_BROKEN))
            continue;
        text_addf(&tried->imports, "%s%s", tried->imports.size ? ", " : "", imports[i].name);
        if (forbidden)
            text_addf(&tried->imports, " (%s)", imports[i].why_not);
    }
}

/* ---- as JSON ----------------------------------------------------------------------------------
 */

static void add_calls(struct text *text, const struct tried *tried)
{
    text_addf(text, ",{\"name\":\"%s\",\"text\":\"%s\",\"verdict\":\"%s\",\"calls\":", calls_name,
              calls_text, verdict_names[tried->calls]);
    text_add_json_string(text, tried->imports.size ? tried->imports.data : "");
    text_add(text, "}");
}

static void add_breach(struct text *text, const struct tried *tried,
                       const struct policy_breach *breach)
{
    text_addf(text, ",\"breach\":{\"seed\":%" PRIu64 ",\"what\":", breach->seed);
    text_add_json_string(text, breach->what);
    if (breach->seen) {
        struct policy_world world;
        see(tried, breach, &world);
        text_add(text, ",\"parameters\":");
        parameters_write(text, tried->test->policy, world.parameters);
        text_add(text, ",\"observation\":");
        observation_write(text, tried->test->policy, world.parameters, &tried->sight->observation);
    }
    text_add(text, "}");
}

static int print_json(const struct tried *tried, struct error *err)
{
    struct text text = {0};
    const struct policy_trial_result *result = tried->result;
    text_add(&text, "{\"policy\":");
    text_add_json_string(&text, tried->choice->name);
    text_addf(&text,
              ",\"seed\":%" PRIu64 ",\"worlds\":%" PRIu64 ",\"held\":%" PRIu64 ",\"grew\":%" PRIu64
              ",\"shrank\":%" PRIu64 ",\"passed\":%s,\"checks\":[",
              tried->test->seed, tried->test->worlds, result->held, result->grew, result->shrank,
              tried->broken ? "false" : "true");
    for (enum policy_demand i = 0; i < DEMANDS; i++) {
        enum policy_verdict verdict = policy_test_verdict(result, i);
        text_addf(&text,
                  "%s{\"name\":\"%s\",\"text\":\"%s\",\"verdict\":\"%s\",\"worlds\":%" PRIu64,
                  i ? "," : "", policy_demand_words[i].name, policy_demand_words[i].text,
                  verdict_names[verdict], result->worlds[i]);
        if (verdict == VERDICT_BROKEN)
            add_breach(&text, tried, &result->breaches[i]);
        text_add(&text, "}");
    }
    if (tried->choice->loaded)
        add_calls(&text, tried);
    text_add(&text, "]}");
    int status = text_status(&text, err);
    if (!status)
        printf("%s\n", text.data);
    text_clean_up(&text);
    return status;
}

/* ---- as text ----------------------------------------------------------------------------------
 */

static void print_indented(const char *lines)
{
    for (const char *line = lines; *line;) {
        size_t length = strcspn(line, "\n");
        printf("      %.*s\n", (int)length, line);
        line += length + (line[length] == '\n');
    }
}

/* Values that are not as given. */
static void add_drawn(struct text *text, const struct tried *tried,
                      const struct policy_world *world)
{
    const struct ballast_policy *policy = tried->test->policy;
    struct ballast_policy one = *policy;
    bool any = false;
    one.parameter_count = 1;
    for (size_t i = 0; i < policy->parameter_count; i++) {
        if (world->parameters[i] == tried->test->given[i])
            continue;
        one.parameters = &policy->parameters[i];
        text_add(text, any ? ", " : "with ");
        parameters_write(text, &one, &world->parameters[i]);
        any = true;
    }
    text_add(text, any ? "\n" : "");
}

static int print_breach(const struct tried *tried, const struct policy_breach *breach,
                        struct error *err)
{
    struct text text = {0};
    text_addf(&text, "world %" PRIu64 ": %s\n", breach->seed, breach->what);
    if (breach->seen) {
        struct policy_world world;
        see(tried, breach, &world);
        if (breach->step > 0)
            text_addf(&text, "at an evaluation of its past, %d before the last\n", breach->step);
        add_drawn(&text, tried, &world);
        seen_say(&text, tried->test->policy, world.parameters, &tried->sight->observation);
        text_addf(&text, "again: ballast policy test '%s' --seed %" PRIu64 " --worlds 1\n",
                  tried->choice->name, breach->seed);
    }
    int status = text_status(&text, err);
    if (!status)
        print_indented(text.data);
    text_clean_up(&text);
    return status;
}

static const char *mark(enum policy_verdict verdict)
{
    switch (verdict) {
    case VERDICT_KEPT:
        return "✓";
    case VERDICT_BROKEN:
        return "✗";
    case VERDICT_OPEN:
        break;
    }
    return "–";
}

static void print_check(enum policy_verdict verdict, const char *name, const char *text)
{
    printf("  %s %-12s %s%s\n", mark(verdict), name, text,
           verdict == VERDICT_OPEN ? " (nothing can be said)" : "");
}

static void print_calls(const struct tried *tried)
{
    print_check(tried->calls, calls_name, calls_text);
    if (tried->calls == VERDICT_BROKEN)
        printf("      it calls %s\n", tried->imports.data);
    if (tried->calls == VERDICT_OPEN)
        printf("      nothing is known of %s\n", tried->imports.data);
}

static int print_text(const struct tried *tried, struct error *err)
{
    const struct policy_trial_result *result = tried->result;
    int status = STATUS_OK;
    printf("%s in %" PRIu64 " random worlds, seeds %" PRIu64 " to %" PRIu64 ": it held in %" PRIu64
           ", grew in %" PRIu64 ", shrank in %" PRIu64 "\n",
           tried->choice->name, tried->test->worlds, tried->test->seed,
           tried->test->seed + tried->test->worlds - 1, result->held, result->grew, result->shrank);
    for (enum policy_demand i = 0; i < DEMANDS && !status; i++) {
        enum policy_verdict verdict = policy_test_verdict(result, i);
        print_check(verdict, policy_demand_words[i].name, policy_demand_words[i].text);
        if (verdict == VERDICT_BROKEN)
            status = print_breach(tried, &result->breaches[i], err);
    }
    if (tried->choice->loaded && !status)
        print_calls(tried);
    return status;
}

/* ---- the command ------------------------------------------------------------------------------
 */

static int read_number(const char *option, const char *text, int64_t min, int64_t max,
                       uint64_t *out_value, struct error *err)
{
    int64_t micro = 0;
    if (!text)
        return STATUS_OK;
    if (decimal_parse(text, strlen(text), &micro) != DECIMAL_OK || micro % MICRO != 0 ||
        micro / MICRO < min || micro / MICRO > max)
        return error_set(err, STATUS_BAD_INPUT,
                         "%s: \"%.40s\" is no whole number from %" PRId64 " to %" PRId64, option,
                         text, min, max);
    *out_value = (uint64_t)(micro / MICRO);
    return STATUS_OK;
}

static int try_policy(const struct policy_choice *choice, struct policy_test *test, bool json,
                      struct error *err)
{
    struct policy_trial_result result;
    struct tried tried = {.choice = choice, .test = test, .result = &result};
    test->policy = choice->policy;
    test->given = choice->values;
    if (choice->command) /* it has a limit of its own */
        test->call_limit_ms = COMMAND_LIMIT_MS;
    int status = policy_test_run(test, &result, err);
    if (status)
        return status;
    for (enum policy_demand i = 0; i < DEMANDS; i++)
        tried.broken += policy_test_verdict(&result, i) == VERDICT_BROKEN;
    if (choice->loaded) {
        judge_calls(&tried);
        tried.broken += tried.calls == VERDICT_BROKEN;
    }
    tried.sight = memory_new(1, sizeof *tried.sight);
    status = json ? print_json(&tried, err) : print_text(&tried, err);
    free(tried.sight);
    text_clean_up(&tried.imports);
    if (!status && tried.broken)
        status = error_set(err, STATUS_CHECK_FAILED, "%zu of %d checks failed", tried.broken,
                           DEMANDS + (choice->loaded ? 1 : 0));
    return status;
}

int command_policy_test(int argc, char **argv)
{
    static const struct command_help help = {
        .name = "policy test",
        .arguments = "NAME|FILE.so[:PRESET][+MODIFIER]...",
        .description =
            "Try a policy in random worlds: does it keep the contract of ballast/policy.h? What\n"
            "it does wrong is shown with the seed of the world and what was seen there. Exit code\n"
            "1: something is wrong.",
        .min_arguments = 1,
        .max_arguments = 1,
    };
    bool json = false;
    const char *seed = NULL;
    const char *worlds = NULL;
    const struct option_spec specs[] = {
        {.name = "seed", .placeholder = "N", .help = "of the first world (1)", .value = &seed},
        {.name = "worlds",
         .placeholder = "N",
         .help = "how many, each with the next seed (1000)",
         .value = &worlds},
        OPTION_JSON(&json),
        {0},
    };
    struct option_list arguments;
    int status = options_parse(&help, specs, argc, argv, &arguments);
    if (status)
        return command_end(help.name, status);
    struct error err = {0};
    struct policy_choice choice = {0};
    struct policy_test test = {.seed = 1, .worlds = 1000};
    status = read_number("--seed", seed, 0, INT64_C(1000000000000), &test.seed, &err);
    if (!status)
        status = read_number("--worlds", worlds, 1, POLICY_TEST_WORLDS_MAX, &test.worlds, &err);
    if (!status)
        status = policy_choose(&choice, arguments.values[0], &err);
    if (!status)
        status = policy_choice_check_reads(&choice, &err);
    if (!status)
        status = try_policy(&choice, &test, json, &err);
    policy_choice_clean_up(&choice);
    return command_close(&help, specs, &arguments, status, &err);
}
