/* The gate on figures made up here: what is judged, what a baseline keeps, and every form of the
 * verdict. */
#include "reports/gate.h"

#include "base/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h> /* after what it needs */

enum { WORLDS = 4 };

struct fixture {
    char folder[64];
    char path[96];
    struct scenario scenario;
    struct gate gates[4];
    struct figures worlds[WORLDS];
    struct gate_run run;
    struct baseline baseline;
    struct error err;
};

/* World i costs (1 + i) USD and misses i unit-seconds and a half. */
static int set_up(void **state)
{
    struct fixture *f = memory_new(1, sizeof *f);
    snprintf(f->folder, sizeof f->folder, "/tmp/ballast-gate-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    snprintf(f->path, sizeof f->path, "%s/baseline.json", f->folder);
    static char name[] = "a & b";
    static char policy[] = "none";
    f->scenario.name = name;
    f->scenario.policy.name = policy;
    f->scenario.gates = f->gates;
    for (int i = 0; i < WORLDS; i++) {
        f->worlds[i].value[FIGURE_cost_total_micro_usd] = (1 + i) * (int128)MICRO;
        f->worlds[i].known[FIGURE_cost_total_micro_usd] = true;
        f->worlds[i].value[FIGURE_capacity_unfulfilled_unit_s] = i * (int128)MICRO + MICRO / 2;
        f->worlds[i].known[FIGURE_capacity_unfulfilled_unit_s] = true;
    }
    f->run = (struct gate_run){
        .file = "a.json", .scenario = &f->scenario, .worlds = f->worlds, .world_count = WORLDS};
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < f->scenario.gate_count; i++)
        condition_clean_up(&f->gates[i].condition);
    calls_made_clean_up(&f->run.calls);
    baseline_clean_up(&f->baseline);
    unlink(f->path);
    rmdir(f->folder);
    free(f);
    return 0;
}

static void add_gate(struct fixture *f, const char *text, int64_t seeds, enum gate_statistic of)
{
    struct gate *gate = &f->gates[f->scenario.gate_count++];
    assert_int_equal(condition_parse(&gate->condition, text, &f->err), STATUS_OK);
    gate->seeds = seeds;
    gate->of = of;
}

static void call(struct fixture *f, const char *line)
{
    f->run.calls.lines[f->run.calls.kept++] = memory_copy_text(line);
    f->run.calls.count++;
}

static void agree(struct fixture *f)
{
    struct baseline_entry entry;
    gate_entry(&f->run, &entry);
    baseline_put(&f->baseline, &entry);
}

/* Judge, and give the verdict as JSON. */
static int verdict(struct fixture *f, struct text *text)
{
    struct gate_report report = {.baseline = "b.json"};
    int status = gate_judge(&report, &f->run, &f->baseline, &f->err);
    if (!status)
        gate_json(&report, text);
    gate_report_clean_up(&report);
    return status;
}

static void has(const struct text *text, const char *part)
{
    if (!text->data || !strstr(text->data, part))
        fail_msg("no %s in %s", part, text->data ? text->data : "nothing");
}

static void statistics_over_worlds(void **state)
{
    static const struct {
        enum gate_statistic of;
        const char *text; /* holds of 1, 2, 3, 4 USD */
    } cases[] = {
        {GATE_MEAN, "cost.total_micro_usd == 2500000"},
        {GATE_MEDIAN, "cost.total_micro_usd == 2500000"},
        {GATE_MAX, "cost.total_micro_usd == 4000000"},
        {GATE_MIN, "cost.total_micro_usd == 1000000"},
        {GATE_TOTAL, "capacity.unfulfilled_unit_s == 8"},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct text text = {0};
        add_gate(f, cases[i].text, WORLDS, cases[i].of);
        assert_int_equal(gate_worlds(&f->scenario), WORLDS);
        assert_int_equal(verdict(f, &text), STATUS_OK);
        has(&text, "{\"baseline\":\"b.json\",\"holds\":true");
        text_clean_up(&text);
        condition_clean_up(&f->gates[--f->scenario.gate_count].condition);
    }
}

static void without_gates_every_figure_counts(void **state)
{
    struct fixture *f = *state;
    struct text text = {0};
    assert_int_equal(verdict(f, &text), STATUS_BAD_INPUT);
    assert_non_null(strstr(f->err.text, "b.json has no scenario \"a & b\": add it with --update"));
    agree(f);
    assert_int_equal(verdict(f, &text), STATUS_OK);
    has(&text, "\"holds\":true,\"differences\":[]");
    text_clean_up(&text);
    f->worlds[0].value[FIGURE_capacity_unfulfilled_unit_s] += 1;
    assert_int_equal(verdict(f, &text), STATUS_OK);
    has(&text, "{\"figure\":\"capacity.unfulfilled_unit_s\",\"holds\":false,\"was\":0.5,\"is\":"
               "0.500001}]");
    text_clean_up(&text);
}

static void baseline_comes_back_as_it_was(void **state)
{
    struct fixture *f = *state;
    struct baseline read;
    bool missing = false;
    add_gate(f, "cost.total_micro_usd <= baseline", 3, GATE_MAX);
    call(f, "first \"call\"\n");
    f->worlds[0].value[FIGURE_cost_total_micro_usd] = ((int128)1 << 100) + 1;
    agree(f);
    assert_int_equal(baseline_write(&f->baseline, f->path, &f->err), STATUS_OK);
    assert_int_equal(baseline_read(&read, f->path, &missing, &f->err), STATUS_OK);
    const struct baseline_entry *entry = baseline_find(&read, "a & b");
    assert_non_null(entry);
    assert_true(entry->figures.value[FIGURE_cost_total_micro_usd] == ((int128)1 << 100) + 1);
    assert_true(entry->figures.value[FIGURE_capacity_unfulfilled_unit_s] == MICRO / 2);
    assert_false(entry->figures.known[FIGURE_cost_spot_micro_usd]);
    const struct figures *most = baseline_statistic(entry, 3, GATE_MAX);
    assert_non_null(most);
    assert_true(most->value[FIGURE_capacity_unfulfilled_unit_s] == 5 * (int128)MICRO / 2);
    assert_null(baseline_statistic(entry, 4, GATE_MAX));
    assert_int_equal(entry->calls.count, 1);
    assert_string_equal(entry->calls.lines[0], "first \"call\"\n");
    baseline_clean_up(&read);
    assert_int_equal(baseline_read(&read, "/nowhere/at/all", &missing, &f->err), STATUS_BAD_INPUT);
    assert_true(missing);
}

static void first_call_that_differs(void **state)
{
    struct fixture *f = *state;
    struct text text = {0};
    call(f, "one");
    call(f, "two");
    agree(f);
    free(f->run.calls.lines[1]);
    f->run.calls.lines[1] = memory_copy_text("other");
    /* Where nothing is breached nobody asks. */
    assert_int_equal(verdict(f, &text), STATUS_OK);
    has(&text, "\"first_call_that_differs\":null");
    text_clean_up(&text);
    f->worlds[0].value[FIGURE_cost_total_micro_usd]++;
    assert_int_equal(verdict(f, &text), STATUS_OK);
    has(&text, "\"first_call_that_differs\":{\"was\":\"two\",\"is\":\"other\"}");
    text_clean_up(&text);
    free(f->run.calls.lines[--f->run.calls.kept]);
    assert_int_equal(verdict(f, &text), STATUS_OK);
    has(&text, "{\"was\":\"two\",\"is\":null}");
    text_clean_up(&text);
}

static void every_form_of_the_verdict(void **state)
{
    struct fixture *f = *state;
    add_gate(f, "cost.total_micro_usd <= baseline * 1.5", 0, GATE_MEAN);
    add_gate(f, "capacity.unfulfilled_unit_s < baseline", 2, GATE_MIN);
    call(f, "a<b");
    agree(f);
    free(f->run.calls.lines[0]);
    f->run.calls.lines[0] = memory_copy_text("c|d");
    struct gate_report report = {.baseline = "b.json"};
    assert_int_equal(gate_judge(&report, &f->run, &f->baseline, &f->err), STATUS_OK);
    assert_int_equal(report.breached, 1);
    struct text junit = {0};
    struct text markdown = {0};
    gate_junit(&report, &junit);
    gate_markdown(&report, &markdown);
    has(&junit, "<testsuite name=\"a &amp; b\" tests=\"2\" failures=\"1\">");
    has(&junit, "<failure message=\"0.5 &lt; 0.5 does not hold, min of 2 worlds\">");
    has(&junit, "was  a&lt;b\nis   c|d</failure>");
    has(&markdown, "## Ballast: 1 of 1 scenario breached\n\n### ✗ a &amp; b\n");
    has(&markdown, "| ✓ | cost.total\\_micro\\_usd &lt;= baseline \\* 1.5 |");
    has(&markdown, "- was: a&lt;b\n- is: c\\|d\n");
    char *printed = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&printed, &size);
    gate_print(&report, out);
    fclose(out);
    assert_non_null(strstr(printed, "  ✗ capacity.unfulfilled_unit_s < baseline: 0.5 < 0.5 does "
                                    "not hold (min of 2 worlds)\n"));
    free(printed);
    text_clean_up(&junit);
    text_clean_up(&markdown);
    gate_report_clean_up(&report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(statistics_over_worlds, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_gates_every_figure_counts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(baseline_comes_back_as_it_was, set_up, tear_down),
        cmocka_unit_test_setup_teardown(first_call_that_differs, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_form_of_the_verdict, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
