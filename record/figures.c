#include "record/figures.h"

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

bool figure_parse(enum figure figure, const char *text, int128 *out_value)
{
    enum { DIGITS_MAX = 36 };
    enum figure_kind kind = figure_descriptions[figure].kind;
    const char *at = text + (*text == '-');
    int decimals = -1; /* none yet, and no point */
    size_t digits = 0;
    int128 value = 0;
    for (; *at; at++) {
        if (*at == '.' && decimals < 0 && digits > 0) {
            decimals = 0;
            continue;
        }
        if (*at < '0' || *at > '9' || digits == DIGITS_MAX)
            return false;
        digits++;
        decimals += decimals >= 0;
        value = value * 10 + (*at - '0');
    }
    bool fine = kind == FIGURE_UNIT_S || kind == FIGURE_UNITS;
    if (digits == 0 || decimals == 0 || decimals > 6 || (!fine && decimals > 0))
        return false;
    for (int i = decimals < 0 ? 0 : decimals; fine && i < 6; i++) {
        if (digits++ == DIGITS_MAX)
            return false;
        value *= 10;
    }
    *out_value = *text == '-' ? -value : value;
    return true;
}

void figures_add_json(const struct figures *figures, struct text *text)
{
    const char *group = NULL;
    for (int i = 0; i < FIGURE_COUNT_OF_ALL; i++) {
        const struct figure_description *figure = &figure_descriptions[i];
        bool opens = !group || strcmp(group, figure->group) != 0;
        if (opens) {
            text_add(text, group ? "},\"" : "\"");
            text_add(text, figure->group);
            text_add(text, "\":{");
        }
        group = figure->group;
        char value[DECIMAL_TEXT_SIZE];
        text_add(text, opens ? "\"" : ",\"");
        text_add(text, figure->leaf);
        text_add(text, "\":");
        text_add(text, figure_format(figures, (enum figure)i, value));
    }
    text_add(text, "}");
}

bool figures_read_json(const char *json, struct figures *out_figures)
{
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
        char text[DECIMAL_TEXT_SIZE];
        size_t length = strcspn(value, ",}");
        if (length >= sizeof text)
            return false;
        memcpy(text, value, length);
        text[length] = '\0';
        if (!figure_parse((enum figure)i, text, &out_figures->value[i]))
            return false;
        out_figures->known[i] = true;
    }
    return true;
}
