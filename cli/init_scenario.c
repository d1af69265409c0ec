#include "init.h"

#include "base/decimal.h"
#include "base/memory.h"
#include "base/timestamp.h"

#include <stdlib.h>
#include <string.h>

/* `text`, of the option's value, must be a number above 0; how large it may be the reader says. */
static int check_number(const char *option, const char *value, const char *text, struct error *err)
{
    int64_t micro = 0;
    enum decimal_result result = decimal_parse(text, strlen(text), &micro);
    if (!result && micro > 0)
        return STATUS_OK;
    return error_set(err, STATUS_BAD_INPUT, "--%s %s: %s", option, value,
                     result ? decimal_result_text(result) : "must be above 0");
}

/* "ID=VALUE" options as an object's members; `quote`: the values are texts. */
static int add_map(struct text *text, const char *option, const struct option_list *list,
                   bool quote, struct error *err)
{
    for (size_t i = 0; i < list->count; i++) {
        const char *equals = strchr(list->values[i], '=');
        if (!equals || equals == list->values[i] || !equals[1])
            return error_set(err, STATUS_BAD_INPUT, "--%s %s: write it as NAME=VALUE", option,
                             list->values[i]);
        char *name = memory_copy_bytes(list->values[i], (size_t)(equals - list->values[i]));
        text_add(text, i ? ", " : "");
        text_add_json_string(text, name);
        text_add(text, ": ");
        free(name);
        if (quote) {
            text_add_json_string(text, equals + 1);
            continue;
        }
        int status = check_number(option, list->values[i], equals + 1, err);
        if (status)
            return status;
        text_add(text, equals + 1);
    }
    return STATUS_OK;
}

int init_scenario_text(const struct init_asked *asked, int64_t from_s, int64_t to_s,
                       struct text *text, struct error *err)
{
    int status = check_number("units-per-instance", asked->units, asked->units, err);
    if (status)
        return status;
    char from[TIMESTAMP_TEXT_SIZE];
    char to[TIMESTAMP_TEXT_SIZE];
    text_add(text,
             "{\n  \"//\": \"Keys that begin with // are comments. What is not said here has a "
             "default: `ballast scenario show` prints each, with where it comes from.\",\n"
             "  \"name\": ");
    text_add_json_string(text, asked->name);
    text_addf(
        text,
        ",\n  \"//from\": \"The whole hours for which prices of all pools are there. A shorter "
        "span runs faster; \\\"measure\\\" leaves out a beginning.\",\n"
        "  \"from\": \"%s\",\n  \"to\": \"%s\",\n  \"traces\": [\"traces.db\"],\n",
        timestamp_format(from_s, from), timestamp_format(to_s, to));
    text_add(text, "  \"//spot_fleet\": \"A copy of your request file, as request-spot-fleet takes "
                   "it. TargetCapacity is what is required, unless \\\"demand\\\" says more.\",\n"
                   "  \"spot_fleet\": \"spot-fleet.json\",\n");
    if (asked->subnets.count) {
        text_add(text, "  \"//subnets\": \"In which zone each subnet lies.\",\n  \"subnets\": {");
        status = add_map(text, "subnet", &asked->subnets, true, err);
        if (status)
            return status;
        text_add(text, "},\n");
    }
    text_add(text, "  \"//backup_group\": \"A copy of your group, what it launches, and how many "
                   "units of the fleet's capacity one of its instances stands for.\",\n"
                   "  \"backup_group\": {\"group\": \"backup-group.json\", \"launch\": "
                   "{\"InstanceType\": ");
    text_add_json_string(text, asked->launch_type);
    text_addf(text, "}, \"units_per_instance\": %s},\n", asked->units);
    if (asked->on_demand.count) {
        text_add(text, "  \"//on_demand_usd_per_hour\": \"Prices of your region; an imported "
                       "catalogue may say them instead.\",\n  \"on_demand_usd_per_hour\": {");
        status = add_map(text, "on-demand", &asked->on_demand, false, err);
        if (status)
            return status;
        text_add(text, "},\n");
    }
    if (asked->bands.count) {
        text_add(text,
                 "  \"//interruptions\": \"Generated from what the Spot Instance Advisor says "
                 "of each type: the share of its instances that is interrupted in a month. "
                 "Nobody has recorded yours.\",\n  \"interruptions\": {\"source\": "
                 "\"advisor\", \"advisor\": {\"bands\": {");
        status = add_map(text, "band", &asked->bands, true, err);
        if (status)
            return status;
        text_add(text, "}}},\n");
    }
    text_add(text, "  \"//account\": \"Nobody has published these delays: measure yours. `ballast "
                   "run --assumptions` tells which of them matter.\",\n"
                   "  \"account\": {\"spot_launch_delay_s\": 30, \"on_demand_launch_delay_s\": 30, "
                   "\"join_delay_s\": 60},\n"
                   "  \"//policy\": \"Others: `ballast policy list`. Its parameters and their "
                   "defaults: `ballast policy show pending-capacity`.\",\n"
                   "  \"policy\": {\"name\": \"pending-capacity\"}\n}\n");
    return text_status(text, err);
}
