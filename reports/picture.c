#include "picture.h"

#include "base/memory.h"
#include "gnuplot.h"
#include "page.h"

#include <string.h>

/* Where a part of the text ends that begins at `at` with `begin`; NULL: none begins there. */
static const char *part_ends(const char *at, const char *begin, const char *end)
{
    const char *found = strncmp(at, begin, strlen(begin)) == 0 ? strstr(at, end) : NULL;
    return found ? found + strlen(end) : NULL;
}

/* As it can stand in a page: without a prologue, without gnuplot's names for what is drawn, and
 * without the shapes of points where there are none; with text and lines in the page's own colour,
 * and ids that no other picture has. */
static void add_svg(struct text *page, const struct text *svg, int number)
{
    static const char *const names[] = {" id='", " id=\"", "href='#", "href=\"#", "url(#"};
    static const char *const blacks[] = {"black", "rgb(  0,   0,   0)"};
    const char *at = strstr(svg->data, "<svg");
    const char *defs = at ? strstr(at, "</defs>") : NULL;
    bool shapes = defs && (strstr(defs, "'#gpPt") || strstr(defs, "'#gpDot"));
    bool tag = false; /* what stands between tags is left as it is */
    while (at && *at) {
        const char *after = part_ends(at, "<title>", "</title>");
        tag = *at == '<' || (tag && *at != '>');
        if (!after) /* strips have them twice */
            after = part_ends(at, " id=\"gnuplot_plot_", "\" ");
        if (!after && !shapes)
            after = part_ends(at, "<defs>", "</defs>");
        for (size_t i = 0; i < ARRAY_LENGTH(blacks) && tag && !after; i++) {
            after = part_ends(at, blacks[i], blacks[i]);
            text_add(page, after ? "currentColor" : "");
        }
        for (size_t i = 0; i < ARRAY_LENGTH(names) && tag && !after; i++) {
            after = part_ends(at, names[i], names[i]);
            if (after)
                text_addf(page, "%sp%d_", names[i], number);
        }
        if (!after)
            text_add_bytes(page, at, 1);
        at = after ? after : at + 1;
    }
}

int picture_add(struct text *page, const struct text *script, int number, const char *what,
                struct error *err)
{
    struct text svg = {0};
    int status = text_status(script, err);
    if (!status)
        status = gnuplot_draw(script->data, script->size, &svg, err);
    if (!status && !strstr(svg.data, "<svg"))
        status = error_set(err, STATUS_FAILURE, "gnuplot drew no SVG");
    if (!status) {
        text_addf(page, "<figure role=\"img\" tabindex=\"0\" aria-label=\"%s\">", what);
        add_svg(page, &svg, number);
        text_add(page, "</figure>\n");
    }
    text_clean_up(&svg);
    return status;
}

void picture_key(struct text *page, const char *colour, const char *what)
{
    text_addf(page, "<span class=\"key\" style=\"background:%s\"></span>%s", colour, what);
}
