#include "terminal.h"

#include "base/memory.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 80, HEIGHT = 20 };

int terminal_width(const struct canvas *canvas)
{
    return canvas->width ? canvas->width : WIDTH;
}

int terminal_height(const struct canvas *canvas)
{
    return canvas->height ? canvas->height : HEIGHT;
}

int terminal_columns(const struct canvas *canvas)
{
    return terminal_width(canvas) - TERMINAL_LEFT - TERMINAL_RIGHT - 1;
}

int terminal_rows(const struct canvas *canvas)
{
    return terminal_height(canvas) - TERMINAL_ABOVE - TERMINAL_BELOW - 1;
}

struct cells cells_new(const struct canvas *canvas)
{
    struct cells cells = {.columns = terminal_columns(canvas), .rows = terminal_rows(canvas)};
    cells.marks = memory_new((size_t)cells.columns * (size_t)cells.rows, 1);
    return cells;
}

void cells_clean_up(struct cells *cells)
{
    free(cells->marks);
}

void cells_set(struct cells *cells, int column, int row, char mark, const char *order)
{
    if (column < 0 || column >= cells->columns || row < 0 || row >= cells->rows)
        return;
    char *cell = &cells->marks[row * cells->columns + column];
    if (!*cell || strchr(order, mark) >= strchr(order, *cell))
        *cell = mark;
}

int cells_column(const struct cells *cells, int64_t time_s, int64_t from_s, int64_t to_s)
{
    return (int)((int128)(time_s - from_s) * cells->columns / (to_s - from_s));
}

int cells_filled(const struct cells *cells, int base, int128 value, int128 top)
{
    int rows = (int)divide_half_even(value * (cells->rows - base), top);
    return rows == 0 && value > 0 ? 1 : rows;
}

/* One mark's cells as a data block. The axes run along the field's edges: a row's cell stands at
 * its upper end, a column's at its right one. */
static void add_block(const struct cells *cells, char mark, size_t number, int64_t from_s,
                      int64_t to_s, int base, int128 top_micro, struct text *script)
{
    char y[DECIMAL_TEXT_SIZE];
    text_addf(script, "$m%zu << END\n", number);
    for (int row = 0; row < cells->rows; row++) {
        int128 micro = top_micro * (row - base + 1) / (cells->rows - base);
        for (int column = 0; column < cells->columns; column++) {
            if (cells->marks[row * cells->columns + column] == mark)
                text_addf(script, "%" PRId64 " %s\n",
                          from_s +
                              (int64_t)((int128)(to_s - from_s) * (column + 1) / cells->columns),
                          decimal_format(micro, y));
        }
    }
    /* never empty, which gnuplot takes for a mistake; this one is outside of the field */
    text_addf(script, "%" PRId64 " %s\nEND\n", from_s, decimal_format(2 * top_micro, y));
}

void cells_plot(const struct cells *cells, const struct canvas_key *keys, int64_t from_s,
                int64_t to_s, int base, int128 top_micro, struct text *script)
{
    char low[DECIMAL_TEXT_SIZE];
    char high[DECIMAL_TEXT_SIZE];
    for (size_t i = 0; keys[i].colour; i++)
        add_block(cells, keys[i].mark, i, from_s, to_s, base, top_micro, script);
    text_addf(script, "set yrange [%s:%s]\nplot ",
              decimal_format(-top_micro * base / (cells->rows - base), low),
              decimal_format(top_micro, high));
    for (size_t i = 0; keys[i].colour; i++)
        text_addf(script, "%s$m%zu using 1:2 with points pt \"%c\" lc rgb \"%s\"", i ? ", " : "", i,
                  keys[i].mark, keys[i].colour);
    text_add(script, "\n");
}

void terminal_add(const struct text *drawn, struct text *out)
{
    size_t begin = out->size;
    for (const char *at = drawn->data; at && *at; at++) {
        if (*at == '\f')
            continue;
        while (*at == '\n' && out->size > begin && out->data[out->size - 1] == ' ')
            out->data[--out->size] = '\0';
        if (*at != '\n' || out->size > begin)
            text_add_bytes(out, at, 1);
    }
}

/* The nearest of the 256 colours that terminals have: gnuplot chooses as this does. */
static int colour_index(const char *colour)
{
    long rgb = strtol(colour + 1, NULL, 16);
    long red = (rgb >> 16) * 6 / 256;
    long green = ((rgb >> 8) & 255) * 6 / 256;
    long blue = (rgb & 255) * 6 / 256;
    return (int)(16 + 36 * red + 6 * green + blue);
}

void terminal_add_keys(const struct canvas *canvas, const struct canvas_key *keys, struct text *out)
{
    int at = terminal_width(canvas); /* so that the first begins a line */
    for (size_t i = 0; keys[i].colour; i++) {
        int length = (int)strlen(keys[i].what) + 5;
        bool fits = at + length <= terminal_width(canvas);
        text_addf(out, "%s%*s", fits || i == 0 ? "" : "\n", fits ? 3 : TERMINAL_LEFT, "");
        at = (fits ? at : TERMINAL_LEFT - 3) + length;
        if (canvas->colours)
            text_addf(out, "\033[38;5;%dm%c\033[39m", colour_index(keys[i].colour), keys[i].mark);
        else
            text_addf(out, "%c", keys[i].mark);
        text_addf(out, " %s", keys[i].what);
    }
    text_add(out, "\n");
}
