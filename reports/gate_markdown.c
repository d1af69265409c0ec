/* The gate's verdict as Markdown, for the page of a pull request. */
#include "reports/gate.h"

#include <string.h>

/* Where Markdown and HTML see only text, in a table's cell too. */
static void add_escaped(struct text *text, const char *string)
{
    for (const char *at = string; *at; at++) {
        if ((unsigned char)*at < ' ')
            text_add(text, " ");
        else if (*at == '<')
            text_add(text, "&lt;");
        else if (*at == '&')
            text_add(text, "&amp;");
        else if (strchr("\\`*_[]|~#@!", *at))
            text_addf(text, "\\%c", *at);
        else
            text_add_bytes(text, at, 1);
    }
}

static void add_line(const struct gate_line *line, struct text *text)
{
    text_addf(text, "| %s | ", line->holds ? "✓" : "✗");
    add_escaped(text, line->text);
    if (line->condition)
        add_escaped(text, line->over[0] ? ", " : "");
    add_escaped(text, line->over);
    text_add(text, " | ");
    if (line->condition) {
        text_addf(text, "%s ", line->left);
        add_escaped(text, line->relation);
        text_addf(text, " %s |\n", line->right);
    } else {
        text_addf(text, "was %s, is %s |\n", line->left, line->right);
    }
}

static void add_verdict(const struct gate_verdict *verdict, struct text *text)
{
    text_addf(text, "\n### %s ", verdict->holds ? "✓" : "✗");
    add_escaped(text, verdict->name);
    text_add(text, "\n\n");
    if (verdict->line_count == 0) {
        text_addf(text, "All %d figures are what they were.\n", FIGURE_COUNT_OF_ALL);
        return;
    }
    text_addf(text, "| | %s | figures |\n|---|---|---|\n",
              verdict->gated ? "gate" : "figure that differs");
    for (size_t i = 0; i < verdict->line_count; i++)
        add_line(&verdict->lines[i], text);
    if (!verdict->diverges)
        return;
    text_add(text, "\nThe first call that differs:\n\n- was: ");
    add_escaped(text, verdict->was ? verdict->was : "none");
    text_add(text, "\n- is: ");
    add_escaped(text, verdict->is ? verdict->is : "none");
    text_add(text, "\n");
}

void gate_markdown(const struct gate_report *report, struct text *text)
{
    text_addf(text, "## Ballast: %zu of %zu %s breached\n", report->breached, report->count,
              report->count == 1 ? "scenario" : "scenarios");
    for (size_t i = 0; i < report->count; i++)
        add_verdict(&report->verdicts[i], text);
}
