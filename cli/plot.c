/* ballast plot: one picture of a recorded run, as a file or in the terminal. */
#include "base/memory.h"
#include "commands.h"
#include "options.h"
#include "reports/run_plot.h"
#include "stored.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

struct asked {
    const char *database;
    const char *run; /* NULL: the only one */
    const char *picture;
    const char *output; /* NULL: the terminal */
    const char *format;
    const char *size;
};

static int list(void)
{
    for (int i = 0; i < PLOT_COUNT; i++)
        printf("%-10s %s\n", plot_descriptions[i].name, plot_descriptions[i].help);
    return STATUS_OK;
}

static int no_such_picture(const char *name, struct error *err)
{
    struct text names = {0};
    for (int i = 0; i < PLOT_COUNT; i++)
        text_addf(&names, "%s%s",
                  i == 0               ? ""
                  : i + 1 < PLOT_COUNT ? ", "
                                       : " and ",
                  plot_descriptions[i].name);
    int status = error_set(err, STATUS_BAD_INPUT, "there is no picture \"%s\": there are %s", name,
                           names.data);
    text_clean_up(&names);
    return status;
}

/* What --format says, else the file's ending. */
static int find_form(const struct asked *asked, enum canvas_form *out_form, struct error *err)
{
    if (!asked->output && !asked->format) {
        *out_form = CANVAS_TERMINAL;
        return STATUS_OK;
    }
    if (asked->format) {
        if (canvas_form_find(asked->format, out_form))
            return STATUS_OK;
        return error_set(err, STATUS_BAD_INPUT, "--format %s: write svg, png or pdf",
                         asked->format);
    }
    const char *dot = strrchr(asked->output, '.');
    if (dot && canvas_form_find(dot + 1, out_form))
        return STATUS_OK;
    return error_set(err, STATUS_BAD_INPUT,
                     "--output %s: end its name in .svg, .png or .pdf, or say which with --format",
                     asked->output);
}

static bool read_length(const char **at, int *out)
{
    char *end = NULL;
    if (**at < '0' || **at > '9')
        return false;
    long value = strtol(*at, &end, 10);
    *at = end;
    *out = (int)(value < 100000 ? value : 100000);
    return true;
}

/* What --size says; a terminal has its own. */
static int find_size(const struct asked *asked, struct canvas *canvas, struct error *err)
{
    bool terminal = canvas->form == CANVAS_TERMINAL;
    struct winsize window = {0};
    if (terminal && !asked->size && isatty(1) && ioctl(1, TIOCGWINSZ, &window) == 0) {
        canvas->width = window.ws_col < CANVAS_CHARACTERS_LEAST  ? CANVAS_CHARACTERS_LEAST
                        : window.ws_col > CANVAS_CHARACTERS_MOST ? CANVAS_CHARACTERS_MOST
                                                                 : window.ws_col;
        canvas->height = 0; /* not the whole window: what was asked stays in sight */
    }
    if (!asked->size)
        return STATUS_OK;
    const int least[] = {terminal ? CANVAS_CHARACTERS_LEAST : CANVAS_WIDTH_LEAST,
                         terminal ? CANVAS_LINES_LEAST : CANVAS_HEIGHT_LEAST};
    const int most = terminal ? CANVAS_CHARACTERS_MOST : CANVAS_PIXELS_MOST;
    const char *at = asked->size;
    bool read = read_length(&at, &canvas->width) && *at++ == 'x' &&
                read_length(&at, &canvas->height) && *at == '\0';
    if (read && canvas->width >= least[0] && canvas->width <= most && canvas->height >= least[1] &&
        canvas->height <= most)
        return STATUS_OK;
    return error_set(err, STATUS_BAD_INPUT,
                     "--size %s: write WIDTHxHEIGHT, in %s, from %dx%d to %dx%d", asked->size,
                     terminal ? "characters" : "pixels", least[0], least[1], most, most);
}

static int plot(const struct asked *asked, struct error *err)
{
    enum plot which = PLOT_CAPACITY;
    const char *no_colour = getenv("NO_COLOR"); /* https://no-color.org */
    struct canvas canvas = {.colours = isatty(1) && !(no_colour && *no_colour)};
    if (!plot_find(asked->picture, &which))
        return no_such_picture(asked->picture, err);
    int status = find_form(asked, &canvas.form, err);
    if (!status)
        status = find_size(asked, &canvas, err);
    if (status)
        return status;
    if (canvas.form != CANVAS_TERMINAL && !asked->output && isatty(1))
        return error_set(err, STATUS_BAD_INPUT,
                         "a picture as %s is not for a terminal: say --output FILE", asked->format);
    struct results *results = NULL;
    struct stored_run run = {0};
    struct text picture = {0};
    status = stored_open(asked->database, asked->run, &results, &run, err);
    if (status)
        return status;
    struct stored_market market = {0};
    if (which == PLOT_PRICES)
        stored_market_open(&run, &market);
    status = run_plot(results, &run, which, &market.market, &canvas, &picture, err);
    stored_market_close(&market);
    if (!status)
        status = stored_write(asked->output ? asked->output : "-", &picture, err);
    text_clean_up(&picture);
    stored_close(results, &run);
    return status;
}

int command_plot(int argc, char **argv)
{
    static const struct command_help help = {
        .name = "plot",
        .arguments = "RESULTS.db [RUN] PICTURE",
        .description =
            "Draw one picture of a recorded run; `ballast plot list` tells which there are.\nTo a "
            "file, or without one into the terminal. RUN, of several, is its number, "
            "its name, or the\nstart of its key.",
        .min_arguments = 1,
        .max_arguments = 3,
    };
    struct asked asked = {0};
    const struct option_spec specs[] = {
        {.name = "output",
         .letter = 'o',
         .placeholder = "FILE",
         .help = "an SVG, PNG or PDF, as its name ends; - is standard output",
         .value = &asked.output},
        {.name = "format",
         .placeholder = "FORMAT",
         .help = "svg, png or pdf, whatever the file's name",
         .value = &asked.format},
        {.name = "size",
         .placeholder = "WIDTHxHEIGHT",
         .help = "in pixels, 96 to an inch (960, as high as on the page); in characters",
         .value = &asked.size},
        {0}};
    struct option_list arguments;
    int status = options_parse(&help, specs, argc, argv, &arguments);
    if (status)
        return command_end(help.name, status);
    struct error err = {0};
    if (arguments.count == 1 && strcmp(arguments.values[0], "list") == 0) {
        status = list();
    } else if (arguments.count == 1) {
        status = error_set(&err, STATUS_BAD_INPUT, "which picture? (see ballast plot list)");
    } else {
        asked.database = arguments.values[0];
        asked.run = arguments.count > 2 ? arguments.values[1] : NULL;
        asked.picture = arguments.values[arguments.count - 1];
        status = plot(&asked, &err);
    }
    return command_close(&help, specs, &arguments, status, &err);
}
