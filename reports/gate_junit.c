/* The gate's verdict as JUnit XML, which CI systems show test by test: a scenario is a suite, a
 * gate is a case. */
#include "reports/gate.h"

/* In an attribute or in text. XML 1.0 has no place for control characters. */
static void add_escaped(struct text *text, const char *string)
{
    for (const char *at = string; *at; at++) {
        switch (*at) {
        case '&':
            text_add(text, "&amp;");
            break;
        case '<':
            text_add(text, "&lt;");
            break;
        case '>':
            text_add(text, "&gt;");
            break;
        case '"':
            text_add(text, "&quot;");
            break;
        default:
            text_add_bytes(text, (unsigned char)*at < ' ' ? " " : at, 1);
        }
    }
}

static void add_case(const struct gate_verdict *verdict, const struct gate_line *line,
                     struct text *text)
{
    text_add(text, "    <testcase classname=\"");
    add_escaped(text, verdict->name);
    text_add(text, "\" name=\"");
    add_escaped(text, line ? line->text : "all figures are what they were");
    if (!line || line->holds) {
        text_add(text, "\"/>\n");
        return;
    }
    text_addf(text, "\">\n      <failure message=\"");
    if (line->condition) {
        add_escaped(text, line->left);
        text_add(text, " ");
        add_escaped(text, line->relation);
        text_addf(text, " %s does not hold%s%s", line->right, *line->over ? ", " : "", line->over);
    } else {
        text_addf(text, "was %s, is %s", line->left, line->right);
    }
    text_add(text, "\">");
    if (verdict->diverges) {
        text_add(text, "the first call that differs\nwas  ");
        add_escaped(text, verdict->was ? verdict->was : "none");
        text_add(text, "\nis   ");
        add_escaped(text, verdict->is ? verdict->is : "none");
    }
    text_add(text, "</failure>\n    </testcase>\n");
}

static size_t failures(const struct gate_verdict *verdict)
{
    size_t count = 0;
    for (size_t i = 0; i < verdict->line_count; i++)
        count += !verdict->lines[i].holds;
    return count;
}

static size_t cases(const struct gate_verdict *verdict)
{
    return verdict->line_count ? verdict->line_count : 1;
}

void gate_junit(const struct gate_report *report, struct text *text)
{
    size_t tests = 0;
    size_t failed = 0;
    for (size_t i = 0; i < report->count; i++) {
        tests += cases(&report->verdicts[i]);
        failed += failures(&report->verdicts[i]);
    }
    text_addf(text,
              "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
              "<testsuites name=\"ballast check\" tests=\"%zu\" failures=\"%zu\">\n",
              tests, failed);
    for (size_t i = 0; i < report->count; i++) {
        const struct gate_verdict *verdict = &report->verdicts[i];
        text_add(text, "  <testsuite name=\"");
        add_escaped(text, verdict->name);
        text_addf(text, "\" tests=\"%zu\" failures=\"%zu\">\n", cases(verdict), failures(verdict));
        if (verdict->line_count == 0)
            add_case(verdict, NULL, text);
        for (size_t k = 0; k < verdict->line_count; k++)
            add_case(verdict, &verdict->lines[k], text);
        text_add(text, "  </testsuite>\n");
    }
    text_add(text, "</testsuites>\n");
}
