/* How one policy stands beside another: docs/results.md, "Assumptions". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/assumptions.h"

static struct figures figures(int128 cost, int128 missing)
{
    struct figures out = {0};
    out.value[FIGURE_cost_total_micro_usd] = cost;
    out.value[FIGURE_capacity_unfulfilled_unit_s] = missing;
    return out;
}

static void verdicts(void **state)
{
    (void)state;
    static const struct {
        int cost;
        int missing;
        enum verdict expected;
        const char *name;
    } rows[] = {
        {5, 5, VERDICT_EQUAL, "equal"},   {4, 5, VERDICT_BETTER, "better"},
        {5, 4, VERDICT_BETTER, "better"}, {4, 4, VERDICT_BETTER, "better"},
        {6, 5, VERDICT_WORSE, "worse"},   {5, 6, VERDICT_WORSE, "worse"},
        {6, 6, VERDICT_WORSE, "worse"},   {4, 6, VERDICT_CHEAPER, "cheaper"},
        {6, 4, VERDICT_DEARER, "dearer"},
    };
    const struct figures against = figures(5, 5);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct figures policy = figures(rows[i].cost, rows[i].missing);
        assert_int_equal(verdict_of(&policy, &against), rows[i].expected);
        assert_string_equal(verdict_name(rows[i].expected), rows[i].name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(verdicts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
