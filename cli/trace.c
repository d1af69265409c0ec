/* ballast trace: price histories in and out. */
#include "trace.h"

#include "base/decimal.h"
#include "base/timestamp.h"
#include "commands.h"

#include <string.h>

int trace_option_time(const char *option, const char *text, int64_t *out_time_s, struct error *err)
{
    if (!text || timestamp_parse(text, strlen(text), false, out_time_s))
        return STATUS_OK;
    return error_set(err, STATUS_BAD_INPUT, "--%s %s: %s", option, text,
                     timestamp_wrong(text, strlen(text), false));
}

int trace_option_usd(const char *option, const char *text, int64_t *out_micro_usd,
                     struct error *err)
{
    if (!text)
        return STATUS_OK;
    enum decimal_result result = decimal_parse(text, strlen(text), out_micro_usd);
    if (result || *out_micro_usd < 0)
        return error_set(err, STATUS_BAD_INPUT, "--%s %s: %s", option, text,
                         result ? decimal_result_text(result) : "must not be negative");
    return STATUS_OK;
}

const char *trace_plain(const char *name, char out[TRACE_PLAIN_SIZE])
{
    size_t length = 0;
    for (; name[length] && length < TRACE_PLAIN_SIZE - 1; length++) {
        unsigned char c = (unsigned char)name[length];
        out[length] = c < 0x20 || c == 0x7f ? '?' : name[length];
    }
    out[length] = '\0';
    return out;
}

int command_trace(int argc, char **argv)
{
    static const struct subcommand subcommands[] = {
        {"import", command_trace_import,
         "read price histories, catalogues, demand into a database"},
        {"fetch", command_trace_fetch, "what an account remembers: prices, interruptions, demand"},
        {"list", command_trace_list, "what a trace database holds"},
        {"show", command_trace_show, "what its markets did over a range"},
        {"synth", command_trace_synth, "generate a market (marked synthetic wherever it is shown)"},
        {0},
    };
    return command_family("trace", "import, list, show and generate price histories", subcommands,
                          argc, argv);
}
