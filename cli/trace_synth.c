/* ballast trace synth: a generated market into a trace database. */
#include "base/decimal.h"
#include "base/memory.h"
#include "shared_options.h"
#include "trace.h"
#include "traces/import.h"
#include "traces/synth.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "ZONE/TYPE=USD" */
static int add_market(struct synth_parameters *parameters, const char *text, struct error *err)
{
    const char *slash = strchr(text, '/');
    const char *equals = slash ? strchr(slash, '=') : NULL;
    int64_t price = 0;
    if (!equals || slash == text || equals == slash + 1 ||
        decimal_parse(equals + 1, strlen(equals + 1), &price) || price <= 0)
        return error_set(err, STATUS_BAD_INPUT,
                         "--market %s: write ZONE/TYPE=USD, such as us-east-1a/c3.xlarge=0.210",
                         text);
    parameters->markets = memory_resize(parameters->markets, parameters->market_count + 1,
                                        sizeof *parameters->markets);
    parameters->markets[parameters->market_count++] = (struct synth_market){
        .zone = memory_copy_bytes(text, (size_t)(slash - text)),
        .instance_type = memory_copy_bytes(slash + 1, (size_t)(equals - slash - 1)),
        .on_demand_micro_usd = price,
    };
    return STATUS_OK;
}

static int read_seed(const char *text, uint64_t *out_seed, struct error *err)
{
    if (!text)
        return STATUS_OK;
    char *end = NULL;
    errno = 0;
    *out_seed = strtoull(text, &end, 10);
    if (errno || end == text || *end || text[0] == '-')
        return error_set(err, STATUS_BAD_INPUT, "--seed %s: must be a whole number from 0", text);
    return STATUS_OK;
}

static void print_made(const char *name, const struct trace_set *set,
                       const struct import_report *report, bool json)
{
    size_t prices = 0;
    for (size_t i = 0; i < set->market_count; i++)
        prices += set->markets[i].step_count;
    if (json)
        printf("{\"name\":\"%s\",\"synthetic\":true,\"sha256\":\"%s\",\"markets\":%zu,"
               "\"prices\":%zu,\"interruptions\":%zu,\"taken\":%lld,\"duplicate\":%lld}\n",
               name, set->hash, set->market_count, prices, set->interruption_count,
               (long long)report->taken, (long long)report->duplicate);
    else
        printf("%s (SYNTHETIC): %zu prices of %zu market%s, %zu interruptions: %lld records taken, "
               "%lld duplicate\n",
               name, prices, set->market_count, set->market_count == 1 ? "" : "s",
               set->interruption_count, (long long)report->taken, (long long)report->duplicate);
}

/* "NAME=VALUE" of one of synth_fields. */
static int set_field(struct synth_parameters *parameters, const char *text, struct error *err)
{
    const char *equals = strchr(text, '=');
    size_t length = equals ? (size_t)(equals - text) : strlen(text);
    const struct synth_field *field = synth_fields;
    while (field->key && (strlen(field->key) != length || memcmp(field->key, text, length) != 0))
        field++;
    if (!equals || !field->key)
        return error_set(err, STATUS_BAD_INPUT,
                         "--set %s: write NAME=VALUE with a parameter of docs/synthetic.md", text);
    int64_t micro = 0;
    enum decimal_result result = decimal_parse(equals + 1, strlen(equals + 1), &micro);
    int64_t scaled = micro / (MICRO / field->scale);
    if (result || scaled * (MICRO / field->scale) != micro)
        return error_set(err, STATUS_BAD_INPUT, "--set %s: %s", text,
                         result ? decimal_result_text(result) : "must be a whole number");
    memcpy((char *)parameters + field->offset, &scaled, sizeof scaled);
    return STATUS_OK;
}

static int generate(const struct synth_parameters *parameters, const char *into, bool json,
                    struct error *err)
{
    struct trace_set set = {0};
    sqlite3 *database = NULL;
    struct import_report report = {0};
    int status = synth_generate(&set, parameters, err);
    if (!status)
        status = trace_database_open(&database, into, true, err);
    if (!status) {
        trace_set_seal(&set);
        char *name = memory_format("synthetic-%s-seed-%llu",
                                   parameters->regime == SYNTH_BID_ERA ? "bid-era" : "modern",
                                   (unsigned long long)parameters->seed);
        status = trace_import_set(database, into, name, &set, &report, err);
        if (!status)
            print_made(name, &set, &report, json);
        free(name);
    }
    sqlite3_close(database);
    trace_set_clean_up(&set);
    return status;
}

int command_trace_synth(int argc, char **argv)
{
    static const struct command_help help = {
        .name = "trace synth",
        .arguments = "",
        .description =
            "Generate prices (and, for the modern regime, interruptions) from a seed. Equal "
            "options\n"
            "give equal traces on every machine. docs/synthetic.md tells the parameters' sources.",
        .min_arguments = 0,
        .max_arguments = 0,
    };
    const char *regime = "bid-era";
    const char *seed = NULL;
    const char *from = NULL;
    const char *to = NULL;
    const char *into = NULL;
    bool json = false;
    struct option_list markets = {0};
    struct option_list set = {0};
    const struct option_spec specs[] = {
        {.name = "regime",
         .placeholder = "NAME",
         .help = "bid-era (default) or modern",
         .value = &regime},
        {.name = "seed", .placeholder = "N", .help = "default 1", .value = &seed},
        {.name = "from", .placeholder = "TIME", .help = "first second", .value = &from},
        {.name = "to", .placeholder = "TIME", .help = "end, excluded", .value = &to},
        {.name = "market",
         .placeholder = "ZONE/TYPE=USD",
         .help = "a market and its on-demand price",
         .list = &markets},
        {.name = "set",
         .placeholder = "NAME=VALUE",
         .help = "a parameter of docs/synthetic.md",
         .list = &set},
        {.name = "into", .placeholder = "TRACES.db", .help = "the trace database", .value = &into},
        OPTION_JSON(&json),
        {0},
    };
    struct option_list arguments;
    int status = options_parse(&help, specs, argc, argv, &arguments);
    if (status)
        return command_end(help.name, status);
    struct error err = {0};
    struct synth_parameters parameters;
    bool modern = strcmp(regime, "modern") == 0;
    synth_defaults(&parameters, modern ? SYNTH_MODERN : SYNTH_BID_ERA);
    if (!modern && strcmp(regime, "bid-era") != 0)
        status = error_set(&err, STATUS_BAD_INPUT, "--regime %s: bid-era or modern", regime);
    if (!status && (!into || !from || !to || markets.count == 0))
        status = error_set(&err, STATUS_BAD_INPUT,
                           "--into, --from, --to and at least one --market are needed (see ballast "
                           "%s --help)",
                           help.name);
    if (!status)
        status = read_seed(seed, &parameters.seed, &err);
    if (!status)
        status = trace_option_time("from", from, &parameters.from_s, &err);
    if (!status)
        status = trace_option_time("to", to, &parameters.to_s, &err);
    for (size_t i = 0; !status && i < set.count; i++)
        status = set_field(&parameters, set.values[i], &err);
    for (size_t i = 0; !status && i < markets.count; i++)
        status = add_market(&parameters, markets.values[i], &err);
    if (!status)
        status = generate(&parameters, into, json, &err);
    synth_clean_up(&parameters);
    return command_close(&help, specs, &arguments, status, &err);
}
