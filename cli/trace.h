/* The subcommands of `ballast trace`, and what they share. */
#ifndef CLI_TRACE_H
#define CLI_TRACE_H

#include "base/error.h"
#include "traces/database.h"

#include <stdint.h>

int command_trace_fetch(int argc, char **argv);
int command_trace_import(int argc, char **argv);
int command_trace_list(int argc, char **argv);
int command_trace_show(int argc, char **argv);
int command_trace_synth(int argc, char **argv);

/* An option's time: NULL leaves *out_time_s as it is. */
int trace_option_time(const char *option, const char *text, int64_t *out_time_s, struct error *err);
/* An option's amount of USD, in micro-USD. */
int trace_option_usd(const char *option, const char *text, int64_t *out_micro_usd,
                     struct error *err);

/* A name from a file or database as it may be shown in a line: control characters become '?'.
 * Returns `out`. */
enum { TRACE_PLAIN_SIZE = 256 };
const char *trace_plain(const char *name, char out[TRACE_PLAIN_SIZE]);

#endif
