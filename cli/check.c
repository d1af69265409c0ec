/* ballast check: does this change make any scenario of the suite worse than was agreed? */
#include "base/memory.h"
#include "base/output.h"
#include "commands.h"
#include "shared_options.h"
#include "suite.h"

#include "reports/gate.h"

#include <stdio.h>
#include <string.h>

struct check_request {
    const char *baseline;
    const char *policy;
    const char *threads;
    const char *junit;
    const char *markdown;
    struct option_list set;
    bool named; /* the user says where the baseline is */
    bool update;
    bool json;
};

typedef void (*writer)(const struct gate_report *report, struct text *text);

/* Into the file, or onto stdout where there is no path. */
static int write_form(const struct gate_report *report, writer write, const char *path,
                      struct error *err)
{
    struct text text = {0};
    write(report, &text);
    int status = text_status(&text, err);
    if (!status && path)
        status = output_write(path, text.data, text.size, err);
    else if (!status)
        fwrite(text.data, 1, text.size, stdout);
    text_clean_up(&text);
    return status;
}

static int judge(const struct suite *suite, const struct check_request *request,
                 const struct baseline *baseline, struct error *err)
{
    struct gate_report report = {.baseline = request->baseline};
    int status = STATUS_OK;
    for (size_t i = 0; i < suite->count && !status; i++) {
        const struct gate_run run = suite_gate_run(&suite->items[i]);
        status = gate_judge(&report, &run, baseline, err);
    }
    if (!status && request->junit)
        status = write_form(&report, gate_junit, request->junit, err);
    if (!status && request->markdown)
        status = write_form(&report, gate_markdown, request->markdown, err);
    if (!status && request->json)
        status = write_form(&report, gate_json, NULL, err);
    else if (!status)
        gate_print(&report, stdout);
    if (!status && report.breached)
        status =
            error_set(err, STATUS_CHECK_FAILED,
                      "%zu of %zu %s breached (a change that is wanted is taken over with "
                      "--update)",
                      report.breached, report.count, report.count == 1 ? "scenario" : "scenarios");
    gate_report_clean_up(&report);
    return status;
}

static int update(const struct suite *suite, const struct check_request *request,
                  struct baseline *baseline, struct error *err)
{
    for (size_t i = 0; i < suite->count; i++) {
        const struct gate_run run = suite_gate_run(&suite->items[i]);
        struct baseline_entry entry;
        gate_entry(&run, &entry);
        gate_print_update(baseline, &entry, stdout);
        baseline_put(baseline, &entry);
    }
    return baseline_write(baseline, request->baseline, err);
}

/* Before anything runs: what is written is neither a database nor one of the files that are read.
 * An option whose value was forgotten takes the first scenario for it. */
static int check_outputs(const struct option_list *scenarios, const struct check_request *request,
                         struct error *err)
{
    const char *const outputs[] = {request->junit, request->markdown};
    int status = STATUS_OK;
    for (size_t i = 0; i < ARRAY_LENGTH(outputs) && !status; i++) {
        const char *output = outputs[i];
        if (!output)
            continue;
        bool read = output_is_same(output, request->baseline);
        for (size_t j = 0; j < scenarios->count && !read; j++)
            read = output_is_same(output, scenarios->values[j]);
        if (read)
            status = error_set(err, STATUS_BAD_INPUT,
                               "--%s %s: is read by this command too: name another file to write",
                               i ? "markdown" : "junit", output);
        else
            status = output_check(output, err);
    }
    return status;
}

static int check(const struct option_list *scenarios, const struct check_request *request,
                 struct error *err)
{
    struct baseline baseline = {0};
    bool missing = false;
    int status = baseline_read(&baseline, request->baseline, &missing, err);
    /* Gates that name no baseline need none. */
    if (missing && (request->update || !request->named))
        status = STATUS_OK;
    const struct session_options options = {.policy = request->policy, .set = &request->set};
    const struct suite_request asked = {.command = "check",
                                        .scenarios = scenarios,
                                        .options = &options,
                                        .threads = request->threads};
    struct suite suite = {0};
    if (!status)
        status = suite_run(&suite, &asked, err);
    if (!status)
        status = request->update ? update(&suite, request, &baseline, err)
                                 : judge(&suite, request, &baseline, err);
    suite_clean_up(&suite);
    baseline_clean_up(&baseline);
    return status;
}

int command_check(int argc, char **argv)
{
    struct check_request request = {0};
    const struct option_spec specs[] = {
        {.name = "baseline",
         .placeholder = "FILE",
         .help = "what was agreed upon (default: ballast-baseline.json)",
         .value = &request.baseline},
        {.name = "update",
         .help = "write the baseline anew for these scenarios, saying what changes",
         .flag = &request.update},
        {.name = "policy",
         .placeholder = "NAME[:PRESET][+MODIFIER]...",
         .help = "use this policy, with its defaults, instead of each scenario's",
         .value = &request.policy},
        {.name = "set",
         .placeholder = "PATH=VALUE",
         .help = "override a field of every scenario",
         .list = &request.set},
        {.name = "junit",
         .placeholder = "FILE",
         .help = "also write the verdict as JUnit XML",
         .value = &request.junit},
        {.name = "markdown",
         .placeholder = "FILE",
         .help = "also write the verdict as Markdown, for a pull request",
         .value = &request.markdown},
        OPTION_THREADS(&request.threads),
        OPTION_JSON(&request.json),
        {0},
    };
    static const struct command_help help = {
        .name = "check",
        .arguments = "SCENARIO...",
        .description =
            "Run the scenarios and judge each by its gates against the baseline; one without "
            "gates\n"
            "must come to the very figures it came to. Exit code 1: something is breached.",
        .min_arguments = 1,
        .max_arguments = SIZE_MAX,
    };
    struct option_list arguments;
    int status = options_parse(&help, specs, argc, argv, &arguments);
    if (status)
        return command_end(help.name, status);
    struct error err = {0};
    request.named = request.baseline != NULL;
    if (!request.named)
        request.baseline = "ballast-baseline.json";
    if (request.update && (request.json || request.junit || request.markdown))
        status = error_set(&err, STATUS_BAD_INPUT,
                           "--update judges nothing: leave out --json, --junit and --markdown");
    if (!status)
        status = check_outputs(&arguments, &request, &err);
    if (!status)
        status = check(&arguments, &request, &err);
    return command_close(&help, specs, &arguments, status, &err);
}
