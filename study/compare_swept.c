/* The points of a sweep as runs to be paired. Nothing is kept of a point but what was varied, as
 * the user wrote it, the hash of its traces (not in files of older versions), and the figures: its
 * world is what was varied of the world's, and else what the sweep starts from, and so is its
 * scenario.
 */
#include "base/json.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "record/points.h"
#include "study/compare_pairs.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct reading {
    struct half *half;
    size_t capacity;
    int64_t sweep;
    struct found base; /* the world of what the sweep starts from */
};

int compare_is_swept(const struct compare_side *side, struct results *results, bool *out_swept,
                     struct error *err)
{
    int64_t *numbers = NULL;
    size_t runs = 0;
    int status = results_runs(results, &numbers, &runs, err);
    free(numbers);
    bool asks_for_run = strlen(side->path) != strlen(side->database);
    *out_swept = runs == 0 && !asks_for_run;
    return status;
}

/* ---- worlds -------------------------------------------------------------------------------------
 */

static int64_t time_of(const cJSON *object, const char *key)
{
    const cJSON *node = cJSON_GetObjectItemCaseSensitive(object, key);
    int64_t time_s = 0;
    if (cJSON_IsString(node))
        timestamp_parse(node->valuestring, strlen(node->valuestring), true, &time_s);
    return time_s;
}

static void hash_text(const char *text, const char *more, char out[HASH_TEXT_SIZE])
{
    struct hash *hash = hash_new();
    hash_add_string(hash, text);
    hash_add_string(hash, more);
    hash_finish(hash, out);
}

/* What the resolved scenario says of its world. */
static int read_base(struct reading *reading, const struct stored_point *point, struct error *err)
{
    struct json_document document;
    struct found *base = &reading->base;
    int status = json_parse(&document, reading->half->side->database, point->scenario_json,
                            strlen(point->scenario_json), err);
    if (status)
        return status;
    const cJSON *measure = cJSON_GetObjectItemCaseSensitive(document.root, "measure");
    const cJSON *seed = cJSON_GetObjectItemCaseSensitive(document.root, "seed");
    const cJSON *demand = cJSON_GetObjectItemCaseSensitive(document.root, "demand");
    char *text = demand ? cJSON_PrintUnformatted(demand) : NULL;
    base->begin_s = time_of(document.root, "from");
    base->end_s = time_of(document.root, "to");
    base->from_s = time_of(measure, "from");
    base->to_s = time_of(measure, "to");
    base->seed = cJSON_IsNumber(seed) ? (uint64_t)seed->valuedouble : 0;
    hash_text(text ? text : "", "", base->run.demand_hash);
    cJSON_free(text);
    json_clean_up(&document);
    reading->half->scenario_json = memory_copy_text(point->scenario_json);
    return STATUS_OK;
}

/* A value that was varied, of the world's. Where the span moves, what is measured is all of it,
 * unless that is said too. */
static void move_world(struct found *found, const char *path, const char *value)
{
    static const char demand[] = "demand";
    char before[HASH_TEXT_SIZE];
    int64_t time_s = 0;
    bool is_time = timestamp_parse(value, strlen(value), true, &time_s);
    if (strcmp(path, "seed") == 0)
        found->seed = strtoull(value, NULL, 10);
    else if (strcmp(path, "from") == 0 && is_time)
        found->begin_s = found->from_s = time_s;
    else if (strcmp(path, "to") == 0 && is_time)
        found->end_s = found->to_s = time_s;
    else if (strcmp(path, "measure.from") == 0 && is_time)
        found->from_s = time_s;
    else if (strcmp(path, "measure.to") == 0 && is_time)
        found->to_s = time_s;
    else {
        char *hash =
            strncmp(path, demand, strlen(demand)) == 0 ? found->run.demand_hash : found->moved;
        char *text = memory_format("%s=%s", path, value);
        memcpy(before, hash, sizeof before);
        hash_text(before, text, hash);
        free(text);
    }
}

/* ---- points -------------------------------------------------------------------------------------
 */

static int take(const struct stored_point *point, void *context, struct error *err)
{
    struct reading *reading = context;
    struct half *half = reading->half;
    struct json_document varied;
    if (half->count == 0) {
        reading->sweep = point->sweep;
        int status = read_base(reading, point, err);
        if (status)
            return status;
    }
    if (point->sweep != reading->sweep)
        return error_set(err, STATUS_BAD_INPUT,
                         "%s: holds more than one sweep, so it is open which is meant: sweep each "
                         "into a database of its own",
                         half->side->database);
    int status =
        json_parse(&varied, half->side->database, point->varied, strlen(point->varied), err);
    if (status)
        return status;
    struct found found = reading->base;
    found.number = (int64_t)point->point + 1;
    found.version = memory_copy_text(point->version);
    found.run.figures = point->figures;
    snprintf(found.run.trace_hash, sizeof found.run.trace_hash, "%s", point->trace_hash);
    for (const cJSON *node = varied.root->child; node; node = node->next) {
        const char *value = cJSON_IsString(node) ? node->valuestring : "";
        if (compare_is_of_world(node->string)) {
            move_world(&found, node->string, value);
            continue;
        }
        found.others = memory_resize(found.others, found.other_count + 1, sizeof *found.others);
        found.others[found.other_count++] =
            (struct value){memory_copy_text(node->string), memory_copy_text(value)};
    }
    json_clean_up(&varied);
    ARRAY_PUSH(half->runs, half->count, reading->capacity, found);
    return STATUS_OK;
}

int compare_read_points(struct half *half, struct error *err)
{
    struct reading reading = {.half = half};
    int status = points_each(half->results, take, &reading, err);
    if (!status && half->count == 0)
        status = error_set(err, STATUS_BAD_INPUT, "%s: neither a run nor a point is recorded in it",
                           half->side->database);
    return status;
}

/* `found`: the point, or NULL for what the sweep starts from. */
static int parse(const struct half *half, const struct found *found, struct scenario *out_scenario,
                 struct error *err)
{
    const struct compare_side *side = half->side;
    const char *slash = strrchr(side->database, '/');
    char *folder = slash ? memory_copy_bytes(side->database, (size_t)(slash - side->database) + 1)
                         : memory_copy_text(".");
    size_t most = found ? found->other_count : 0;
    struct scenario_override *overrides = memory_new(most, sizeof *overrides);
    struct scenario_options options = {.overrides = overrides};
    for (size_t i = 0; i < most; i++) {
        const struct value *varied = &found->others[i];
        if (strcmp(varied->path, "policy") == 0)
            options.policy = varied->json;
        else
            overrides[options.override_count++] =
                (struct scenario_override){.path = varied->path, .value = varied->json};
    }
    int status = scenario_parse(out_scenario, side->path, folder, half->scenario_json,
                                strlen(half->scenario_json), &options, err);
    free(overrides);
    free(folder);
    return status;
}

int compare_parse_swept(const struct half *half, const struct found *found,
                        struct scenario *out_scenario, char **out_bare, struct error *err)
{
    struct error unread = {0};
    int status = parse(half, found, out_scenario, &unread);
    if (status) {
        *out_bare = memory_copy_text(unread.text);
        status = parse(half, NULL, out_scenario, err);
    }
    if (status)
        return status;
    out_scenario->from_s = found->begin_s;
    out_scenario->to_s = found->end_s;
    out_scenario->measure_from_s = found->from_s;
    out_scenario->measure_to_s = found->to_s;
    out_scenario->seed = found->seed;
    return STATUS_OK;
}
