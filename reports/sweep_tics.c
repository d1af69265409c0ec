/* The values of a sweep's dimensions along its pictures, as words. */
#include "base/memory.h"
#include "labels.h"
#include "picture.h"
#include "sweep_parts.h"

#include <stdlib.h>
#include <string.h>

enum {
    CHARACTERS = 108,
    LABELS_MOST = 24,
    WORDS_MOST = 22,
    NAME_MOST = 60,
    PANEL_GAP = 600,
    NAME_AND_TICS = 7
};
enum { CHARACTER_LONG = 7, CHARACTER_DOWN = 5 }; /* pixels: along a word, down a turned one */

/* In thousandths of a column. */
static int64_t place_of(const struct sweep_axes *axes, size_t panel, size_t column)
{
    return (int64_t)(panel * axes->x_steps + column) * 1000 + (int64_t)panel * PANEL_GAP;
}

void sweep_add_place(struct text *script, const struct sweep_axes *axes, size_t panel,
                     size_t column, int64_t shift_thousandths)
{
    char number[DECIMAL_TEXT_SIZE];
    int128 thousandths = place_of(axes, panel, column) + shift_thousandths;
    text_add(script, decimal_format(thousandths * (MICRO / 1000), number));
}

static const char *word_of(const struct sweep_data *data, size_t d, size_t step, size_t steps)
{
    const struct sweep_dimension *dimension = &data->dimensions[d];
    return dimension->values[axis_first(step, dimension->value_count, steps)];
}

static size_t widest(const struct sweep_data *data, size_t d, size_t steps)
{
    size_t most = 0;
    for (size_t i = 0; i < steps; i++) {
        size_t width = labels_width(word_of(data, d, i, steps));
        most = width > most ? width : most;
    }
    return most;
}

static size_t left_margin(const struct sweep_data *data, const struct sweep_axes *axes,
                          size_t hanging)
{
    size_t beside = axes->y == AXIS_NONE ? 0 : widest(data, axes->y, axes->y_steps);
    size_t needed = (beside < WORDS_MOST ? beside : WORDS_MOST) + NAME_AND_TICS;
    return hanging * 3 / 4 + 2 > needed ? hanging * 3 / 4 + 2 : needed;
}

/* How the words under the x axis find room. */
struct fit {
    size_t room;  /* characters of a word, the rest is left off */
    size_t width; /* of the widest */
    bool turned;
};

static struct fit fit_of(const struct sweep_data *data, const struct sweep_axes *axes)
{
    size_t columns = axes->panels * axes->x_steps;
    size_t width = widest(data, axes->x, axes->x_steps);
    struct fit fit = {.room = CHARACTERS / columns > WORDS_MOST + 2 ? CHARACTERS / columns - 2
                                                                    : WORDS_MOST};
    fit.width = width < fit.room ? width : fit.room;
    fit.turned = (fit.width + 2) * columns > CHARACTERS;
    return fit;
}

size_t sweep_tics_height(const struct sweep_data *data, const struct sweep_axes *axes)
{
    const struct fit fit = fit_of(data, axes);
    return fit.turned ? fit.width * CHARACTER_DOWN : 0;
}

size_t sweep_row_height(size_t rows)
{
    return rows <= 4 ? 56 : rows <= 8 ? 40 : rows <= 16 ? 28 : rows <= 24 ? 20 : 14;
}

static void add_x_tics(const struct sweep_data *data, const struct sweep_axes *axes,
                       struct labels *labels, struct text *script)
{
    size_t columns = axes->panels * axes->x_steps;
    const struct fit fit = fit_of(data, axes);
    if (fit.turned) /* the first one hangs out to the left */
        text_addf(script, "set lmargin %zu\n", left_margin(data, axes, fit.width));
    size_t every = fit.turned ? 1 + (columns - 1) / LABELS_MOST : 1;
    text_addf(script, "set xtics scale 0.5 %s (", fit.turned ? "rotate by 40 right" : "norotate");
    const char *comma = "";
    for (size_t panel = 0; panel < axes->panels; panel++) {
        for (size_t i = 0; i < axes->x_steps; i += every) {
            text_add(script, comma);
            labels_add(labels, word_of(data, axes->x, i, axes->x_steps), fit.room, script);
            text_add(script, " ");
            sweep_add_place(script, axes, panel, i, 0);
            comma = ", ";
        }
    }
    text_add(script, ")\nset xlabel ");
    labels_add(labels, data->dimensions[axes->x].name, NAME_MOST, script);
    text_add(script, "\n");
}

/* A name, or its last part where all of it finds no room. */
static const char *short_name(const char *name, size_t room)
{
    const char *last = strchr(name, ',') ? NULL : strrchr(name, '.');
    return last && labels_width(name) > room ? last + 1 : name;
}

static void add_y_tics(const struct sweep_data *data, const struct sweep_axes *axes,
                       struct labels *labels, struct text *script)
{
    size_t room = axes->y_steps * sweep_row_height(axes->y_steps) / CHARACTER_LONG;
    room = room < LABEL_LEAST ? LABEL_LEAST : room < NAME_MOST ? room : NAME_MOST;
    text_add(script, "set ytics scale 0.5 (");
    for (size_t i = 0; i < axes->y_steps; i++) {
        text_add(script, i ? ", " : "");
        labels_add(labels, word_of(data, axes->y, i, axes->y_steps), WORDS_MOST, script);
        text_addf(script, " %zu", i);
    }
    text_add(script, ")\nset ylabel ");
    labels_add(labels, short_name(data->dimensions[axes->y].name, room), room, script);
    text_add(script, "\n");
}

void sweep_add_tics(const struct sweep_data *data, const struct sweep_axes *axes,
                    struct labels *labels, struct text *script)
{
    add_x_tics(data, axes, labels, script);
    if (axes->y != AXIS_NONE)
        add_y_tics(data, axes, labels, script);
    for (size_t panel = 0; panel < axes->panels && axes->panel != AXIS_NONE; panel++) {
        char *words = memory_format("%s = %s", short_name(data->dimensions[axes->panel].name, 0),
                                    data->dimensions[axes->panel].values[panel]);
        text_add(script, "set label ");
        labels_add(labels, words, CHARACTERS / axes->panels, script);
        text_add(script, " at first ");
        sweep_add_place(script, axes, panel, 0, ((int64_t)axes->x_steps - 1) * 500);
        text_add(script, ", graph 1.0 center offset 0,0.8\n");
        free(words);
    }
    text_add(script, "set xrange [-0.5 : ");
    sweep_add_place(script, axes, axes->panels - 1, axes->x_steps - 1, 500);
    text_add(script, "]\n");
}

int sweep_add_picture(struct text *page, const struct text *script, const struct labels *labels,
                      int number, const char *what, struct error *err)
{
    struct text drawn = {0};
    int status = picture_add(&drawn, script, number, what, err);
    if (!status)
        labels_fill(labels, &drawn, page);
    text_clean_up(&drawn);
    return status;
}
