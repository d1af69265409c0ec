#include "scenario/scenario.h"

#include "base/memory.h"
#include "scenario/file_memory.h"
#include "scenario/overrides.h"
#include "scenario/parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void add_note(struct scenario *scenario, bool warning, const char *format, ...)
{
    char message[2048];
    va_list args;
    if (scenario->bare)
        return;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    for (unsigned char *c = (unsigned char *)message; *c; c++) {
        if (*c < 0x20 || *c == 0x7f)
            *c = '?';
    }
    for (size_t i = 0; i < scenario->note_count; i++) {
        if (strcmp(scenario->notes[i].text, message) == 0)
            return;
    }
    scenario->notes =
        memory_resize(scenario->notes, scenario->note_count + 1, sizeof *scenario->notes);
    scenario->notes[scenario->note_count++] =
        (struct scenario_note){warning, memory_copy_text(message)};
}

static int read_all(struct reader *reader, const struct scenario_options *options)
{
    /* Traces before the fleet, whose zones may be theirs; the account before the fleet's monitoring
     * settles its presets. */
    static int (*const parts[])(struct reader *) = {
        expand_mixed_group,   read_time_span, read_traces,       read_interruptions,
        read_launch_failures, read_account,   read_controller,   read_fleet,
        read_group,           read_prices,    read_price_terms,  read_distribution,
        read_scaling,         read_demand,    check_mixed_group, read_cluster,
        read_policy,          read_gates,
    };
    int status = overrides_apply(reader, options);
    for (size_t i = 0; i < ARRAY_LENGTH(parts) && !status; i++)
        status = parts[i](reader);
    if (status)
        return status;
    status = check_advisor(reader);
    if (status)
        return status;
    apply_presets(reader);
    if (!reader->bare) {
        note_doubts(reader);
        note_distribution(reader);
    }
    return reader->again ? STATUS_OK : write_resolved(reader);
}

/* Files of policies are looked into each time. */
static bool is_kept(const struct reader *reader)
{
    const struct scenario *scenario = reader->scenario;
    return reader->all_kept && !scenario->policy.loaded && !scenario->policy.command;
}

/* Of `kept`, or else of `document`, which it takes over. */
static int read_document(struct scenario *out_scenario, const char *file, const char *folder,
                         const struct kept_file *kept, struct json_document *document,
                         const struct scenario_options *options, struct error *err)
{
    struct error unseen;
    struct reader reader = {
        .scenario = out_scenario,
        .err = err ? err : &unseen,
        .folder = folder ? folder : ".",
        .memory = options ? options->memory : NULL,
        .all_kept = kept != NULL,
        .bare = options && (options->bare || options->again),
        .again = options && options->again,
    };
    out_scenario->bare = reader.bare;
    out_scenario->file = memory_copy_text(file);
    if (kept)
        reader_open_kept(&reader, kept);
    else
        reader_open(&reader, document);
    int status = read_all(&reader, options);
    out_scenario->is_kept = is_kept(&reader);
    reader_close(&reader);
    if (status)
        scenario_clean_up(out_scenario);
    return status;
}

int scenario_parse(struct scenario *out_scenario, const char *name, const char *folder,
                   const char *text, size_t size, const struct scenario_options *options,
                   struct error *err)
{
    *out_scenario = (struct scenario){0};
    struct json_document document;
    int status = json_parse(&document, name, text, size, err);
    return status ? status
                  : read_document(out_scenario, name, folder, NULL, &document, options, err);
}

int scenario_read(struct scenario *out_scenario, const char *path,
                  const struct scenario_options *options, struct error *err)
{
    *out_scenario = (struct scenario){0};
    struct scenario_memory *memory = options ? options->memory : NULL;
    const struct kept_file *kept = file_memory_find(memory, path);
    struct json_document document;
    int status = kept ? STATUS_OK : json_read(&document, path, err);
    if (status)
        return status;
    if (!kept && strcmp(path, "-") != 0)
        kept = file_memory_keep(memory, path, &document);
    const char *slash = strrchr(path, '/');
    char *folder = slash ? memory_copy_bytes(path, slash == path ? 1 : (size_t)(slash - path))
                         : memory_copy_text(".");
    status = read_document(out_scenario, path, folder, kept, &document, options, err);
    free(folder);
    return status;
}

static void free_strings(char **strings, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(strings[i]);
    free(strings);
}

void scenario_clean_up(struct scenario *scenario)
{
    free(scenario->file);
    free(scenario->name);
    free(scenario->description);
    free_strings(scenario->trace_names, scenario->trace_path_count);
    free_strings(scenario->trace_paths, scenario->trace_path_count);
    trace_set_clean_up(&scenario->inline_traces);
    for (size_t i = 0; i < scenario->synth_count; i++)
        synth_clean_up(&scenario->synth[i]);
    free(scenario->synth);
    free(scenario->product);
    free(scenario->catalog);
    for (size_t i = 0; i < scenario->fleet.pool_count; i++) {
        free(scenario->fleet.pools[i].instance_type);
        free(scenario->fleet.pools[i].zone);
        free(scenario->fleet.pools[i].cluster);
    }
    free(scenario->fleet.pools);
    free(scenario->modifications);
    fleet_scaling_clean_up(&scenario->scaling);
    free(scenario->group.name);
    free(scenario->group.instance_type);
    free(scenario->group.cluster);
    free_strings(scenario->group.zones, scenario->group.zone_count);
    if (!scenario->demand_is_lent) {
        free(scenario->demand);
        free(scenario->demand_json);
    }
    free(scenario->interruption_terms.rebalance_lead.values_s);
    free(scenario->interruption_terms.shortage.values_s);
    for (size_t i = 0; i < scenario->advisor.band_count; i++)
        free(scenario->advisor.bands[i].instance_type);
    free(scenario->advisor.bands);
    free(scenario->advisor.trace);
    free(scenario->advisor_prices);
    cluster_clean_up(scenario);
    free(scenario->account.spot_launch_delay.values_s);
    free(scenario->account.on_demand_launch_delay.values_s);
    free(scenario->account.join_delay.values_s);
    free(scenario->account.metric_delay.values_s);
    free(scenario->controller.jitter.values_s);
    free(scenario->controller.duration.values_s);
    faults_clean_up(&scenario->controller.faults);
    policy_choice_clean_up(&scenario->policy);
    gates_clean_up(scenario);
    for (size_t i = 0; i < scenario->note_count; i++)
        free(scenario->notes[i].text);
    free(scenario->notes);
    text_clean_up(&scenario->resolved);
    for (size_t i = 0; i < scenario->value_count; i++) {
        free(scenario->values[i].path);
        free(scenario->values[i].value);
    }
    free(scenario->values);
    *scenario = (struct scenario){0};
}
