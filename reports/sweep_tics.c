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
    WORDS_MOST = 20,
    NAME_MOST = 60,
    PANEL_GAP = 600,
    NAME_AND_TICS = 7
};

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

static void add_x_tics(const struct sweep_data *data, const struct sweep_axes *axes,
                       struct labels *labels, struct text *script)
{
    size_t columns = axes->panels * axes->x_steps;
    size_t room = CHARACTERS / columns > WORDS_MOST + 2 ? CHARACTERS / columns - 2 : WORDS_MOST;
    size_t width = widest(data, axes->x, axes->x_steps);
    bool turned = ((width < room ? width : room) + 2) * columns > CHARACTERS;
    if (turned) /* the first one hangs out to the left */
        text_addf(script, "set lmargin %zu\n",
                  left_margin(data, axes, width < room ? width : room));
    size_t every = turned ? 1 + (columns - 1) / LABELS_MOST : 1;
    text_addf(script, "set xtics scale 0.5 %s (", turned ? "rotate by 40 right" : "norotate");
    const char *comma = "";
    for (size_t panel = 0; panel < axes->panels; panel++) {
        for (size_t i = 0; i < axes->x_steps; i += every) {
            text_add(script, comma);
            labels_add(labels, word_of(data, axes->x, i, axes->x_steps), room, script);
            text_add(script, " ");
            sweep_add_place(script, axes, panel, i, 0);
            comma = ", ";
        }
    }
    text_add(script, ")\nset xlabel ");
    labels_add(labels, data->dimensions[axes->x].name, NAME_MOST, script);
    text_add(script, "\n");
}

static void add_y_tics(const struct sweep_data *data, const struct sweep_axes *axes,
                       struct labels *labels, struct text *script)
{
    text_add(script, "set ytics scale 0.5 (");
    for (size_t i = 0; i < axes->y_steps; i++) {
        text_add(script, i ? ", " : "");
        labels_add(labels, word_of(data, axes->y, i, axes->y_steps), WORDS_MOST, script);
        text_addf(script, " %zu", i);
    }
    text_add(script, ")\nset ylabel ");
    labels_add(labels, data->dimensions[axes->y].name, NAME_MOST, script);
    text_add(script, "\n");
}

void sweep_add_tics(const struct sweep_data *data, const struct sweep_axes *axes,
                    struct labels *labels, struct text *script)
{
    add_x_tics(data, axes, labels, script);
    if (axes->y != AXIS_NONE)
        add_y_tics(data, axes, labels, script);
    for (size_t panel = 0; panel < axes->panels && axes->panel != AXIS_NONE; panel++) {
        const char *name = data->dimensions[axes->panel].name;
        const char *last = strchr(name, ',') ? NULL : strrchr(name, '.');
        char *words = memory_format("%s = %s", last ? last + 1 : name,
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
