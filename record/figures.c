#include "record/figures.h"

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
