#include "record/figures.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

const struct figure_description figure_descriptions[FIGURE_COUNT_OF_ALL] = {
#define FIGURE(group, name, kind, help)                                                            \
    {#group "." #name, #group "_" #name, #group, #name, FIGURE_##kind, help},
    FIGURES(FIGURE)
#undef FIGURE
};

int figure_find(const char *name)
{
    for (int i = 0; i < FIGURE_COUNT_OF_ALL; i++) {
        if (strcmp(figure_descriptions[i].name, name) == 0 ||
            strcmp(figure_descriptions[i].column, name) == 0)
            return i;
    }
    return -1;
}

char *figure_format(const struct figures *figures, enum figure figure,
                    char out_text[DECIMAL_TEXT_SIZE])
{
    if (!figures->known[figure]) {
        memcpy(out_text, "null", 5);
        return out_text;
    }
    enum figure_kind kind = figure_descriptions[figure].kind;
    if (kind == FIGURE_UNIT_S || kind == FIGURE_UNITS)
        return decimal_format(figures->value[figure], out_text);
    return int128_format(figures->value[figure], out_text);
}

void figures_add_json(const struct figures *figures, struct text *text)
{
    const char *group = NULL;
    for (int i = 0; i < FIGURE_COUNT_OF_ALL; i++) {
        const struct figure_description *figure = &figure_descriptions[i];
        bool opens = !group || strcmp(group, figure->group) != 0;
        if (opens)
            text_addf(text, "%s\"%s\":{", group ? "}," : "", figure->group);
        group = figure->group;
        char value[DECIMAL_TEXT_SIZE];
        text_addf(text, "%s\"%s\":%s", opens ? "" : ",", figure->leaf,
                  figure_format(figures, (enum figure)i, value));
    }
    text_add(text, "}");
}

/* An exact decimal in units of 10^-decimals; what ends it is left to the caller. */
static bool read_number(const char *text, int decimals, int128 *out_value)
{
    enum { DIGITS_MOST = 36 };
    bool negative = *text == '-';
    const char *at = text + negative;
    int128 value = 0;
    int digits = 0;
    int behind = -1; /* the point, so many digits; -1: before it */
    for (; isdigit((unsigned char)*at) || (*at == '.' && behind < 0); at++) {
        if (*at == '.') {
            behind = 0;
            continue;
        }
        value = value * 10 + (*at - '0');
        digits++;
        behind += behind >= 0;
    }
    if (digits == 0 || digits > DIGITS_MOST || behind > decimals || (*at != ',' && *at != '}'))
        return false;
    for (int i = behind < 0 ? 0 : behind; i < decimals; i++)
        value *= 10;
    *out_value = negative ? -value : value;
    return true;
}

bool figures_read_json(const char *json, struct figures *out_figures)
{
    enum { PLACES = 6 };
    *out_figures = (struct figures){0};
    for (int i = 0; i < FIGURE_COUNT_OF_ALL; i++) {
        const struct figure_description *figure = &figure_descriptions[i];
        char key[64];
        snprintf(key, sizeof key, "\"%s\":{", figure->group);
        const char *group = strstr(json, key);
        snprintf(key, sizeof key, "\"%s\":", figure->leaf);
        const char *end = group ? strchr(group, '}') : NULL;
        const char *value = group ? strstr(group, key) : NULL;
        if (group && !end)
            return false;
        if (!value || value > end)
            continue;
        value += strlen(key);
        if (strncmp(value, "null", 4) == 0)
            continue;
        bool fine = figure->kind == FIGURE_UNIT_S || figure->kind == FIGURE_UNITS;
        if (!read_number(value, fine ? PLACES : 0, &out_figures->value[i]))
            return false;
        out_figures->known[i] = true;
    }
    return true;
}
