#include "traces/facts.h"

#include "base/json.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "traces/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { GAP_STATED_MAX_S = 30 * 86400, LIFETIME_MAX_S = 366 * 86400, HOUR_S = 3600 };

const char *const fact_names[FACT_COUNT] = {
    "zone",     "type",        "start",        "polarity",     "probed",
    "provider", "time-unit",   "utc-offset",   "longest-gap",  "max-lifetime",
    "columns",  "demand-name", "catalog-name", "advisor-name", "date",
};

/* Which of `words` (ended by NULL) the text is. */
static int one_of(enum fact fact, const char *text, const char *const *words, int *out_index,
                  struct error *err)
{
    struct text list = {.limit = 400};
    for (int i = 0; words[i]; i++) {
        if (strcmp(words[i], text) == 0) {
            *out_index = i;
            text_clean_up(&list);
            return STATUS_OK;
        }
        text_addf(&list, "%s%s", i ? ", " : "", words[i]);
    }
    int status = error_set(err, STATUS_BAD_INPUT, "%s \"%s\": must be one of %s", fact_names[fact],
                           text, list.data);
    text_clean_up(&list);
    return status;
}

static int whole_number(enum fact fact, const char *text, int64_t max, int64_t *out_value,
                        struct error *err)
{
    int64_t value = 0;
    const char *at = text;
    for (; *at >= '0' && *at <= '9' && value <= max; at++)
        value = value * 10 + (*at - '0');
    if (*at || at == text || value < 1 || value > max)
        return error_set(err, STATUS_BAD_INPUT, "%s \"%s\": must be a whole number from 1 to %lld",
                         fact_names[fact], text, (long long)max);
    *out_value = value;
    return STATUS_OK;
}

static int read_names(struct facts *facts, struct error *err)
{
    const char *zone = facts->stated[FACT_ZONE];
    const char *type = facts->stated[FACT_TYPE];
    const char *provider = facts->stated[FACT_PROVIDER];
    if (zone && !row_copy_zone(facts->zone, (struct field){zone, strlen(zone)}))
        return error_set(err, STATUS_BAD_INPUT, "zone \"%s\": is not a zone's name or id", zone);
    if (type && !row_copy_type(facts->instance_type, (struct field){type, strlen(type)}))
        return error_set(err, STATUS_BAD_INPUT, "type \"%s\": is not an instance type's name",
                         type);
    provider = provider ? provider : "aws";
    if (!row_copy_zone(facts->provider, (struct field){provider, strlen(provider)}))
        return error_set(err, STATUS_BAD_INPUT,
                         "provider \"%s\": must be a short name such as aws or gcp", provider);
    return STATUS_OK;
}

/* "+HH:MM" or "-HH:MM". */
static int read_offset(const char *text, int64_t *out_s, struct error *err)
{
    bool shaped = strlen(text) == 6 && (text[0] == '+' || text[0] == '-') && text[3] == ':';
    for (size_t i = 1; shaped && i < 6; i++)
        shaped = i == 3 || (text[i] >= '0' && text[i] <= '9');
    int hours = shaped ? (text[1] - '0') * 10 + text[2] - '0' : 0;
    int minutes = shaped ? (text[4] - '0') * 10 + text[5] - '0' : 0;
    if (!shaped || hours > 14 || minutes > 59)
        return error_set(err, STATUS_BAD_INPUT, "utc-offset \"%s\": write it as -05:00", text);
    *out_s = (text[0] == '-' ? -1 : 1) * (int64_t)(hours * 3600 + minutes * 60);
    return STATUS_OK;
}

/* Seconds, or hours as "24h". */
static int read_lifetime(const char *text, int64_t *out_s, struct error *err)
{
    char number[32];
    size_t length = strlen(text);
    bool hours = length > 1 && text[length - 1] == 'h';
    if (!hours || length > sizeof number)
        return whole_number(FACT_MAX_LIFETIME, text, LIFETIME_MAX_S, out_s, err);
    memcpy(number, text, length - 1);
    number[length - 1] = '\0';
    int status = whole_number(FACT_MAX_LIFETIME, number, LIFETIME_MAX_S / HOUR_S, out_s, err);
    *out_s *= HOUR_S;
    return status;
}

int facts_read(struct facts *facts, const char *const stated[FACT_COUNT], struct error *err)
{
    static const char *const polarities[] = {"available", "up", "preempted", NULL};
    static const char *const units[] = {"s", "ms", "h", NULL};
    *facts = (struct facts){.date_s = -1, .longest_gap_s = 3600};
    memcpy(facts->stated, stated, sizeof facts->stated);
    int status = read_names(facts, err);
    const char *start = stated[FACT_START];
    if (!status && start && !timestamp_parse(start, strlen(start), false, &facts->start_s))
        status = error_set(err, STATUS_BAD_INPUT, "start \"%s\": %s", start,
                           timestamp_wrong(start, strlen(start), false));
    const char *date = stated[FACT_DATE];
    if (!status && date && !timestamp_parse(date, strlen(date), false, &facts->date_s))
        status = error_set(err, STATUS_BAD_INPUT, "date \"%s\": %s", date,
                           timestamp_wrong(date, strlen(date), false));
    int index = 0;
    if (!status && stated[FACT_POLARITY])
        status = one_of(FACT_POLARITY, stated[FACT_POLARITY], polarities, &index, err);
    facts->polarity = (enum polarity)index;
    index = 0;
    if (!status && stated[FACT_TIME_UNIT])
        status = one_of(FACT_TIME_UNIT, stated[FACT_TIME_UNIT], units, &index, err);
    facts->time_unit = (enum time_unit)index;
    if (!status && stated[FACT_UTC_OFFSET])
        status = read_offset(stated[FACT_UTC_OFFSET], &facts->utc_offset_s, err);
    if (!status && stated[FACT_LONGEST_GAP])
        status = whole_number(FACT_LONGEST_GAP, stated[FACT_LONGEST_GAP], GAP_STATED_MAX_S,
                              &facts->longest_gap_s, err);
    if (!status && stated[FACT_MAX_LIFETIME])
        status = read_lifetime(stated[FACT_MAX_LIFETIME], &facts->max_lifetime_s, err);
    if (!status && stated[FACT_PROBED])
        status = whole_number(FACT_PROBED, stated[FACT_PROBED], PROBED_MAX, &facts->probed, err);
    return status;
}

/* ---- the file beside
 * -----------------------------------------------------------------------------
 */

static int take_member(const struct json_document *document, const cJSON *node,
                       size_t offsets[FACT_COUNT], struct text *text, struct error *err)
{
    size_t fact = 0;
    while (fact < FACT_COUNT && strcmp(fact_names[fact], node->string) != 0)
        fact++;
    if (fact == FACT_COUNT)
        return json_fail(document, node, err,
                         "is not an option of trace import that states what a "
                         "file means");
    char number[32];
    const char *value = number;
    int64_t whole = 0;
    int status = cJSON_IsNumber(node) ? json_int64(document, node, 0, INT64_C(1) << 40, &whole, err)
                                      : json_string(document, node, &value, err);
    if (status)
        return status;
    if (cJSON_IsNumber(node))
        snprintf(number, sizeof number, "%lld", (long long)whole);
    offsets[fact] = text->size + 1; /* 0: not there */
    text_add_bytes(text, value, strlen(value) + 1);
    return STATUS_OK;
}

int facts_beside(const char *file, const char *stated[FACT_COUNT], struct text *text,
                 struct error *err)
{
    char *path = memory_format("%s.meta.json", file);
    struct json_document document = {0};
    size_t offsets[FACT_COUNT] = {0};
    if (strcmp(file, "-") == 0 || access(path, F_OK) != 0) {
        free(path);
        return STATUS_OK;
    }
    int status = json_read(&document, path, err);
    if (!status && !cJSON_IsObject(document.root))
        status = json_fail(&document, document.root, err, "must be an object of options");
    for (const cJSON *node = status ? NULL : document.root->child; node && !status;
         node = node->next)
        status = take_member(&document, node, offsets, text, err);
    if (!status)
        status = text_status(text, err);
    for (size_t fact = 0; !status && fact < FACT_COUNT; fact++) {
        if (offsets[fact] && !stated[fact])
            stated[fact] = text->data + offsets[fact] - 1;
    }
    json_clean_up(&document);
    free(path);
    return status;
}

/* ---- use ---------------------------------------------------------------------------------------
 */

int facts_need(const struct facts *facts, const char *file, const char *what,
               const enum fact *needed, struct error *err)
{
    struct text list = {.limit = 400};
    int missing = 0;
    for (; *needed != FACT_COUNT; needed++) {
        if (!facts->stated[*needed])
            text_addf(&list, "%s--%s", missing++ ? ", " : "", fact_names[*needed]);
    }
    int status = STATUS_OK;
    if (missing)
        status = error_set(err, STATUS_BAD_INPUT,
                           "%s: %s, which does not say all that it means: state %s (or in "
                           "%s.meta.json)",
                           file, what, list.data, file);
    text_clean_up(&list);
    return status;
}

void facts_write(const struct facts *facts, struct text *json)
{
    const char *separator = "{";
    for (int fact = 0; fact < FACT_COLUMNS; fact++) {
        if (!facts->stated[fact])
            continue;
        text_addf(json, "%s\"%s\":", separator, fact_names[fact]);
        text_add_json_string(json, facts->stated[fact]);
        separator = ",";
    }
    text_add(json, *separator == '{' ? "{}" : "}");
}
