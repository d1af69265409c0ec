#include "reports/baseline.h"

#include "base/json.h"
#include "base/memory.h"
#include "base/output.h"
#include "base/text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { STATISTIC_NAME_SIZE = 48 };

static void statistic_name(int64_t seeds, enum gate_statistic of, char out[STATISTIC_NAME_SIZE])
{
    snprintf(out, STATISTIC_NAME_SIZE, "%s of %" PRId64, gate_statistic_names[of], seeds);
}

/* json_fail always fails, which a macro lets the compiler see. */
#define refuse(document, node, err, ...)                                                           \
    (json_fail(document, node, err, __VA_ARGS__), STATUS_BAD_INPUT)

/* ---- reading ----------------------------------------------------------------------------------
 */

static int need(const struct json_document *document, const cJSON *object, const char *key,
                const cJSON **out_node, struct error *err)
{
    if (!cJSON_IsObject(object))
        return refuse(document, object, err, "must be an object");
    *out_node = cJSON_GetObjectItemCaseSensitive(object, key);
    return *out_node ? STATUS_OK : refuse(document, object, err, "no \"%s\"", key);
}

/* Figures that this build does not know are left out; those the file does not have are unknown. */
static int read_figures(const struct json_document *document, const cJSON *object,
                        struct figures *out_figures, struct error *err)
{
    if (!cJSON_IsObject(object))
        return refuse(document, object, err, "must be an object");
    *out_figures = (struct figures){0};
    for (const cJSON *node = object->child; node; node = node->next) {
        int figure = figure_find(node->string);
        if (figure < 0 || cJSON_IsNull(node))
            continue;
        if (!cJSON_IsString(node) ||
            !figure_parse((enum figure)figure, node->valuestring, &out_figures->value[figure]))
            return refuse(document, node, err, "must be a figure's value as a string, or null");
        out_figures->known[figure] = true;
    }
    return STATUS_OK;
}

static int read_statistic(const struct json_document *document, const cJSON *node,
                          struct baseline_statistic *out, struct error *err)
{
    int64_t seeds = 0;
    size_t of = 0;
    const char *number = strstr(node->string, " of ");
    if (number)
        seeds = strtoll(number + 4, NULL, 10);
    char name[STATISTIC_NAME_SIZE];
    for (of = 0; gate_statistic_names[of]; of++) {
        statistic_name(seeds, (enum gate_statistic)of, name);
        if (strcmp(name, node->string) == 0)
            break;
    }
    if (!gate_statistic_names[of] || seeds < 2)
        return refuse(document, node, err, "must be named as \"mean of 20\"");
    out->seeds = seeds;
    out->of = (enum gate_statistic)of;
    return read_figures(document, node, &out->figures, err);
}

static int read_calls(const struct json_document *document, const cJSON *entry,
                      struct calls_made *calls, struct error *err)
{
    const cJSON *list = NULL;
    const cJSON *count = NULL;
    int status = need(document, entry, "calls", &list, err);
    if (!status)
        status = need(document, entry, "calls_in_all", &count, err);
    if (!status)
        status = json_int64(document, count, 0, INT64_C(1) << 53, &calls->count, err);
    if (!status && !cJSON_IsArray(list))
        status = refuse(document, list, err, "must be a list");
    for (const cJSON *node = status ? NULL : list->child; node && !status; node = node->next) {
        const char *line = NULL;
        status = json_string(document, node, &line, err);
        if (!status && calls->kept == CALLS_KEPT)
            status = refuse(document, node, err, "more than %d calls", CALLS_KEPT);
        if (!status)
            calls->lines[calls->kept++] = memory_copy_text(line);
    }
    return status;
}

static int read_entry(const struct json_document *document, const cJSON *node,
                      struct baseline_entry *entry, struct error *err)
{
    const cJSON *at = NULL;
    const char *policy = NULL;
    entry->name = memory_copy_text(node->string);
    int status = need(document, node, "policy", &at, err);
    if (!status)
        status = json_string(document, at, &policy, err);
    if (!status)
        entry->policy = memory_copy_text(policy);
    if (!status)
        status = need(document, node, "figures", &at, err);
    if (!status)
        status = read_figures(document, at, &entry->figures, err);
    if (!status)
        status = need(document, node, "over_seeds", &at, err);
    if (!status && !cJSON_IsObject(at))
        status = refuse(document, at, err, "must be an object");
    if (status)
        return status;
    entry->statistics = memory_new((size_t)cJSON_GetArraySize(at) + 1, sizeof *entry->statistics);
    for (const cJSON *child = at->child; child && !status; child = child->next)
        status = read_statistic(document, child, &entry->statistics[entry->statistic_count++], err);
    return status ? status : read_calls(document, node, &entry->calls, err);
}

int baseline_read(struct baseline *out_baseline, const char *path, bool *out_missing,
                  struct error *err)
{
    *out_baseline = (struct baseline){0};
    *out_missing = access(path, F_OK) != 0 && errno == ENOENT;
    if (*out_missing)
        return error_set(err, STATUS_BAD_INPUT,
                         "%s: there is no such baseline: write one with --update", path);
    struct json_document document;
    const cJSON *node = NULL;
    int64_t form = 0;
    int status = json_read(&document, path, err);
    if (status)
        return status;
    status = need(&document, document.root, "ballast_baseline", &node, err);
    if (!status)
        status = json_int64(&document, node, 1, 1, &form, err);
    if (!status)
        status = need(&document, document.root, "scenarios", &node, err);
    if (!status && !cJSON_IsObject(node))
        status = refuse(&document, node, err, "must be an object");
    for (const cJSON *child = status ? NULL : node->child; child && !status; child = child->next) {
        struct baseline_entry entry = {0};
        status = read_entry(&document, child, &entry, err);
        baseline_put(out_baseline, &entry);
    }
    json_clean_up(&document);
    if (status)
        baseline_clean_up(out_baseline);
    return status;
}

/* ---- writing ----------------------------------------------------------------------------------
 */

static void write_figures(struct text *text, const struct figures *figures, const char *indent)
{
    text_add(text, "{");
    for (int i = 0; i < FIGURE_COUNT_OF_ALL; i++) {
        char value[DECIMAL_TEXT_SIZE];
        figure_format(figures, (enum figure)i, value);
        const char *quote = figures->known[i] ? "\"" : "";
        text_addf(text, "%s\n%s  \"%s\": %s%s%s", i ? "," : "", indent, figure_descriptions[i].name,
                  quote, value, quote);
    }
    text_addf(text, "\n%s}", indent);
}

static void write_entry(struct text *text, const struct baseline_entry *entry)
{
    text_add(text, "    ");
    text_add_json_string(text, entry->name);
    text_add(text, ": {\n      \"policy\": ");
    text_add_json_string(text, entry->policy);
    text_add(text, ",\n      \"figures\": ");
    write_figures(text, &entry->figures, "      ");
    text_add(text, ",\n      \"over_seeds\": {");
    for (size_t i = 0; i < entry->statistic_count; i++) {
        const struct baseline_statistic *statistic = &entry->statistics[i];
        char name[STATISTIC_NAME_SIZE];
        statistic_name(statistic->seeds, statistic->of, name);
        text_addf(text, "%s\n        \"%s\": ", i ? "," : "", name);
        write_figures(text, &statistic->figures, "        ");
    }
    text_addf(text, "%s},\n      \"calls\": [", entry->statistic_count ? "\n      " : "");
    for (size_t i = 0; i < entry->calls.kept; i++) {
        text_addf(text, "%s\n        ", i ? "," : "");
        text_add_json_string(text, entry->calls.lines[i]);
    }
    text_addf(text, "%s],\n      \"calls_in_all\": %" PRId64 "\n    }",
              entry->calls.kept ? "\n      " : "", entry->calls.count);
}

int baseline_write(const struct baseline *baseline, const char *path, struct error *err)
{
    struct text text = {0};
    text_add(&text, "{\n  \"ballast_baseline\": 1,\n  \"scenarios\": {");
    for (size_t i = 0; i < baseline->count; i++) {
        text_add(&text, i ? ",\n" : "\n");
        write_entry(&text, &baseline->entries[i]);
    }
    text_add(&text, "\n  }\n}\n");
    int status = text_status(&text, err);
    if (!status)
        status = output_write(path, text.data, text.size, err);
    text_clean_up(&text);
    return status;
}

/* ---- entries ----------------------------------------------------------------------------------
 */

void baseline_entry_clean_up(struct baseline_entry *entry)
{
    free(entry->name);
    free(entry->policy);
    free(entry->statistics);
    calls_made_clean_up(&entry->calls);
    *entry = (struct baseline_entry){0};
}

void baseline_clean_up(struct baseline *baseline)
{
    for (size_t i = 0; i < baseline->count; i++)
        baseline_entry_clean_up(&baseline->entries[i]);
    free(baseline->entries);
    *baseline = (struct baseline){0};
}

const struct baseline_entry *baseline_find(const struct baseline *baseline, const char *name)
{
    for (size_t i = 0; i < baseline->count; i++) {
        if (strcmp(baseline->entries[i].name, name) == 0)
            return &baseline->entries[i];
    }
    return NULL;
}

const struct figures *baseline_statistic(const struct baseline_entry *entry, int64_t seeds,
                                         enum gate_statistic of)
{
    for (size_t i = 0; i < entry->statistic_count; i++) {
        if (entry->statistics[i].seeds == seeds && entry->statistics[i].of == of)
            return &entry->statistics[i].figures;
    }
    return NULL;
}

void baseline_put(struct baseline *baseline, struct baseline_entry *entry)
{
    size_t at = 0;
    while (at < baseline->count && strcmp(baseline->entries[at].name, entry->name) < 0)
        at++;
    if (at < baseline->count && strcmp(baseline->entries[at].name, entry->name) == 0) {
        baseline_entry_clean_up(&baseline->entries[at]);
    } else {
        baseline->entries =
            memory_resize(baseline->entries, baseline->count + 1, sizeof *baseline->entries);
        memmove(&baseline->entries[at + 1], &baseline->entries[at],
                (baseline->count - at) * sizeof *baseline->entries);
        baseline->count++;
    }
    baseline->entries[at] = *entry;
    *entry = (struct baseline_entry){0};
}
