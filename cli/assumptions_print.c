/* What --assumptions found, for people and for machines. */
#include "assumptions.h"
#include "base/memory.h"
#include "show.h"
#include "summary.h"

#include <stdlib.h>
#include <string.h>

enum { ROW_SIZE = 3 * SHOW_SIZE };

static const char *signed_by(int128 value, const char *shown, char out[SHOW_SIZE + 2])
{
    snprintf(out, SHOW_SIZE + 2, "%s%s", value > 0 ? "+" : "", shown);
    return out;
}

/* The three figures that are compared, absolute or as a change, in columns. */
static void print_figures(FILE *out, const char *label, const struct figures *to,
                          const struct figures *from)
{
    static const struct figures nothing;
    const struct figures *base = from ? from : &nothing;
    int128 cost = to->value[FIGURE_cost_total_micro_usd] - base->value[FIGURE_cost_total_micro_usd];
    int128 missing = to->value[FIGURE_capacity_unfulfilled_unit_s] -
                     base->value[FIGURE_capacity_unfulfilled_unit_s];
    int64_t short_s = (int64_t)(to->value[FIGURE_capacity_shortfall_s] -
                                base->value[FIGURE_capacity_shortfall_s]);
    char a[SHOW_SIZE];
    char b[SHOW_SIZE];
    char c[SHOW_SIZE];
    char x[SHOW_SIZE + 2];
    char y[SHOW_SIZE + 2];
    show_duration(short_s < 0 ? -short_s : short_s, c);
    const char *before = !from || short_s == 0 ? "" : short_s < 0 ? "-" : "+";
    fprintf(out, "  %-30s %13s %14s  %s%s\n", label,
            signed_by(from ? cost : 0, show_usd(cost, a), x),
            signed_by(from ? missing : 0, show_unit_hours(missing, b), y), before, c);
}

static bool changes_nothing(const struct assumption *item)
{
    return item->effect == 0 && item->effect_s == 0;
}

static void print_item(const struct assumptions *a, const struct assumption *item, FILE *out)
{
    char *head = memory_format("%s is %s: ", item->value->path, item->value->value);
    fprintf(out, "\n");
    show_wrapped(out, "", head);
    show_wrapped(out, "  ", item->value->why);
    free(head);
    for (size_t end = 0; end < ASSUMPTION_ENDS; end++) {
        const struct trial *trial = item->trials[end];
        if (!trial || trial->refusal)
            continue;
        char label[ROW_SIZE];
        snprintf(label, sizeof label, "if %s", item->ends[end].value);
        if (strlen(label) > 30) {
            fprintf(out, "  %s\n", label);
            label[0] = '\0';
        }
        print_figures(out, label, &trial->figures, &a->given->figures);
    }
}

/* "Nothing changes with a, b, c." */
static void print_idle(const struct assumptions *a, FILE *out)
{
    struct text list = {0};
    for (size_t i = 0; i < a->count; i++) {
        if (changes_nothing(&a->items[i]))
            text_addf(&list, "%s%s", list.size ? ", " : "", a->items[i].value->path);
    }
    if (list.size) {
        fprintf(out, "\n");
        show_wrapped(out, "These change nothing: ", list.data);
    }
    text_clean_up(&list);
    for (size_t i = 0; i < a->count; i++) {
        for (size_t end = 0; end < ASSUMPTION_ENDS; end++) {
            const struct trial *trial = a->items[i].trials[end];
            if (trial && trial->refusal)
                show_wrapped(out, "Not possible here: ", trial->refusal);
        }
    }
}

static const char *verdict_words(enum verdict verdict)
{
    static const char *const words[] = {
        [VERDICT_EQUAL] = "costs as much and leaves as much unfulfilled: equal",
        [VERDICT_BETTER] = "costs no more and leaves no more unfulfilled: better",
        [VERDICT_WORSE] = "costs no less and leaves no less unfulfilled: worse",
        [VERDICT_CHEAPER] = "costs less, leaves more unfulfilled: cheaper",
        [VERDICT_DEARER] = "costs more, leaves less unfulfilled: dearer",
    };
    return words[verdict];
}

/* The verdict at an end of an assumption, if it is another than as given. */
static bool other_verdict(const struct assumptions *a, const struct assumption *item, size_t end,
                          size_t policy, enum verdict *out_verdict)
{
    const struct trial *trials = item->trials[end];
    if (!trials || trials[0].refusal || trials[policy].refusal)
        return false;
    *out_verdict = verdict_of(&trials[0].figures, &trials[policy].figures);
    return *out_verdict != verdict_of(&a->given[0].figures, &a->given[policy].figures);
}

static void print_ranking(const struct assumptions *a, size_t policy, FILE *out)
{
    fprintf(out, "\nBeside %s, %s\n", a->policies[policy], a->policies[0]);
    show_wrapped(out, "  as given:  ",
                 verdict_words(verdict_of(&a->given[0].figures, &a->given[policy].figures)));
    bool found = false;
    for (size_t i = 0; i < a->count; i++) {
        for (size_t end = 0; end < ASSUMPTION_ENDS; end++) {
            enum verdict verdict = VERDICT_EQUAL;
            if (!other_verdict(a, &a->items[i], end, policy, &verdict))
                continue;
            fprintf(out, "  if %s is %s:\n", a->items[i].value->path, a->items[i].ends[end].value);
            show_wrapped(out, "             ", verdict_words(verdict));
            found = true;
        }
    }
    fprintf(out, found ? "  and the same whatever else is assumed.\n"
                       : "  and the same whatever is assumed.\n");
}

void assumptions_print(const struct assumptions *a, FILE *out)
{
    summary_print_title(a->session, out);
    summary_print_notes(a->session, out);
    fprintf(out, "%-32s %13s %14s  %s\n", "", "total, USD", "unfulfilled", "time short");
    fprintf(out, "%-32s %13s %14s\n", "", "", "unit-hours");
    print_figures(out, "as given", &a->given[0].figures, NULL);
    for (size_t p = 1; p < a->policy_count; p++)
        print_figures(out, a->policies[p], &a->given[p].figures, NULL);
    fprintf(out, "\n");
    show_wrapped(out, "",
                 "Each value that nobody has published, at its lowest and at its highest plausible "
                 "one, all else as given; what that changes, most first:");
    for (size_t i = 0; i < a->count; i++) {
        if (!changes_nothing(&a->items[i]))
            print_item(a, &a->items[i], out);
    }
    print_idle(a, out);
    for (size_t p = 1; p < a->policy_count; p++)
        print_ranking(a, p, out);
}

/* ---- JSON --------------------------------------------------------------------------------------
 */

/* [{"policy": ..., "cost": ...}, ...], or with "refused" in place of figures. */
static void add_results(const struct assumptions *a, const struct trial *trials, struct text *text)
{
    text_add(text, "[");
    for (size_t p = 0; p < a->policy_count; p++) {
        text_add(text, p ? ",{\"policy\":" : "{\"policy\":");
        text_add_json_string(text, a->policies[p]);
        text_add(text, ",");
        if (trials[p].refusal) {
            text_add(text, "\"refused\":");
            text_add_json_string(text, trials[p].refusal);
        } else {
            figures_add_json(&trials[p].figures, text);
        }
        text_add(text, "}");
    }
    text_add(text, "]");
}

static void add_item(const struct assumptions *a, const struct assumption *item, struct text *text)
{
    static const char *const names[] = {"low", "high"};
    text_add(text, "{\"path\":");
    text_add_json_string(text, item->value->path);
    text_addf(text, ",\"value\":%s,\"why\":", item->value->value);
    text_add_json_string(text, item->value->why);
    text_addf(text, ",\"changes\":%s", changes_nothing(item) ? "false" : "true");
    for (size_t end = 0; end < ASSUMPTION_ENDS; end++) {
        text_addf(text, ",\"%s\":{\"value\":%s,\"results\":", names[end], item->ends[end].value);
        add_results(a, item->trials[end] ? item->trials[end] : a->given, text);
        text_add(text, "}");
    }
    text_add(text, "}");
}

static void add_ranking(const struct assumptions *a, size_t policy, struct text *text)
{
    text_add(text, "{\"against\":");
    text_add_json_string(text, a->policies[policy]);
    text_addf(text, ",\"given\":\"%s\",\"other\":[",
              verdict_name(verdict_of(&a->given[0].figures, &a->given[policy].figures)));
    bool first = true;
    for (size_t i = 0; i < a->count; i++) {
        for (size_t end = 0; end < ASSUMPTION_ENDS; end++) {
            enum verdict verdict = VERDICT_EQUAL;
            if (!other_verdict(a, &a->items[i], end, policy, &verdict))
                continue;
            text_add(text, first ? "{\"path\":" : ",{\"path\":");
            text_add_json_string(text, a->items[i].value->path);
            text_addf(text, ",\"value\":%s,\"verdict\":\"%s\"}", a->items[i].ends[end].value,
                      verdict_name(verdict));
            first = false;
        }
    }
    text_add(text, "]}");
}

void assumptions_json(const struct assumptions *a, struct text *out_text)
{
    text_add(out_text, "{");
    summary_add_run(a->session, out_text);
    text_add(out_text, ",\"given\":");
    add_results(a, a->given, out_text);
    text_add(out_text, ",\"assumptions\":[");
    for (size_t i = 0; i < a->count; i++) {
        text_add(out_text, i ? "," : "");
        add_item(a, &a->items[i], out_text);
    }
    text_add(out_text, "],\"ranking\":[");
    for (size_t p = 1; p < a->policy_count; p++) {
        text_add(out_text, p > 1 ? "," : "");
        add_ranking(a, p, out_text);
    }
    text_addf(out_text, "],\"notes\":%s}\n", a->session->notes.data);
}
