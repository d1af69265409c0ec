#include "canvas.h"

#include "base/decimal.h"
#include "base/memory.h"
#include "terminal.h"

#include <inttypes.h>
#include <string.h>

enum { DAY_S = 86400, PIXELS_A_TIME = 115, CHARACTERS_A_TIME = 15, NARROW = 4 };

bool canvas_form_find(const char *name, enum canvas_form *out_form)
{
    static const struct {
        const char *name;
        enum canvas_form form;
    } forms[] = {{"svg", CANVAS_SVG}, {"png", CANVAS_PNG}, {"pdf", CANVAS_PDF}};
    for (size_t i = 0; i < ARRAY_LENGTH(forms); i++) {
        if (strcmp(name, forms[i].name) == 0) {
            *out_form = forms[i].form;
            return true;
        }
    }
    return false;
}

static void set_terminal(const struct canvas *canvas, int height, struct text *script)
{
    int width = canvas->width ? canvas->width : CANVAS_WIDTH;
    bool alone = canvas->form != CANVAS_PAGE; /* with title and key */
    height = canvas->height ? canvas->height
             : alone        ? height + CANVAS_ABOVE + CANVAS_BELOW
                            : height;
    switch (canvas->form) {
    case CANVAS_PAGE:
        text_addf(script, "svg size %d,%d dynamic font \"sans-serif,13\" linewidth 1\n", width,
                  height);
        return;
    case CANVAS_SVG:
        text_addf(script,
                  "svg size %d,%d font \"sans-serif,13\" linewidth 1 background \"#ffffff\"\n",
                  width, height);
        return;
    case CANVAS_PNG:
        text_addf(script, "pngcairo size %d,%d font \"sans,10\" background rgb \"#ffffff\"\n",
                  width, height);
        return;
    case CANVAS_PDF:
        text_addf(script, "pdfcairo size %d.%02din,%d.%02din font \"sans,10\"\n", width / 96,
                  width % 96 * 100 / 96, height / 96, height % 96 * 100 / 96);
        return;
    case CANVAS_TERMINAL:
        text_addf(script, "dumb size %d,%d %s\n", terminal_width(canvas), terminal_height(canvas),
                  canvas->colours ? "ansi256" : "mono");
        return;
    }
}

void canvas_begin(const struct canvas *canvas, int height, struct text *script)
{
    text_add(script, "set terminal ");
    set_terminal(canvas, height, script);
    text_add(script, "set encoding utf8\nset border 3\nset key off\n");
    if (canvas->form == CANVAS_TERMINAL)
        text_addf(script,
                  "set tics nomirror scale 0\nset lmargin %d\nset rmargin %d\nset tmargin %d\n",
                  TERMINAL_LEFT, TERMINAL_RIGHT, TERMINAL_ABOVE);
    else
        text_add(script, "set tics nomirror out\nset grid ytics lc rgb \"#999999\" lw 0.4\n"
                         "set lmargin 9\nset rmargin 7\n");
}

/* How tics are written that stand so far apart; by months if 0. */
static const char *time_format(int64_t span_s, int64_t step_s, bool narrow)
{
    if (span_s > (int64_t)400 * DAY_S)
        return narrow ? "%m/%y" : "%b %Y";
    if (step_s == 0)
        return narrow ? "%b" : "%b %d";
    if (step_s >= DAY_S)
        return "%b %d";
    return span_s > DAY_S ? "%b %d %H:%M" : "%H:%M";
}

/* Tics at round times, no more than find room; by months where the span is long, which gnuplot
 * knows best. */
void canvas_time_axis(const struct canvas *canvas, int64_t from_s, int64_t to_s,
                      struct text *script)
{
    static const int64_t steps[] = {60,        300,       600,       1800,      3600,
                                    7200,      3 * 3600,  6 * 3600,  12 * 3600, DAY_S,
                                    2 * DAY_S, 7 * DAY_S, 14 * DAY_S};
    bool characters = canvas->form == CANVAS_TERMINAL;
    int width = canvas->width ? canvas->width : CANVAS_WIDTH;
    int most = characters ? terminal_columns(canvas) / CHARACTERS_A_TIME : width / PIXELS_A_TIME;
    int64_t span_s = to_s - from_s;
    size_t i = 0;
    while (i < ARRAY_LENGTH(steps) && span_s / steps[i] > most)
        i++;
    bool months = i == ARRAY_LENGTH(steps);
    text_addf(script,
              "set xdata time\nset timefmt \"%%s\"\nset xrange [\"%" PRId64 "\":\"%" PRId64 "\"]\n"
              "set format x \"%s\"\n",
              from_s, to_s, time_format(span_s, months ? 0 : steps[i], most < NARROW));
    if (!months)
        text_addf(script, "set xtics %" PRId64 "\n", steps[i]);
}

void canvas_title(const struct canvas *canvas, const char *heading, const char *name,
                  struct text *script)
{
    if (canvas->form == CANVAS_PAGE || canvas->form == CANVAS_TERMINAL)
        return;
    text_add(script, "set title \"");
    plot_add_name(script, name);
    text_addf(script,
              "\\n%s\" noenhanced\n"
              "set key on noautotitle bmargin center horizontal Left reverse samplen 1 width 2\n",
              heading);
}

void canvas_add_keys(const struct canvas *canvas, const struct canvas_key *keys,
                     struct text *script)
{
    if (canvas->form == CANVAS_PAGE || canvas->form == CANVAS_TERMINAL)
        return;
    for (; keys->colour; keys++)
        text_addf(script,
                  ", keyentry with boxes fs solid noborder lc rgb \"%s\" title \"%s\" noenhanced",
                  keys->colour, keys->what);
}

void canvas_tics(struct text *script, int64_t top, int most)
{
    static const int64_t factors[] = {1, 2, 5};
    int64_t power = 1;
    size_t i = 0;
    while (factors[i] * power * most < top) {
        i = (i + 1) % ARRAY_LENGTH(factors);
        power *= i == 0 ? 10 : 1;
    }
    text_addf(script, "set ytics 0,%" PRId64 "\n", factors[i] * power);
}

/* Bytes of the character at `s`, 0 where it is none that is let through. */
static size_t plain(const unsigned char *s)
{
    if ((s[0] | 0x20) >= 'a' && (s[0] | 0x20) <= 'z')
        return 1;
    if (s[0] < 0x80)
        return strchr(" 0123456789.,:;-+_/()=%", s[0]) ? 1 : 0;
    size_t length = s[0] >= 0xc3 && s[0] < 0xe0 ? 2 : s[0] >= 0xe0 && s[0] < 0xf0 ? 3 : 0;
    for (size_t i = 1; i < length; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    }
    /* Of three bytes those of alphabets and Chinese: neither overlong, nor invisible, nor what
     * turns the direction of writing. */
    bool odd = length == 3 && (s[0] == 0xe0 ? s[1] < 0xa0 : s[0] == 0xe2 || s[0] >= 0xed);
    return odd ? 0 : length;
}

void plot_add_name(struct text *script, const char *name)
{
    enum { CHARACTERS_MOST = 100 };
    const unsigned char *s = (const unsigned char *)name;
    for (int i = 0; *s && i < CHARACTERS_MOST; i++) {
        size_t length = plain(s);
        if (length)
            text_add_bytes(script, (const char *)s, length);
        else
            text_add(script, "?");
        s++;
        while ((*s & 0xc0) == 0x80)
            s++;
    }
}
