/* ballast live doctor: what is wrong with a set-up, before the controller finds out. */
#include "aws_session.h"
#include "base/text.h"
#include "commands.h"
#include "doctor.h"
#include "policy/parameters.h"
#include "show.h"

#include <stdio.h>

struct request {
    struct live_account_names names;
    const char *units_per_instance;
    const char *policy;
    struct settings_options account;
    bool try_act;
    bool json;
};

static void print(const struct doctor *doctor)
{
    static const char *const marks[DOCTOR_VERDICTS] = {
        [DOCTOR_FINE] = "✓", [DOCTOR_FINDING] = "✗", [DOCTOR_NOT_LOOKED] = "?"};
    for (size_t i = 0; i < doctor->line_count; i++) {
        const struct doctor_line *line = &doctor->lines[i];
        printf("%s %s: %s", marks[line->verdict], line->step, line->what);
        if (line->remedy)
            printf(" → %s", line->remedy);
        putchar('\n');
    }
}

static int print_json(const struct doctor *doctor, struct error *err)
{
    static const char *const names[DOCTOR_VERDICTS] = {
        [DOCTOR_FINE] = "ok", [DOCTOR_FINDING] = "finding", [DOCTOR_NOT_LOOKED] = "not-looked"};
    struct text text = {0};
    text_addf(&text, "{\"findings\":%zu,\"not_looked\":%zu,\"steps\":[",
              doctor_count(doctor, DOCTOR_FINDING), doctor_count(doctor, DOCTOR_NOT_LOOKED));
    for (size_t i = 0; i < doctor->line_count; i++) {
        const struct doctor_line *line = &doctor->lines[i];
        text_addf(&text, "%s{\"step\":\"%s\",\"verdict\":\"%s\",\"what\":", i ? "," : "",
                  line->step, names[line->verdict]);
        text_add_json_string(&text, line->what);
        text_add(&text, ",\"remedy\":");
        if (line->remedy)
            text_add_json_string(&text, line->remedy);
        else
            text_add(&text, "null");
        text_add(&text, "}");
    }
    text_add(&text, "]}\n");
    int status = text_status(&text, err);
    if (!status)
        fwrite(text.data, 1, text.size, stdout);
    text_clean_up(&text);
    return status;
}

static int examine(const struct request *request, const struct policy_choice *choice,
                   struct aws_session *session, struct error *err)
{
    struct doctor doctor = {.client = &session->client,
                            .names = &request->names,
                            .policy = choice,
                            .try_act = request->try_act};
    doctor.account = live_account_new(&session->client, &request->names, &session->log);
    doctor_examine(&doctor);
    int status = STATUS_OK;
    if (request->json)
        status = print_json(&doctor, err);
    else
        print(&doctor);
    size_t findings = doctor_count(&doctor, DOCTOR_FINDING);
    size_t dark = doctor_count(&doctor, DOCTOR_NOT_LOOKED);
    if (!status && findings)
        status = error_set(err, STATUS_CHECK_FAILED, "%zu %s to be mended%s", findings,
                           findings == 1 ? "thing is" : "things are",
                           dark ? ", and not all could be looked at" : "");
    else if (!status && dark)
        status = error_set(err, STATUS_FAILURE, "nothing found, but not all could be looked at");
    live_account_destroy(doctor.account);
    doctor_clean_up(&doctor);
    return status;
}

static int run(struct request *request, const char *command, struct error *err)
{
    const struct ballast_parameter capacity = {
        .name = "--units-per-instance", .type = BALLAST_CAPACITY, .min = 1, .max = 1000000000000};
    struct policy_choice choice = {0};
    struct aws_session session = {0};
    if (!request->names.fleet_id || !request->names.group)
        return error_set(err, STATUS_BAD_INPUT, "which account's? --%s is missing",
                         request->names.fleet_id ? "group" : "fleet");
    int status = policy_choose(&choice, request->policy, err);
    if (!status && request->units_per_instance)
        status = policy_parse_value(&capacity, request->units_per_instance,
                                    &request->names.units_per_instance_micro, err);
    if (!status)
        status = aws_session_open(&session, command, &request->account, err);
    if (!status)
        status = examine(request, &choice, &session, err);
    aws_session_close(&session);
    policy_choice_clean_up(&choice);
    return status;
}

int command_live_doctor(int argc, char **argv)
{
    static const struct command_help help = {
        .name = "live doctor",
        .arguments = "",
        .description =
            "Look at a fleet and its backup group in a real account, step by step, and say what "
            "is\nwrong and what to do: credentials, clock, fleet, group, cooldown, metrics, user "
            "data,\npermissions. Nothing is changed. Exit code 1: something is to be mended; 3: "
            "nothing was\nfound, but not all could be looked at.",
    };
    struct request request = {
        .names = {.product = "Linux/UNIX", .units_per_instance_micro = INT64_C(4000000)},
        .policy = "pending-capacity"};
    struct option_spec specs[AWS_SESSION_SPECS + 9] = {
        {.name = "fleet",
         .placeholder = "ID",
         .help = "the Spot Fleet request",
         .value = &request.names.fleet_id},
        {.name = "group",
         .placeholder = "NAME",
         .help = "the backup Auto Scaling group",
         .value = &request.names.group},
        {.name = "cluster",
         .placeholder = "NAME",
         .help = "the ECS cluster that all instances are to join",
         .value = &request.names.cluster},
        {.name = "units-per-instance",
         .placeholder = "UNITS",
         .help = "fleet capacity that one backup instance stands for (4)",
         .value = &request.units_per_instance},
        {.name = "product",
         .placeholder = "NAME",
         .help = "product of spot prices (Linux/UNIX)",
         .value = &request.names.product},
        {.name = "policy",
         .placeholder = "NAME[:PRESET][+MODIFIER]...",
         .help = "whose reads are tried (pending-capacity)",
         .value = &request.policy},
        {.name = "try-act",
         .help = "try SetDesiredCapacity too, of -1 instances, which AWS must refuse",
         .flag = &request.try_act},
        {.name = "json", .help = "print JSON", .flag = &request.json},
    };
    aws_session_specs(&request.account, specs + 8);
    struct option_list arguments = {0};
    struct error err = {0};
    int status = options_parse(&help, specs, argc, argv, &arguments);
    if (status)
        return command_end(help.name, status);
    status = run(&request, help.name, &err);
    return command_close(&help, specs, &arguments, status, &err);
}
