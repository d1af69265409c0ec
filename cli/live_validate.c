/* ballast live validate: what was recorded, simulated, beside what it was and what it cost. */
#include "base/timestamp.h"
#include "commands.h"
#include "shared_options.h"
#include "validate.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { HOUR_S = 3600 };
#define TOLERANCE_PPM INT64_C(50000)

/* ---- tolerances --------------------------------------------------------------------------------
 */

static int read_tolerance(struct validation *validation, const char *text, struct error *err)
{
    const char *equals = strchr(text, '=');
    const char *number = equals ? equals + 1 : text;
    int64_t micro = 0;
    bool found = !equals;
    if (decimal_parse(number, strlen(number), &micro) || micro < 0 ||
        micro > INT64_C(1000000) * MICRO)
        return error_set(err, STATUS_BAD_INPUT,
                         "--tolerance %s: write percent, such as 5, or COMPONENT=PERCENT", text);
    for (int i = 0; i < HINDCAST_COMPONENTS; i++) {
        const char *name = hindcast_components[i].name;
        bool meant = !equals || (strlen(name) == (size_t)(equals - text) &&
                                 memcmp(name, text, (size_t)(equals - text)) == 0);
        found = found || meant;
        if (meant)
            validation->tolerance_ppm[i] = micro / 100;
    }
    if (found)
        return STATUS_OK;
    return error_set(err, STATUS_BAD_INPUT,
                     "--tolerance %s: there is no such component; they are spot_cost, "
                     "on_demand_cost, total_cost, spot_running, on_demand_in_service, "
                     "spot_launches, spot_interruptions, on_demand_instances",
                     text);
}

static int read_tolerances(struct validation *validation, const struct option_list *given,
                           struct error *err)
{
    int status = STATUS_OK;
    for (int i = 0; i < HINDCAST_COMPONENTS; i++)
        validation->tolerance_ppm[i] = TOLERANCE_PPM;
    for (size_t i = 0; !status && i < given->count; i++)
        status = read_tolerance(validation, given->values[i], err);
    return status;
}

bool validate_within(const struct validation *validation, enum hindcast_component component)
{
    int64_t ppm = hindcast_error_ppm(&validation->hindcast.values[component]);
    return ppm <= validation->tolerance_ppm[component] &&
           -ppm <= validation->tolerance_ppm[component];
}

/* ---- the bill, and the window ------------------------------------------------------------------
 */

static int read_bill(struct validation *validation, const struct validate_request *request,
                     struct error *err)
{
    const struct validate_recording *recording = &validation->recording;
    validation->account = (struct hindcast_account){
        .lives = recording->lives,
        .life_count = recording->life_count,
        .fleet_id = recording->fleet_id,
        .group = recording->group,
        .backup_type = validation->scenario.group.instance_type,
        .scenario = &validation->scenario,
    };
    if (request->bills.count == 0)
        return STATUS_OK;
    int status = STATUS_OK;
    validation->bill = hindcast_bill_new(&validation->account);
    for (size_t i = 0; !status && i < request->bills.count; i++)
        status = validate_add_bill(validation->bill, request->bills.values[i], err);
    if (!status)
        status = hindcast_bill_end(validation->bill, &validation->billed, err);
    if (!status && validation->billed.own == 0)
        status = error_set(err, STATUS_BAD_INPUT,
                           "%s: no line is about any of the %zu recorded spot instances: is it the "
                           "bill of this account and time?",
                           request->bills.values[0], recording->life_count);
    return status;
}

/* Bills go by the hour: what is compared are whole hours that both tell of. */
static int find_window(struct validation *validation, struct error *err)
{
    struct scenario *scenario = &validation->scenario;
    const struct hindcast_bill_about *billed = &validation->billed;
    int64_t from_s = scenario->from_s;
    int64_t to_s = scenario->to_s;
    if (validation->bill) {
        from_s = billed->first_s > from_s ? billed->first_s : from_s;
        to_s = billed->end_s < to_s ? billed->end_s : to_s;
        from_s = timestamp_floor(from_s + HOUR_S - 1, HOUR_S);
        to_s = timestamp_floor(to_s, HOUR_S);
    }
    if (to_s <= from_s) {
        char recorded[2][TIMESTAMP_TEXT_SIZE];
        char told[2][TIMESTAMP_TEXT_SIZE];
        return error_set(err, STATUS_BAD_INPUT,
                         "the bill (%s to %s) and the recording (%s to %s) have no whole hour in "
                         "common",
                         timestamp_format(billed->first_s, told[0]),
                         timestamp_format(billed->end_s, told[1]),
                         timestamp_format(scenario->from_s, recorded[0]),
                         timestamp_format(scenario->to_s, recorded[1]));
    }
    scenario->measure_from_s = from_s;
    scenario->measure_to_s = to_s;
    return STATUS_OK;
}

/* ---- the command -------------------------------------------------------------------------------
 */

static int run(struct validation *validation, const struct validate_request *request,
               struct error *err)
{
    int status = read_tolerances(validation, &request->tolerance, err);
    if (!status && !request->scenario)
        status = error_set(err, STATUS_BAD_INPUT,
                           "name a scenario of the same fleet and group: --scenario FILE says what "
                           "a recording does not, such as weights and strategy");
    if (!status)
        status = validate_read_recording(validation, request, err);
    if (!status)
        status = validate_read_scenario(validation, request, err);
    if (!status)
        status = read_bill(validation, request, err);
    if (!status)
        status = find_window(validation, err);
    const struct hindcast_input input = {
        .scenario = &validation->scenario,
        .traces = &validation->traces,
        .account = &validation->account,
        .bill = validation->bill,
        .samples = validation->recording.samples,
        .sample_count = validation->recording.sample_count,
    };
    if (!status)
        status = hindcast_run(&input, &validation->hindcast, err);
    if (!status)
        validate_add_notes(validation);
    return status;
}

static int tell(const struct validation *validation, const struct validate_request *request,
                struct error *err)
{
    int status = STATUS_OK;
    if (request->minutes) {
        validate_print_minutes(validation, stdout);
    } else if (request->hours) {
        validate_print_hours(validation, stdout);
    } else if (request->json) {
        struct text text = {0};
        validate_json(validation, &text);
        status = text_status(&text, err);
        if (!status)
            fwrite(text.data, 1, text.size, stdout);
        text_clean_up(&text);
    } else {
        validate_print(validation, stdout);
    }
    for (int i = 0; !status && i < HINDCAST_COMPONENTS; i++) {
        if (validation->hindcast.values[i].known &&
            !validate_within(validation, (enum hindcast_component)i))
            status = error_set(err, STATUS_CHECK_FAILED, "%s is outside its tolerance",
                               hindcast_components[i].name);
    }
    return status;
}

static void clean_up(struct validation *validation)
{
    hindcast_clean_up(&validation->hindcast);
    hindcast_bill_free(validation->bill);
    if (validation->have_scenario) {
        trace_set_clean_up(&validation->traces);
        scenario_clean_up(&validation->scenario);
    }
    if (validation->traces_path)
        unlink(validation->traces_path);
    free(validation->traces_path);
    free(validation->recording.lives);
    free(validation->recording.samples);
    recorded_close(validation->recorded);
    results_close(validation->results);
    text_clean_up(&validation->notes);
}

int command_live_validate(int argc, char **argv)
{
    static const struct command_help help = {
        .name = "live validate",
        .arguments = "RECORDING.db",
        .description =
            "Simulate what was recorded of a real account (live daemon --record) and put it "
            "beside\n"
            "what happened, and beside what AWS billed for it: Cost and Usage Reports (CSV, "
            "hourly,\n"
            "with resource IDs) and files of the Spot Instance data feed, plain or gzip. Says how "
            "far\noff the model is and where the error comes from; exit code 1 if it is further "
            "off "
            "than the\ntolerance.",
        .min_arguments = 1,
        .max_arguments = 1,
    };
    struct validate_request request = {0};
    const struct option_spec specs[] = {
        {.name = "scenario",
         .placeholder = "FILE",
         .help = "of the same fleet and group: what the recording does not say",
         .value = &request.scenario},
        {.name = "billing",
         .placeholder = "FILE",
         .help = "a Cost and Usage Report, a file of the Spot data feed, or a folder of them",
         .list = &request.bills},
        {.name = "tolerance",
         .placeholder = "[COMPONENT=]PERCENT",
         .help = "how far off each component, or this one, may be (5)",
         .list = &request.tolerance},
        {.name = "policy",
         .placeholder = "NAME[:PRESET][+MODIFIER]...",
         .help = "who decided (the recorded policy where it acted, else the scenario's)",
         .value = &request.policy},
        OPTION_SET(&request.set),
        OPTION_RECORDED_FLEET(&request.fleet),
        OPTION_RECORDED_GROUP(&request.group),
        OPTION_JSON(&request.json),
        {.name = "minutes",
         .help = "print capacity by the minute as CSV instead: each minute that differs from the "
                 "one before",
         .flag = &request.minutes},
        {.name = "hours",
         .help = "print costs by the hour as CSV instead, simulated and billed",
         .flag = &request.hours},
        {0},
    };
    struct option_list arguments;
    int status = options_parse(&help, specs, argc, argv, &arguments);
    if (status)
        return command_end(help.name, status);
    struct error err = {0};
    struct validation validation = {0};
    request.recording = arguments.values[0];
    status = run(&validation, &request, &err);
    if (!status)
        status = tell(&validation, &request, &err);
    clean_up(&validation);
    return command_close(&help, specs, &arguments, status, &err);
}
