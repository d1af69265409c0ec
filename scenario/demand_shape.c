/* {"shape": {...}}: a demand that has a day and a week, with noise drawn by the seed. */
#include "base/decimal.h"
#include "base/memory.h"
#include "base/pcg64.h"
#include "base/timestamp.h"
#include "scenario/demand_forms.h"

#include <inttypes.h>

enum { DAY_S = 86400, HOURS = 24, DAYS = 7, PERMILLE = 1000, PERMILLE_MAX = 100000 };
enum { SHAPE_STEPS_MAX = 4000000 };

struct shape {
    int64_t mean_micro;
    int64_t daily[HOURS]; /* permille of the mean */
    int64_t weekly[DAYS]; /* likewise, Monday first */
    int64_t noise_permille;
    int64_t every_s;
};

static int read_permille(struct demand_form *form, const cJSON *node, const char *key, size_t count,
                         int64_t *out_values)
{
    struct reader *reader = form->reader;
    for (size_t i = 0; i < count; i++)
        out_values[i] = PERMILLE;
    if (!node)
        return STATUS_OK;
    int status = reader_list(reader, node, count);
    if (!status && (size_t)cJSON_GetArraySize(node) != count)
        status = reader_fail(reader, node, "must hold %zu numbers, one for each %s", count,
                             count == HOURS ? "hour of the day" : "day of the week");
    int64_t sum = 0;
    const cJSON *item = status ? NULL : node->child;
    for (size_t i = 0; item && !status; i++, item = item->next) {
        status = reader_int64(reader, item, 0, PERMILLE_MAX, &out_values[i]);
        sum += out_values[i];
    }
    if (status)
        return status;
    if (sum != (int64_t)count * PERMILLE)
        add_note(reader->scenario, false,
                 "demand: %s averages %" PRId64 " permille, not 1000: the demand's mean is that "
                 "share of \"mean\"",
                 key, (int64_t)divide_half_even(sum, (int128)count));
    text_addf(&form->json, ",\"%s\":[", key);
    for (size_t i = 0; i < count; i++)
        text_addf(&form->json, "%s%" PRId64, i ? "," : "", out_values[i]);
    text_add(&form->json, "]");
    return STATUS_OK;
}

static int64_t noise(const struct demand_form *form, const struct shape *shape, uint64_t ordinal,
                     int64_t interval)
{
    if (shape->noise_permille == 0)
        return 0;
    struct pcg64 rng;
    const uint64_t key[] = {form->reader->scenario->seed, pcg64_word("demand"), ordinal,
                            (uint64_t)interval};
    pcg64_seed_key(&rng, key, ARRAY_LENGTH(key));
    return pcg64_between(&rng, -shape->noise_permille, shape->noise_permille);
}

static void make_steps(struct demand_form *form, const struct shape *shape, uint64_t ordinal)
{
    const struct scenario *scenario = form->reader->scenario;
    int64_t at_s = timestamp_floor(scenario->from_s, shape->every_s);
    for (; at_s < scenario->to_s; at_s += shape->every_s) {
        int64_t hour = at_s % DAY_S / SECONDS_PER_HOUR;
        int64_t day = (at_s / DAY_S + 3) % DAYS; /* 1970-01-01 was a Thursday */
        int128 value = (int128)shape->mean_micro * shape->daily[hour] * shape->weekly[day] *
                       (PERMILLE + noise(form, shape, ordinal, at_s / shape->every_s));
        demand_form_push(
            form, at_s,
            demand_round_up(form->measure, value, (int128)PERMILLE * PERMILLE * PERMILLE));
    }
}

int read_demand_shape_form(struct demand_form *form, const cJSON *node)
{
    static const char *const keys[] = {"mean",           "daily_permille", "weekly_permille",
                                       "noise_permille", "every_s",        NULL};
    struct reader *reader = form->reader;
    const struct scenario *scenario = reader->scenario;
    struct shape shape = {.every_s = 300};
    /* Every shape of a scenario has noise of its own. */
    uint64_t ordinal = reader->demand_shapes++;
    int status = reader_keys(reader, node, keys);
    if (!status && !member(node, "mean"))
        status = reader_fail(reader, node, "no \"mean\": add it");
    if (!status)
        status =
            reader_decimal(reader, member(node, "mean"), 0, DEMAND_MAX_MICRO, &shape.mean_micro);
    if (!status && member(node, "noise_permille"))
        status = reader_int64(reader, member(node, "noise_permille"), 0, PERMILLE,
                              &shape.noise_permille);
    if (!status && member(node, "every_s"))
        status = reader_int64(reader, member(node, "every_s"), 1, DAY_S, &shape.every_s);
    if (!status && (scenario->to_s - scenario->from_s) / shape.every_s >= SHAPE_STEPS_MAX)
        status = reader_fail(reader, node,
                             "makes more than %d steps: choose an \"every_s\" above %" PRId64,
                             SHAPE_STEPS_MAX, shape.every_s);
    text_add(&form->json, "\"shape\":{");
    demand_form_write_decimal(form, "mean", shape.mean_micro);
    if (!status)
        status = read_permille(form, member(node, "daily_permille"), "daily_permille", HOURS,
                               shape.daily);
    if (!status)
        status = read_permille(form, member(node, "weekly_permille"), "weekly_permille", DAYS,
                               shape.weekly);
    if (status)
        return status;
    text_addf(&form->json, ",\"noise_permille\":%" PRId64 ",\"every_s\":%" PRId64 "}",
              shape.noise_permille, shape.every_s);
    make_steps(form, &shape, ordinal);
    return STATUS_OK;
}
