/* Are the worlds of both sides the same, and what differs between the sides? */
#include "base/memory.h"
#include "base/timestamp.h"
#include "study/compare.h"

#include <stdlib.h>
#include <string.h>

/* Does `path` stand in this part of the scenario? */
static bool within(const char *path, const char *part)
{
    size_t length = strlen(part);
    return strncmp(path, part, length) == 0 &&
           (path[length] == '\0' || path[length] == '.' || path[length] == '[');
}

static bool within_any(const char *path, const char *const *parts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (within(path, parts[i]))
            return true;
    }
    return false;
}

/* Compared by what they come to: names, and where prices stand. */
static bool says_nothing(const char *path)
{
    static const char *const parts[] = {"name", "description", "traces", "product", "catalog"};
    return within_any(path, parts, ARRAY_LENGTH(parts));
}

/* What is decided about, and who decides. */
static bool is_choice(const char *path)
{
    static const char *const parts[] = {
        "policy",  "controller",        "backup_group",          "spot_fleet", "modify_spot_fleet",
        "scaling", "cancel_spot_fleet", "instances_distribution"};
    return within_any(path, parts, ARRAY_LENGTH(parts));
}

/* Refused with a line of their own, or held against the demand's hash. */
static bool is_checked_apart(const char *path)
{
    static const char *const parts[] = {"from", "to", "measure", "seed", "demand"};
    return within_any(path, parts, ARRAY_LENGTH(parts));
}

bool compare_is_of_world(const char *path)
{
    return says_nothing(path) || is_checked_apart(path);
}

/* ---- what differs -----------------------------------------------------------------------------
 */

static const struct scenario_value *find_value(const struct scenario *scenario, const char *path,
                                               size_t guess)
{
    /* Mostly it stands at the same place, or shortly after. */
    for (size_t i = 0; i < scenario->value_count; i++) {
        size_t at = (guess + i) % scenario->value_count;
        if (strcmp(scenario->values[at].path, path) == 0)
            return &scenario->values[at];
    }
    return NULL;
}

static void add_difference(struct comparison *comparison, const char *path, const char *old_value,
                           const char *new_value)
{
    if (says_nothing(path) || (old_value && new_value && strcmp(old_value, new_value) == 0))
        return;
    comparison->differences = memory_resize(
        comparison->differences, comparison->difference_count + 1, sizeof *comparison->differences);
    comparison->differences[comparison->difference_count++] =
        (struct compare_difference){.path = path, .values = {old_value, new_value}};
}

static void find_differences(struct comparison *comparison)
{
    const struct scenario *old_one = &comparison->sides[COMPARE_OLD].scenario;
    const struct scenario *new_one = &comparison->sides[COMPARE_NEW].scenario;
    for (size_t i = 0; i < old_one->value_count; i++) {
        const struct scenario_value *value = &old_one->values[i];
        const struct scenario_value *other = find_value(new_one, value->path, i);
        add_difference(comparison, value->path, value->value, other ? other->value : NULL);
    }
    for (size_t i = 0; i < new_one->value_count; i++) {
        const struct scenario_value *value = &new_one->values[i];
        if (!find_value(old_one, value->path, i))
            add_difference(comparison, value->path, NULL, value->value);
    }
}

/* ---- the same world? --------------------------------------------------------------------------
 */

static int check_span(const struct scenario *a, const struct scenario *b, struct error *err)
{
    const struct {
        const char *name;
        int64_t old_s;
        int64_t new_s;
    } times[] = {{"from", a->from_s, b->from_s},
                 {"to", a->to_s, b->to_s},
                 {"measure.from", a->measure_from_s, b->measure_from_s},
                 {"measure.to", a->measure_to_s, b->measure_to_s}};
    for (size_t i = 0; i < ARRAY_LENGTH(times); i++) {
        if (times[i].old_s == times[i].new_s)
            continue;
        char x[TIMESTAMP_TEXT_SIZE];
        char y[TIMESTAMP_TEXT_SIZE];
        return error_set(err, STATUS_BAD_INPUT,
                         "these are different worlds: %s is %s in old and %s in new; compare over "
                         "one span",
                         times[i].name, timestamp_format(times[i].old_s, x),
                         timestamp_format(times[i].new_s, y));
    }
    if (a->seed != b->seed)
        return error_set(err, STATUS_BAD_INPUT,
                         "these are different worlds: the seed is %llu in old and %llu in new; "
                         "compare over the same seeds",
                         (unsigned long long)a->seed, (unsigned long long)b->seed);
    return STATUS_OK;
}

static bool same_services(const struct comparison *comparison)
{
    for (size_t i = 0; i < comparison->difference_count; i++) {
        if (within(comparison->differences[i].path, "demand.services"))
            return false;
    }
    return true;
}

static bool same_pools(const struct spot_fleet *a, const struct spot_fleet *b)
{
    bool same = a->pool_count == b->pool_count;
    for (size_t i = 0; same && i < a->pool_count; i++)
        same = strcmp(a->pools[i].instance_type, b->pools[i].instance_type) == 0 &&
               strcmp(a->pools[i].zone, b->pools[i].zone) == 0;
    return same;
}

static void warn_of_others(struct comparison *comparison)
{
    struct text names = {0};
    for (size_t i = 0; i < comparison->difference_count; i++) {
        const char *path = comparison->differences[i].path;
        if (!is_choice(path) && !is_checked_apart(path))
            text_addf(&names, "%s%s", names.size ? ", " : "", path);
    }
    if (names.size)
        compare_warn(comparison,
                     "the sides differ not only in what is decided, but also in the account or its "
                     "prices: %s",
                     names.data);
    text_clean_up(&names);
}

int compare_check(struct comparison *comparison, struct error *err)
{
    const struct compare_side *sides = comparison->sides;
    const struct scenario *a = &sides[COMPARE_OLD].scenario;
    const struct scenario *b = &sides[COMPARE_NEW].scenario;
    find_differences(comparison);
    int status = check_span(a, b, err);
    if (!status && (strcmp(a->demand_hash, b->demand_hash) != 0 || !same_services(comparison)))
        status = error_set(err, STATUS_BAD_INPUT,
                           "these are different worlds: old and new do not have the same demand; "
                           "compare over one demand");
    if (status)
        return status;
    warn_of_others(comparison);
    if (sides[COMPARE_OLD].recorded && sides[COMPARE_NEW].recorded &&
        strcmp(sides[COMPARE_OLD].version, sides[COMPARE_NEW].version) != 0)
        compare_warn(comparison,
                     "old was recorded by version %s of the program and new by %s: what changed "
                     "between them is compared too",
                     sides[COMPARE_OLD].version, sides[COMPARE_NEW].version);
    for (size_t which = 0; which < COMPARE_SIDES; which++) {
        for (size_t i = 0; i < sides[which].scenario.note_count; i++) {
            const struct scenario_note *note = &sides[which].scenario.notes[i];
            if (note->warning)
                compare_warn(comparison, "%s: %s", compare_side_names[which], note->text);
        }
    }
    return STATUS_OK;
}

int compare_check_world(const struct comparison *comparison, size_t world, struct error *err)
{
    const struct compare_world *w = &comparison->worlds[world];
    const struct compare_run *a = &w->runs[COMPARE_OLD];
    const struct compare_run *b = &w->runs[COMPARE_NEW];
    if (strcmp(a->demand_hash, b->demand_hash) != 0)
        return error_set(err, STATUS_BAD_INPUT,
                         "%s: old and new do not have the same demand: these are different worlds",
                         w->name);
    const struct spot_fleet *old_fleet = &comparison->sides[COMPARE_OLD].scenario.fleet;
    const struct spot_fleet *new_fleet = &comparison->sides[COMPARE_NEW].scenario.fleet;
    bool known = a->trace_hash[0] && b->trace_hash[0]; /* not of sweeps in older files */
    if (!known || strcmp(a->trace_hash, b->trace_hash) == 0)
        return STATUS_OK;
    for (size_t which = 0; which < COMPARE_SIDES; which++) {
        const char *bare = comparison->sides[which].bare;
        if (bare)
            return error_set(err, STATUS_BAD_INPUT,
                             "%s: old and new do not have the same traces, and whether they have "
                             "the same pools is not known: what was varied in %s cannot be read "
                             "again: %s",
                             w->name, compare_side_names[which], bare);
    }
    if (same_pools(old_fleet, new_fleet))
        return error_set(err, STATUS_BAD_INPUT,
                         "%s: old and new do not have the same traces for the same pools: these "
                         "are different worlds; compare over one market",
                         w->name);
    return STATUS_OK;
}
