/* ballast run: one scenario, one answer. */
#include "alternatives.h"
#include "assumptions.h"
#include "commands.h"
#include "shared_options.h"
#include "summary.h"

#include <stdio.h>

/* What is asked for beside the scenario. */
struct request {
    const char *db;
    const char *threads;
    struct option_list against;
    struct option_list mixes;
    bool assumptions;
    bool alternatives;
    bool json;
    bool quiet;
};

static int check_request(const struct request *request, bool bounds, struct error *err)
{
    bool many = request->assumptions || request->alternatives;
    if (request->assumptions && request->alternatives)
        return error_set(err, STATUS_BAD_INPUT,
                         "--assumptions and --alternatives are two questions: ask one at a time");
    if (request->against.count && !many)
        return error_set(err, STATUS_BAD_INPUT,
                         "--against goes with --assumptions and --alternatives: it says which "
                         "policy to set beside");
    if (request->mixes.count && !request->alternatives)
        return error_set(err, STATUS_BAD_INPUT,
                         "--mix goes with --alternatives: it says how a mixed group is mixed");
    if (request->threads && !many)
        return error_set(err, STATUS_BAD_INPUT,
                         "--threads goes with --assumptions and --alternatives: one run is done by "
                         "one thread");
    if (many && bounds)
        return error_set(err, STATUS_BAD_INPUT,
                         "--assumptions and --alternatives have no bounds: leave out --bounds");
    if (many && (request->db || request->quiet))
        return error_set(err, STATUS_BAD_INPUT,
                         "--assumptions and --alternatives print and record nothing: leave out "
                         "--db and --quiet");
    return STATUS_OK;
}

/* Print what was built, unless it did not fit. */
static int print_text(struct text *text, struct error *err)
{
    int status = text_status(text, err);
    if (!status)
        fwrite(text->data, 1, text->size, stdout);
    text_clean_up(text);
    return status;
}

static int run_once(struct session *session, const struct request *request, struct error *err)
{
    int status = session_run(session, request->db, err);
    session_warn("run", session);
    if (status || request->quiet)
        return status;
    struct text text = {0};
    if (!request->json) {
        summary_print(session, request->db, stdout);
        return STATUS_OK;
    }
    summary_json(session, &text);
    return print_text(&text, err);
}

static int run_assumptions(struct session *session, const struct request *request,
                           struct error *err)
{
    size_t threads = 0;
    struct text text = {0};
    struct assumptions assumptions = {0};
    session_name(session);
    int status = trials_threads(request->threads, &threads, err);
    if (!status)
        status = assumptions_run(&assumptions, session, &request->against, threads, err);
    if (!status && request->json) {
        assumptions_json(&assumptions, &text);
        status = print_text(&text, err);
    } else if (!status) {
        assumptions_print(&assumptions, stdout);
    }
    assumptions_clean_up(&assumptions);
    return status;
}

static int run_alternatives(struct session *session, const struct request *request,
                            struct error *err)
{
    struct text text = {0};
    struct alternatives alternatives = {0};
    struct alternatives_request asked = {.against = &request->against, .mixes = &request->mixes};
    session_name(session);
    int status = trials_threads(request->threads, &asked.threads, err);
    if (!status)
        status = alternatives_run(&alternatives, session, &asked, err);
    if (!status && request->json) {
        alternatives_json(&alternatives, &text);
        status = print_text(&text, err);
    } else if (!status) {
        alternatives_print(&alternatives, stdout);
    }
    alternatives_clean_up(&alternatives);
    return status;
}

static int run_as_asked(struct session *session, const struct request *request, struct error *err)
{
    if (request->assumptions)
        return run_assumptions(session, request, err);
    if (request->alternatives)
        return run_alternatives(session, request, err);
    return run_once(session, request, err);
}

int command_run(int argc, char **argv)
{
    struct request request = {0};
    struct option_list set = {0};
    struct session_options said = {.set = &set};
    const struct option_spec specs[] = {
        {.name = "db",
         .placeholder = "FILE",
         .help = "record the run in this database",
         .value = &request.db},
        OPTION_POLICY(&said.policy),
        OPTION_SET(&set),
        {.name = "no-interruptions",
         .help = "short for --set interruptions.source=none; marks the output",
         .flag = &said.no_interruptions},
        {.name = "assumptions",
         .help = "instead: which of the values nobody has published could change the answer",
         .flag = &request.assumptions},
        {.name = "alternatives",
         .help = "instead: beside spot alone, on-demand alone and a mixed-instances group",
         .flag = &request.alternatives},
        {.name = "mix",
         .placeholder = "BASE:PERCENT",
         .help = "with --alternatives: so many units and so much of the rest on demand (0:50)",
         .list = &request.mixes},
        {.name = "against",
         .placeholder = "NAME[:PRESET][+MODIFIER]...",
         .help = "with one of the two: this policy beside the scenario's",
         .list = &request.against},
        {.name = "threads",
         .placeholder = "N",
         .help = "with one of the two: at most so many runs at once (default: all cores)",
         .value = &request.threads},
        {.name = "stepping",
         .help = "make every evaluation, also those that must end as the one before: slower, the "
                 "same bytes",
         .flag = &said.stepping},
        {.name = "bounds",
         .help = "say too what perfect knowledge would have paid for the same capacity",
         .flag = &said.bounds},
        OPTION_JSON(&request.json),
        {.name = "quiet", .help = "print nothing; for use with --db", .flag = &request.quiet},
        {0},
    };
    static const struct command_help help = {
        .name = "run",
        .arguments = "SCENARIO",
        .description =
            "Simulate the scenario file (\"-\" is standard input) and print what the policy cost\n"
            "and how much capacity was missing. Without --db nothing is written.",
        .min_arguments = 1,
        .max_arguments = 1,
    };
    struct option_list arguments;
    int status = options_parse(&help, specs, argc, argv, &arguments);
    if (status)
        return command_end(help.name, status);
    struct error err = {0};
    struct session session;
    status = check_request(&request, said.bounds, &err);
    if (!status)
        status = session_open(&session, arguments.values[0], &said, &err);
    if (!status) {
        status = run_as_asked(&session, &request, &err);
        session_close(&session);
    }
    return command_close(&help, specs, &arguments, status, &err);
}
