#include "picture.h"

#include "gnuplot.h"
#include "page.h"

#include <string.h>

/* As it can stand in a page: without a prologue and what nothing refers to, with text and lines in
 * the page's own colour, and names that no other picture has. */
static void add_svg(struct text *page, const struct text *svg, int number)
{
    const char *at = strstr(svg->data, "<svg");
    const char *defs = at ? strstr(at, "<defs>") : NULL;
    const char *after = defs ? strstr(defs, "</defs>") : NULL;
    while (at && *at) {
        if (after && at == defs) {
            at = after + strlen("</defs>");
        } else if (strncmp(at, "black", 5) == 0) {
            text_add(page, "currentColor");
            at += 5;
        } else if (strncmp(at, "rgb(  0,   0,   0)", 18) == 0) {
            text_add(page, "currentColor");
            at += 18;
        } else if (strncmp(at, "gnuplot_", 8) == 0) {
            text_addf(page, "p%d_", number);
            at += 8;
        } else {
            text_add_bytes(page, at++, 1);
        }
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
