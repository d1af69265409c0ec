/* The gate's verdict and the update of a baseline, for people. */
#include "reports/gate.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A baseline may hold anything: what could move the cursor is left out. */
static void put_plain(FILE *out, const char *text)
{
    for (const char *at = text; *at; at++)
        fputc((unsigned char)*at < ' ' || *at == 0x7f ? ' ' : *at, out);
}

static void print_line(const struct gate_line *line, FILE *out)
{
    if (!line->condition) {
        fprintf(out, "  ✗ %s: was %s, is %s\n", line->text, line->left, line->right);
        return;
    }
    fprintf(out, "  %s ", line->holds ? "✓" : "✗");
    put_plain(out, line->text);
    fprintf(out, ": %s %s %s%s%s%s%s\n", line->left, line->relation, line->right,
            line->holds ? "" : " does not hold", *line->over ? " (" : "", line->over,
            *line->over ? ")" : "");
}

static void print_verdict(const struct gate_verdict *verdict, FILE *out)
{
    put_plain(out, verdict->name);
    fputc('\n', out);
    for (size_t i = 0; i < verdict->line_count; i++)
        print_line(&verdict->lines[i], out);
    if (!verdict->gated && verdict->holds)
        fprintf(out, "  ✓ all %d figures are what they were\n", FIGURE_COUNT_OF_ALL);
    if (verdict->holds || !verdict->known)
        return;
    if (!verdict->diverges) {
        fprintf(out, "    the first %d calls are those of the baseline\n", CALLS_KEPT);
        return;
    }
    fputs("    the first call that differs\n      was  ", out);
    put_plain(out, verdict->was ? verdict->was : "none");
    fprintf(out, "\n      is   %s\n", verdict->is ? verdict->is : "none");
}

void gate_print(const struct gate_report *report, FILE *out)
{
    bool known = false;
    for (size_t i = 0; i < report->count; i++) {
        print_verdict(&report->verdicts[i], out);
        known = known || report->verdicts[i].known;
    }
    fprintf(out, "\n%zu %s, %zu breached%s%s\n", report->count,
            report->count == 1 ? "scenario" : "scenarios", report->breached,
            known ? ", against " : "", known ? report->baseline : "");
}

void gate_print_update(const struct baseline *before, const struct baseline_entry *after, FILE *out)
{
    const struct baseline_entry *entry = baseline_find(before, after->name);
    size_t changed = 0;
    put_plain(out, after->name);
    fputs(entry ? "\n" : ": new\n", out);
    for (int f = 0; entry && f < FIGURE_COUNT_OF_ALL; f++) {
        char was[DECIMAL_TEXT_SIZE];
        char is[DECIMAL_TEXT_SIZE];
        figure_format(&entry->figures, (enum figure)f, was);
        figure_format(&after->figures, (enum figure)f, is);
        if (strcmp(was, is) == 0)
            continue;
        fprintf(out, "  %s: %s -> %s\n", figure_descriptions[f].name, was, is);
        changed++;
    }
    if (entry && strcmp(entry->policy, after->policy) != 0)
        fprintf(out, "  policy: %s -> %s\n", entry->policy, after->policy);
    if (entry && changed == 0)
        fprintf(out, "  all %d figures are what they were\n", FIGURE_COUNT_OF_ALL);
}
