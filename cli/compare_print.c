#include "compare_print.h"

#include "base/memory.h"
#include "base/timestamp.h"
#include "show.h"

#include <stdlib.h>
#include <string.h>

enum { NAME_WIDTH = 33, PERMILLE = 1000 };

/* ---- numbers ----------------------------------------------------------------------------------
 */

/* How the table shows a figure. */
struct unit {
    const char *ending; /* of the name: left off */
    const char *shown;
    int128 millionths_from; /* a value times this ... */
    int128 millionths_by;   /* ... over this is in millionths of what is shown */
};

static struct unit unit_of(enum figure figure)
{
    switch (figure_descriptions[figure].kind) {
    case FIGURE_MONEY:
        return (struct unit){"_micro_usd", ", USD", 1, 1};
    case FIGURE_UNIT_S:
        return (struct unit){"_unit_s", ", unit-h", 1, SECONDS_PER_HOUR};
    case FIGURE_UNITS:
        return (struct unit){"_units", ", units", 1, 1};
    case FIGURE_SECONDS:
        return (struct unit){"_s", ", s", MICRO, 1};
    case FIGURE_COUNT:
        break;
    }
    return (struct unit){"", "", MICRO, 1};
}

static void name_of(enum figure figure, char *out, size_t size)
{
    const char *name = figure_descriptions[figure].name;
    const struct unit unit = unit_of(figure);
    snprintf(out, size, "%.*s%s", (int)(strlen(name) - strlen(unit.ending)), name, unit.shown);
}

/* sum / count of a figure in what the table shows, whole numbers of what is counted as such. */
static char *show_mean(enum figure figure, int128 sum, size_t count, char out[SHOW_SIZE])
{
    const struct unit unit = unit_of(figure);
    if (unit.millionths_from == MICRO && sum % (int128)count == 0)
        return show_count(sum / (int128)count, out);
    return show_micro(
        divide_half_even(sum * unit.millionths_from, (int128)count * unit.millionths_by), out);
}

static char *with_sign(char *text)
{
    if (text[0] != '-' && strpbrk(text, "123456789")) {
        memmove(text + 1, text, strlen(text) + 1);
        text[0] = '+';
    }
    return text;
}

static char *show_change(int128 part, int128 whole, char out[SHOW_SIZE])
{
    return with_sign(show_percent(part, whole, out));
}

static char *show_p(const struct paired_result *result, char out[SHOW_SIZE])
{
    int64_t permille =
        (int64_t)divide_half_even((int128)result->p_part * PERMILLE, result->p_whole);
    if (permille == 0)
        snprintf(out, SHOW_SIZE, "<0.001");
    else
        snprintf(out, SHOW_SIZE, "%lld.%03lld", (long long)(permille / PERMILLE),
                 (long long)(permille % PERMILLE));
    return out;
}

/* ---- the table --------------------------------------------------------------------------------
 */

static bool is_nothing(const struct paired_result *result)
{
    return result->old_sum == 0 && result->new_sum == 0 && result->same == result->count;
}

static void show_delta(const struct compare_figure *figure, char out[SHOW_SIZE])
{
    const struct paired_result *result = &figure->result;
    bool tested = result->count >= PAIRED_WORLDS_LEAST;
    if (result->same == result->count || (tested && !figure->claimed)) {
        snprintf(out, SHOW_SIZE, "~");
        return;
    }
    int128 change = result->new_sum - result->old_sum;
    if (result->old_sum > 0)
        show_change(change, result->old_sum, out);
    else
        with_sign(show_mean(figure->figure, change, result->count, out));
}

/* Of the mean difference; in percent of old's mean where there is one. */
static void show_interval(const struct compare_figure *figure, char out[2 * SHOW_SIZE + 8])
{
    const struct paired_result *result = &figure->result;
    char low[SHOW_SIZE];
    char high[SHOW_SIZE];
    snprintf(out, 2 * SHOW_SIZE + 8, "%s", result->same == result->count ? "the same" : "");
    if (!result->bounded || result->same == result->count)
        return;
    const struct paired_mean *ends[] = {&result->low, &result->high};
    char *texts[] = {low, high};
    for (size_t i = 0; i < ARRAY_LENGTH(ends); i++) {
        if (result->old_sum > 0)
            show_change(ends[i]->sum * (int128)result->count,
                        result->old_sum * (int128)ends[i]->count, texts[i]);
        else
            with_sign(show_mean(figure->figure, ends[i]->sum, ends[i]->count, texts[i]));
    }
    snprintf(out, 2 * SHOW_SIZE + 8, "%s to %s", low, high);
}

static void print_row(const struct compare_figure *figure, FILE *out)
{
    const struct paired_result *result = &figure->result;
    char name[64];
    char old_value[SHOW_SIZE];
    char new_value[SHOW_SIZE];
    char delta[SHOW_SIZE];
    char interval[2 * SHOW_SIZE + 8];
    char p[SHOW_SIZE] = "";
    name_of(figure->figure, name, sizeof name);
    show_delta(figure, delta);
    show_interval(figure, interval);
    if (result->bounded && result->same < result->count)
        show_p(result, p);
    fprintf(out, "%-*s %12s %12s %11s  %24s %6s %4zu\n", NAME_WIDTH, name,
            show_mean(figure->figure, result->old_sum, result->count, old_value),
            show_mean(figure->figure, result->new_sum, result->count, new_value), delta, interval,
            p, result->count);
}

static void print_table(const struct comparison *comparison, FILE *out)
{
    struct text nothing = {0};
    bool many = comparison->counted > 1;
    fprintf(out, "\n%-*s %12s %12s %11s  %24s %6s %4s\n", NAME_WIDTH, many ? "mean of a world" : "",
            "old", "new", "delta",
            comparison->counted >= PAIRED_WORLDS_LEAST ? "95 % interval" : "",
            comparison->counted >= PAIRED_WORLDS_LEAST ? "p" : "", "n");
    for (size_t i = 0; i < comparison->figure_count; i++) {
        const struct compare_figure *figure = &comparison->figures[i];
        if (is_nothing(&figure->result))
            text_addf(&nothing, "%s%s", nothing.size ? ", " : "",
                      figure_descriptions[figure->figure].name);
        else
            print_row(figure, out);
    }
    fprintf(out, "\n");
    if (nothing.size)
        show_wrapped(out, "0 in both: ", nothing.data);
    text_clean_up(&nothing);
}

/* ---- around it --------------------------------------------------------------------------------
 */

static void print_worlds(const struct comparison *comparison, FILE *out)
{
    const struct compare_world *first = &comparison->worlds[0];
    const struct compare_world *last = &comparison->worlds[comparison->world_count - 1];
    char from[TIMESTAMP_TEXT_SIZE];
    char to[TIMESTAMP_TEXT_SIZE];
    char left_out[SHOW_SIZE];
    timestamp_format(first->from_s, from);
    timestamp_format(last->to_s, to);
    if (comparison->kind == COMPARE_SEEDS)
        fprintf(out, "in %zu worlds: %s to %s, each %s to %s\n", comparison->world_count,
                first->name, last->name, from, to);
    else if (comparison->kind == COMPARE_ITSELF)
        fprintf(out, "in one world: %s, %s to %s\n", first->name, from, to);
    else if (comparison->kind == COMPARE_RECORDED)
        fprintf(out, "in %zu recorded world%s (%zu pair%s of %s), from %s to %s\n",
                comparison->group_count, comparison->group_count == 1 ? "" : "s",
                comparison->world_count, comparison->world_count == 1 ? "" : "s",
                comparison->sides[COMPARE_OLD].swept ? "points" : "runs", first->name, last->name);
    else
        fprintf(out, "in %zu windows, each a run of its own: %s to %s\n", comparison->world_count,
                from, to);
    if (comparison->left_out_s)
        fprintf(out, "left out, for it fills no window: %s\n",
                show_duration(comparison->left_out_s, left_out));
}

static void print_sides(const struct comparison *comparison, FILE *out)
{
    for (size_t which = 0; which < COMPARE_SIDES; which++) {
        const struct compare_side *side = &comparison->sides[which];
        char *text = memory_format("%s: %s (%s)", side->scenario.policy.name, side->scenario.name,
                                   side->path);
        char head[16];
        snprintf(head, sizeof head, "%s  ", compare_side_names[which]);
        show_wrapped(out, head, text);
        free(text);
    }
}

/* Another policy has other parameters: that is said with its name. */
static bool goes_without_saying(const struct comparison *comparison, const char *path)
{
    static const char parameters[] = "policy.parameters";
    const struct compare_side *sides = comparison->sides;
    return strncmp(path, parameters, sizeof parameters - 1) == 0 &&
           strcmp(sides[COMPARE_OLD].scenario.policy.name,
                  sides[COMPARE_NEW].scenario.policy.name) != 0;
}

static void print_differences(const struct comparison *comparison, FILE *out)
{
    enum { SHOWN = 12 };
    size_t shown = 0;
    size_t left = 0;
    if (comparison->difference_count == 0)
        fprintf(out, "old and new are the same, value by value\n");
    else
        fprintf(out, "what differs:\n");
    for (size_t i = 0; i < comparison->difference_count; i++) {
        const struct compare_difference *difference = &comparison->differences[i];
        if (goes_without_saying(comparison, difference->path))
            continue;
        if (shown == SHOWN) {
            left++;
            continue;
        }
        shown++;
        const char *old_value = difference->values[COMPARE_OLD];
        const char *new_value = difference->values[COMPARE_NEW];
        char *text =
            memory_format("%s: %s, then %s", difference->path, old_value ? old_value : "(nothing)",
                          new_value ? new_value : "(nothing)");
        show_wrapped(out, "  ", text);
        free(text);
    }
    if (left)
        fprintf(out, "  and %zu more (--json lists them)\n", left);
}

/* How many claims luck alone would make, and which stand all the same. */
static void print_claims(const struct comparison *comparison, FILE *out)
{
    size_t claimed = 0;
    size_t holding = 0;
    struct text lost = {0};
    if (comparison->tested == 0) {
        fprintf(out, "No figure differs in any world.\n");
        return;
    }
    for (size_t i = 0; i < comparison->figure_count; i++) {
        const struct compare_figure *figure = &comparison->figures[i];
        claimed += figure->claimed;
        holding += figure->holds;
        if (figure->claimed && !figure->holds)
            text_addf(&lost, "%s%s", lost.size ? ", " : "",
                      figure_descriptions[figure->figure].name);
    }
    char *text = memory_format(
        "Figures that differ anywhere: %zu, each tested at 5 %%; where nothing but luck differed, "
        "one in twenty would be claimed. Claimed: %zu; of them with Holm's correction for all %zu "
        "at once: %zu%s%s.",
        comparison->tested, claimed, comparison->tested, holding, lost.size ? ", without " : "",
        lost.size ? lost.data : "");
    show_wrapped(out, "", text);
    free(text);
    text_clean_up(&lost);
}

void compare_print(const struct comparison *comparison, const struct parting *parting, FILE *out)
{
    print_sides(comparison, out);
    print_worlds(comparison, out);
    print_differences(comparison, out);
    print_table(comparison, out);
    if (comparison->counted >= PAIRED_WORLDS_LEAST)
        print_claims(comparison, out);
    bool swept = comparison->sides[COMPARE_OLD].swept; /* then neither is known */
    if (!swept)
        fprintf(out, "Shortage episodes: %zu in old, %zu in new; independent ones of both: %zu.\n",
                comparison->episodes[COMPARE_OLD], comparison->episodes[COMPARE_NEW],
                comparison->independent_episodes);
    for (size_t i = 0; i < comparison->warning_count; i++)
        show_wrapped(out, "Warning: ", comparison->warnings[i]);
    if (!swept)
        parting_print(parting, comparison, out);
}
