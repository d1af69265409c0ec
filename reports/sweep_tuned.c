/* What tuning was asked of a sweep's runs, and what it found. */
#include "base/json.h"
#include "base/memory.h"
#include "record/tunings.h"
#include "sweep_parts.h"

#include <stdlib.h>
#include <string.h>

/* ---- reading ----------------------------------------------------------------------------------
 */

struct reading {
    struct sweep_data *data;
    int status;
    struct error *err;
};

static void open_json(struct reading *reading, struct json_document *document, const char *text)
{
    *document = (struct json_document){0};
    if (!reading->status)
        reading->status = json_parse(document, "what was tuned", text, strlen(text), reading->err);
}

static char **read_texts(struct reading *reading, const char *text, size_t *out_count)
{
    struct json_document document;
    open_json(reading, &document, text);
    size_t count = (size_t)cJSON_GetArraySize(document.root);
    char **texts = memory_new(count, sizeof *texts);
    for (const cJSON *node = document.root ? document.root->child : NULL; node; node = node->next)
        texts[(*out_count)++] = memory_copy_text(cJSON_IsString(node) ? node->valuestring : "");
    json_clean_up(&document);
    return texts;
}

static size_t *read_numbers(struct reading *reading, const char *text, size_t *out_count)
{
    struct json_document document;
    open_json(reading, &document, text);
    size_t count = (size_t)cJSON_GetArraySize(document.root);
    size_t *numbers = memory_new(count, sizeof *numbers);
    for (const cJSON *node = document.root ? document.root->child : NULL; node; node = node->next)
        numbers[(*out_count)++] = cJSON_IsNumber(node) ? (size_t)node->valuedouble : 0;
    json_clean_up(&document);
    return numbers;
}

/* "policy = none, seed = 2" */
static char *read_words(struct reading *reading, const char *varied)
{
    struct json_document document;
    struct text words = {0};
    open_json(reading, &document, varied);
    for (const cJSON *node = document.root ? document.root->child : NULL; node; node = node->next)
        text_addf(&words, "%s%s = %s", words.size ? ", " : "", node->string ? node->string : "",
                  cJSON_IsString(node) ? node->valuestring : "");
    json_clean_up(&document);
    char *copy = memory_copy_text(words.data ? words.data : "");
    text_clean_up(&words);
    return copy;
}

static void take(const struct stored_tuning *stored, void *context)
{
    struct reading *reading = context;
    struct sweep_data *data = reading->data;
    data->tunings = memory_resize(data->tunings, data->tuning_count + 1, sizeof *data->tunings);
    struct sweep_tuning *tuning = &data->tunings[data->tuning_count++];
    *tuning = (struct sweep_tuning){
        .worlds = stored->windows * stored->seeds,
        .windows = stored->windows,
        .seeds = stored->seeds,
        .episodes = stored->episodes,
        .has_best = stored->has_best,
        .best = stored->best,
        .why_not = stored->why_not ? memory_copy_text(stored->why_not) : NULL,
        .out_of_sample = stored->out_of_sample ? memory_copy_text(stored->out_of_sample) : NULL};
    tuning->minimize = read_texts(reading, stored->minimize, &tuning->minimize_count);
    tuning->subject_to = read_texts(reading, stored->subject_to, &tuning->subject_count);
    tuning->beyond = read_numbers(reading, stored->beyond, &tuning->beyond_count);
    tuning->words = read_words(reading, stored->varied ? stored->varied : "{}");
}

int sweep_read_tunings(struct sweep_data *data, struct results *results, struct error *err)
{
    struct reading reading = {.data = data, .err = err};
    int status = tunings_each(results, data->sweep, take, &reading, err);
    return status ? status : reading.status;
}

void sweep_tunings_clean_up(struct sweep_data *data)
{
    for (size_t t = 0; t < data->tuning_count; t++) {
        struct sweep_tuning *tuning = &data->tunings[t];
        for (size_t i = 0; i < tuning->minimize_count; i++)
            free(tuning->minimize[i]);
        for (size_t i = 0; i < tuning->subject_count; i++)
            free(tuning->subject_to[i]);
        free(tuning->minimize);
        free(tuning->subject_to);
        free(tuning->beyond);
        free(tuning->words);
        free(tuning->why_not);
        free(tuning->out_of_sample);
    }
    free(data->tunings);
}

/* ---- points -----------------------------------------------------------------------------------
 */

/* The one tuning whose points the page shows; NULL: there are several, or none. */
static const struct sweep_tuning *shown_tuning(const struct sweep_data *data)
{
    bool one = data->tuning_count == 1 && data->tunings[0].worlds == data->spans * data->seeds;
    return one ? &data->tunings[0] : NULL;
}

bool sweep_is_best(const struct sweep_data *data, size_t point)
{
    const struct sweep_tuning *tuning = shown_tuning(data);
    return tuning && tuning->has_best && data->numbers[point] / tuning->worlds == tuning->best;
}

bool sweep_is_beyond(const struct sweep_data *data, size_t point)
{
    const struct sweep_tuning *tuning = shown_tuning(data);
    for (size_t i = 0; tuning && i < tuning->beyond_count; i++) {
        if (data->numbers[point] / tuning->worlds == tuning->beyond[i])
            return true;
    }
    return false;
}

/* ---- words ------------------------------------------------------------------------------------
 */

static void add_texts(struct text *page, const char *before, char *const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        text_add(page, i ? " and <b>" : before);
        html_add(page, texts[i]);
        text_add(page, "</b>");
    }
}

static void add_tuning(struct text *page, const struct sweep_tuning *tuning)
{
    text_add(page, "<p>Asked for was the least of ");
    add_texts(page, "<b>", tuning->minimize, tuning->minimize_count);
    add_texts(page, ", subject to <b>", tuning->subject_to, tuning->subject_count);
    text_addf(page, ", in %zu window%s", tuning->windows, tuning->windows == 1 ? "" : "s");
    if (tuning->seeds > 1)
        text_addf(page, " at %zu seeds", tuning->seeds);
    text_add(page, ". ");
    if (tuning->why_not) {
        text_add(page, "Nothing is recommended: ");
        html_add(page, tuning->why_not);
        text_add(page, " ");
    }
    if (tuning->has_best) {
        text_add(page, tuning->why_not ? "Best in these worlds is <b>" : "Recommended is <b>");
        html_add(page, tuning->words);
        text_addf(page, "</b>; %zu independent shortage episode%s behind it", tuning->episodes,
                  tuning->episodes == 1 ? " stands" : "s stand");
        text_add(page, ". ");
        if (tuning->out_of_sample)
            html_add(page, tuning->out_of_sample);
        else
            text_add(page, "Nothing was judged out of sample.");
    }
    text_add(page, "</p>\n");
}

void sweep_add_tunings(struct text *page, const struct sweep_data *data)
{
    if (data->tuning_count)
        text_add(page, "<h2>Tuned</h2>\n");
    for (size_t i = 0; i < data->tuning_count; i++)
        add_tuning(page, &data->tunings[i]);
}
