#include "sweep_axes.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { GROUPS = 8, STEPS_LEAST = 6, POINTS_A_CELL = 4 };
#define PARTS ((int128)1000000000)

size_t axis_step(size_t value, size_t values, size_t steps)
{
    return value * steps / values;
}

size_t axis_first(size_t step, size_t values, size_t steps)
{
    return (step * values + steps - 1) / steps;
}

bool sweep_is_drawn(const struct sweep_data *data)
{
    size_t all = 1;
    for (size_t d = 0; d < data->dimension_count; d++) {
        if (data->dimensions[d].value_count > data->count / all)
            return true;
        all *= data->dimensions[d].value_count;
    }
    return all > data->count;
}

/* ---- what tells most --------------------------------------------------------------------------
 */

static int128 figure_of(const struct front_item *item, int figure)
{
    return figure ? item->unfulfilled_micro_unit_s : item->cost_micro_usd;
}

/* How far the means of a figure lie apart, in parts of how far its values do. Values are taken
 * together in a few groups, or with each tried once all would tell alike. */
static int128 spread(const struct sweep_data *data, size_t d, int figure)
{
    int128 sums[GROUPS] = {0};
    int128 counts[GROUPS] = {0};
    size_t values = data->dimensions[d].value_count;
    size_t groups = values < GROUPS ? values : GROUPS;
    int128 least = figure_of(&data->items[0], figure);
    int128 most = least;
    for (size_t i = 0; i < data->count; i++) {
        size_t group = axis_step(data->values[i * data->dimension_count + d], values, groups);
        int128 value = figure_of(&data->items[i], figure);
        sums[group] += value;
        counts[group]++;
        least = value < least ? value : least;
        most = value > most ? value : most;
    }
    if (most == least)
        return 0;
    int128 lowest = most;
    int128 highest = least;
    for (size_t g = 0; g < groups; g++) {
        if (counts[g] == 0)
            continue;
        int128 mean = sums[g] / counts[g];
        lowest = mean < lowest ? mean : lowest;
        highest = mean > highest ? mean : highest;
    }
    return highest > lowest ? (highest - lowest) * PARTS / (most - least) : 0;
}

static int128 *find_spreads(const struct sweep_data *data)
{
    int128 *spreads = memory_new(data->dimension_count, sizeof *spreads);
    for (size_t d = 0; d < data->dimension_count; d++)
        spreads[d] = spread(data, d, 0) + spread(data, d, 1);
    return spreads;
}

static size_t most_telling(const struct sweep_data *data, const int128 *spreads, size_t but)
{
    size_t found = AXIS_NONE;
    for (size_t d = 0; d < data->dimension_count; d++) {
        if (d != but && data->dimensions[d].value_count > 1 &&
            (found == AXIS_NONE || spreads[d] > spreads[found]))
            found = d;
    }
    return found;
}

/* Of those whose names hold the word, in whatever case, the one that tells most, if it tells a
 * quarter of what the most telling does: of drawn points less is chance. */
static size_t named(const struct sweep_data *data, const int128 *spreads, const char *word)
{
    size_t found = AXIS_NONE;
    size_t most = most_telling(data, spreads, AXIS_NONE);
    for (size_t d = 0; d < data->dimension_count; d++) {
        if (spreads[d] > 0 && spreads[d] >= spreads[most] / 4 &&
            strcasestr(data->dimensions[d].name, word) &&
            (found == AXIS_NONE || spreads[d] > spreads[found]))
            found = d;
    }
    return found;
}

/* ---- steps ------------------------------------------------------------------------------------
 */

/* No more steps than find room; and where there are fewer points than pairs of values, as of a
 * drawn space, no more than leave a few points for each pair of steps. */
static size_t find_steps(const struct sweep_data *data, const struct sweep_axes *axes, size_t d)
{
    size_t count = data->dimensions[d].value_count;
    size_t pairs = data->dimensions[axes->x].value_count * data->dimensions[axes->y].value_count;
    size_t most = AXIS_STEPS_MOST;
    while (data->count < pairs && most > STEPS_LEAST && most * most * POINTS_A_CELL > data->count)
        most--;
    return count < most ? count : most;
}

/* ---- choosing ---------------------------------------------------------------------------------
 */

static int find_asked(const struct sweep_data *data, const char *option, const char *asked,
                      size_t *out, struct error *err)
{
    struct text names = {0};
    size_t found = 0;
    for (size_t d = 0; d < data->dimension_count; d++) {
        text_addf(&names, "%s%s", d ? ", " : "", data->dimensions[d].name);
        if (strcmp(data->dimensions[d].name, asked) == 0) {
            *out = d;
            found = 1;
            break;
        }
        if (sweep_is_called(data->dimensions[d].name, asked)) {
            *out = d;
            found++;
        }
    }
    int status = STATUS_OK;
    if (found != 1)
        status = error_set(err, STATUS_BAD_INPUT, "%s %s: names %s of what was varied: %s", option,
                           asked, found ? "more than one" : "nothing",
                           names.data ? names.data : "nothing");
    text_clean_up(&names);
    return status;
}

/* One panel for each value of the only other dimension, if they are few. */
static void find_panels(const struct sweep_data *data, struct sweep_axes *axes)
{
    axes->panel = AXIS_NONE;
    axes->panels = 1;
    size_t others = 0;
    for (size_t d = 0; d < data->dimension_count; d++) {
        if (d == axes->x || d == axes->y || data->dimensions[d].value_count < 2)
            continue;
        others++;
        axes->panel = d;
    }
    axes->others = others > 0;
    if (others != 1 || data->dimensions[axes->panel].value_count > AXIS_PANELS_MOST ||
        data->dimensions[axes->panel].value_count * axes->x_steps > AXIS_STEPS_MOST) {
        axes->panel = AXIS_NONE;
        return;
    }
    axes->panels = data->dimensions[axes->panel].value_count;
    axes->others = false;
}

int sweep_axes_choose(const struct sweep_data *data, const char *const asked[2], bool median,
                      struct sweep_axes *out, struct error *err)
{
    *out = (struct sweep_axes){.x = AXIS_NONE, .y = AXIS_NONE, .median = median};
    int128 *spreads = find_spreads(data);
    int status = asked[0] ? find_asked(data, "--x", asked[0], &out->x, err) : STATUS_OK;
    if (!status && asked[1])
        status = find_asked(data, "--y", asked[1], &out->y, err);
    if (!status && asked[0] && out->x == out->y)
        status = error_set(err, STATUS_BAD_INPUT, "--x and --y are the same: %s", asked[0]);
    if (!status && !asked[0] && !asked[1]) {
        out->x = named(data, spreads, "cooldown");
        out->y = named(data, spreads, "window");
        if (out->x == AXIS_NONE || out->y == AXIS_NONE || out->x == out->y) {
            out->x = most_telling(data, spreads, AXIS_NONE);
            out->y = AXIS_NONE;
        }
    }
    if (!status && out->x == AXIS_NONE)
        out->x = most_telling(data, spreads, out->y);
    if (!status && out->x == AXIS_NONE && out->y != AXIS_NONE) {
        out->x = out->y;
        out->y = AXIS_NONE;
    } else if (!status && out->y == AXIS_NONE && out->x != AXIS_NONE) {
        out->y = most_telling(data, spreads, out->x);
    }
    free(spreads);
    if (status)
        return status;
    out->x = out->x == AXIS_NONE ? 0 : out->x; /* one point only */
    out->x_steps =
        out->y == AXIS_NONE ? data->dimensions[out->x].value_count : find_steps(data, out, out->x);
    out->y_steps = out->y == AXIS_NONE ? 1 : find_steps(data, out, out->y);
    find_panels(data, out);
    return STATUS_OK;
}
