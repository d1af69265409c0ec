/* Figures: names, exact forms in JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/json.h"
#include "record/figures.h"

#include <string.h>

static void names_are_found_with_dots_and_as_columns(void **state)
{
    (void)state;
    assert_int_equal(figure_find("cost.total_micro_usd"), FIGURE_cost_total_micro_usd);
    assert_int_equal(figure_find("cost_total_micro_usd"), FIGURE_cost_total_micro_usd);
    assert_int_equal(figure_find("events.scale_in_blocked_s"), FIGURE_events_scale_in_blocked_s);
    assert_int_equal(figure_find("total_micro_usd"), -1);
    assert_int_equal(figure_find(""), -1);
}

/* A name tells its unit, so that nobody has to look up what a number means. */
static void names_end_in_their_unit(void **state)
{
    (void)state;
    for (int i = 0; i < FIGURE_COUNT_OF_ALL; i++) {
        const struct figure_description *figure = &figure_descriptions[i];
        static const char *const endings[] = {
            [FIGURE_MONEY] = "_micro_usd", [FIGURE_UNIT_S] = "_unit_s", [FIGURE_UNITS] = "_units",
            [FIGURE_SECONDS] = "_s",       [FIGURE_COUNT] = "",
        };
        const char *ending = endings[figure->kind];
        size_t length = strlen(figure->name);
        assert_true(length > strlen(ending));
        assert_string_equal(figure->name + length - strlen(ending), ending);
        assert_int_equal(figure_find(figure->name), i);
    }
}

static void values_are_exact_whatever_their_size(void **state)
{
    (void)state;
    struct figures figures = {0};
    char text[DECIMAL_TEXT_SIZE];
    assert_string_equal(figure_format(&figures, FIGURE_cost_total_micro_usd, text), "null");
    figures.known[FIGURE_cost_total_micro_usd] = true;
    figures.value[FIGURE_cost_total_micro_usd] = -1234567;
    assert_string_equal(figure_format(&figures, FIGURE_cost_total_micro_usd, text), "-1234567");
    /* 10,000 units for a century, and one millionth: beyond what a double tells apart. */
    figures.known[FIGURE_capacity_required_unit_s] = true;
    figures.value[FIGURE_capacity_required_unit_s] = (int128)10000 * 3155760000 * MICRO + 1;
    assert_string_equal(figure_format(&figures, FIGURE_capacity_required_unit_s, text),
                        "31557600000000.000001");
    figures.known[FIGURE_capacity_worst_shortfall_units] = true;
    figures.value[FIGURE_capacity_worst_shortfall_units] = 2500000;
    assert_string_equal(figure_format(&figures, FIGURE_capacity_worst_shortfall_units, text),
                        "2.5");
}

/* Every figure stands in the JSON once, as the member of its group that its name says. */
static void json_has_every_figure_in_its_group(void **state)
{
    (void)state;
    struct figures figures = {0};
    for (int i = 0; i < FIGURE_COUNT_OF_ALL; i++) {
        figures.known[i] = i % 5 != 0;
        figures.value[i] = (int128)i * MICRO;
    }
    struct text text = {0};
    text_add(&text, "{");
    figures_add_json(&figures, &text);
    text_add(&text, "}");
    struct error err = {0};
    assert_int_equal(text_status(&text, &err), STATUS_OK);
    struct json_document document;
    assert_int_equal(json_parse(&document, "figures", text.data, text.size, &err), STATUS_OK);
    int members = 0;
    const cJSON *group = NULL;
    cJSON_ArrayForEach(group, document.root)
    {
        members += cJSON_GetArraySize(group);
    }
    assert_int_equal(members, FIGURE_COUNT_OF_ALL);
    for (int i = 0; i < FIGURE_COUNT_OF_ALL; i++) {
        const struct figure_description *figure = &figure_descriptions[i];
        const cJSON *value = cJSON_GetObjectItemCaseSensitive(
            cJSON_GetObjectItemCaseSensitive(document.root, figure->group), figure->leaf);
        assert_non_null(value);
        if (!figures.known[i]) {
            assert_true(cJSON_IsNull(value));
            continue;
        }
        bool decimal = figure->kind == FIGURE_UNIT_S || figure->kind == FIGURE_UNITS;
        assert_true(cJSON_IsNumber(value));
        assert_true(value->valuedouble == (decimal ? (double)i : (double)i * MICRO));
    }
    json_clean_up(&document);
    text_clean_up(&text);
}

/* What is written is read back to the last digit; what is not as it is written is refused. */
static void json_is_read_back(void **state)
{
    (void)state;
    struct figures figures = {0};
    for (int i = 0; i < FIGURE_COUNT_OF_ALL; i++) {
        figures.known[i] = i % 4 != 1;
        figures.value[i] =
            figures.known[i] ? (i % 3 ? 1 : -1) * ((int128)10000 * 3155760000 * MICRO + i) : 0;
    }
    struct text text = {0};
    figures_add_json(&figures, &text);
    struct figures read;
    assert_true(figures_read_json(text.data, &read));
    for (int i = 0; i < FIGURE_COUNT_OF_ALL; i++) {
        assert_int_equal(read.known[i], figures.known[i]);
        assert_true(read.value[i] == figures.value[i]);
    }
    text_clean_up(&text);
    assert_true(figures_read_json("{}", &read) && !read.known[0]);
    assert_true(figures_read_json("\"cost\":{},\"other\":{\"spot_micro_usd\":1}", &read));
    assert_false(read.known[FIGURE_cost_spot_micro_usd]);
    const char *const bad[] = {"\"cost\":{\"spot_micro_usd\":1.5}",
                               "\"cost\":{\"spot_micro_usd\":\"1\"}",
                               "\"cost\":{\"spot_micro_usd\":-}",
                               "\"cost\":{\"spot_micro_usd\":1",
                               "\"capacity\":{\"required_unit_s\":1.2345678}",
                               "\"capacity\":{\"required_unit_s\":"
                               "9999999999999999999999999999999999999999}"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(figures_read_json(bad[i], &read));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_found_with_dots_and_as_columns),
        cmocka_unit_test(names_end_in_their_unit),
        cmocka_unit_test(values_are_exact_whatever_their_size),
        cmocka_unit_test(json_has_every_figure_in_its_group),
        cmocka_unit_test(json_is_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
