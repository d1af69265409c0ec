/* JSON: where an error stood, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/text.h"

static void parse_fails(const char *text, size_t size, const char *expected)
{
    struct json_document document;
    struct error err = {0};
    assert_int_equal(json_parse(&document, "a.json", text, size, &err), STATUS_BAD_INPUT);
    if (strcmp(err.text, expected) != 0)
        fail_msg("said: %s", err.text);
}

static void says_where_a_value_stood(void **state)
{
    (void)state;
    const char *text = "{\"a\": [1, {\"b\\\"}\": \"x]\", \"c\":\n  true}],\n \"d\": -1.5}";
    struct json_document document;
    struct error err = {0};
    assert_int_equal(json_parse(&document, "a.json", text, strlen(text), &err), 0);
    const cJSON *a = cJSON_GetObjectItemCaseSensitive(document.root, "a");
    json_fail(&document, cJSON_GetArrayItem(a, 0), &err, "one");
    assert_string_equal(err.text, "a.json:1:8: a[0]: one");
    json_fail(&document, cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(a, 1), "c"), &err,
              "two");
    assert_string_equal(err.text, "a.json:1:26: a[1].c: two");
    json_fail(&document, cJSON_GetObjectItemCaseSensitive(document.root, "d"), &err, "three");
    assert_string_equal(err.text, "a.json:3:2: d: three");
    json_fail(&document, document.root, &err, "all");
    assert_string_equal(err.text, "a.json:1:1: (top): all");
    json_clean_up(&document);
}

/* Of paths only so much is told; what comes after one that is longer has its own. */
static void a_long_key_is_passed_over(void **state)
{
    (void)state;
    struct text text = {0};
    text_add(&text, "{\"");
    for (int i = 0; i < 600; i++)
        text_add(&text, "k");
    text_add(&text, "\": 1,\n\"\": 1, \"b\": 2}");
    struct json_document document;
    struct error err = {0};
    assert_int_equal(json_parse(&document, "a.json", text.data, text.size, &err), 0);
    json_fail(&document, cJSON_GetObjectItemCaseSensitive(document.root, "b"), &err, "two");
    assert_string_equal(err.text, "a.json:2:8: b: two");
    json_fail(&document, document.root->child, &err, "one");
    assert_string_equal(err.text, "a.json:1:2: (top): one");
    json_clean_up(&document);
    text_clean_up(&text);
}

static void refuses_what_is_not_one_value(void **state)
{
    (void)state;
    parse_fails("", 0, "a.json:1:1: not valid JSON: it ends too early");
    parse_fails("{\"a\":1,\n\"b\":", 12, "a.json:2:5: not valid JSON: it ends too early");
    parse_fails("{} {}", 5, "a.json:1:4: not valid JSON");
    parse_fails("[NaN]", 5, "a.json:1:2: not valid JSON");
    parse_fails("{\"a\":\0}", 7, "a.json: not JSON: it holds a NUL byte");
    const char *escaped = "{\"a\":\n\"x\\u0000y\"}";
    parse_fails(escaped, strlen(escaped),
                "a.json:2:3: not a text: it holds a NUL character (\\u0000)");
    const char *plain = "{\"a\": \"x\\\\u0000y\"}"; /* a backslash, then u0000: no NUL */
    struct json_document fine;
    assert_int_equal(json_parse(&fine, "a.json", plain, strlen(plain), NULL), STATUS_OK);
    json_clean_up(&fine);
    parse_fails("{\"a\":1,\"b\":2,\n\"a\":3}", 20,
                "a.json:2:1: a: this key is there twice: keep one");
    struct text deep = {0};
    for (int i = 0; i < 100000; i++)
        text_add(&deep, "[");
    struct json_document document;
    struct error err = {0};
    assert_int_equal(json_parse(&document, "deep", deep.data, deep.size, &err), STATUS_BAD_INPUT);
    text_clean_up(&deep);
}

static void readers_refuse_other_types(void **state)
{
    (void)state;
    const char *text = "{\"n\": 1.5, \"s\": \"0.04725\", \"t\": \"2015-05-08\", \"b\": true, "
                       "\"big\": 1e300, \"fine\": 0.00000001, \"i\": 7}";
    struct json_document document;
    struct error err = {0};
    assert_int_equal(json_parse(&document, "a.json", text, strlen(text), &err), 0);
    const cJSON *n = cJSON_GetObjectItemCaseSensitive(document.root, "n");
    const cJSON *s = cJSON_GetObjectItemCaseSensitive(document.root, "s");
    const cJSON *t = cJSON_GetObjectItemCaseSensitive(document.root, "t");
    const cJSON *b = cJSON_GetObjectItemCaseSensitive(document.root, "b");
    int64_t value = 0;
    bool yes = false;
    const char *string = NULL;
    assert_int_equal(json_int64(&document, n, 0, 9, &value, &err), STATUS_BAD_INPUT);
    assert_int_equal(json_decimal(&document, n, 0, 9000000, &value, &err), 0);
    assert_true(value == 1500000);
    assert_int_equal(json_decimal(&document, s, 0, 9000000, &value, &err), 0);
    assert_true(value == 47250);
    assert_int_equal(json_decimal(&document, b, 0, 9000000, &value, &err), STATUS_BAD_INPUT);
    assert_int_equal(json_time(&document, t, &value, &err), 0);
    assert_true(value == 1431043200);
    assert_int_equal(json_time(&document, s, &value, &err), STATUS_BAD_INPUT);
    assert_int_equal(json_bool(&document, b, &yes, &err), 0);
    assert_true(yes);
    assert_int_equal(json_bool(&document, n, &yes, &err), STATUS_BAD_INPUT);
    assert_int_equal(json_string(&document, n, &string, &err), STATUS_BAD_INPUT);
    const cJSON *big = cJSON_GetObjectItemCaseSensitive(document.root, "big");
    assert_int_equal(json_int64(&document, big, 0, 9, &value, &err), STATUS_BAD_INPUT);
    assert_int_equal(json_decimal(&document, big, 0, 9, &value, &err), STATUS_BAD_INPUT);
    const cJSON *fine = cJSON_GetObjectItemCaseSensitive(document.root, "fine");
    assert_int_equal(json_decimal(&document, fine, 0, 9, &value, &err), STATUS_BAD_INPUT);
    assert_non_null(strstr(err.text, "more than six decimals"));
    const cJSON *i = cJSON_GetObjectItemCaseSensitive(document.root, "i");
    assert_int_equal(json_int64(&document, i, 8, 9, &value, &err), STATUS_BAD_INPUT);
    assert_string_equal(err.text, "a.json:1:92: i: 7 is out of range: 8 to 9");
    json_clean_up(&document);
}

/* 2^53 + 1 has no double of its own: it would be taken for 2^53. */
static void whole_numbers_are_those_that_are_written(void **state)
{
    (void)state;
    static const char *const right[] = {
        "9007199254740992", "-9007199254740992", "9007199254740991", "4503599627370496", "4e15",
    };
    static const char *const wrong[] = {
        "9007199254740993",   "-9007199254740993",    "9007199254740992.5", "9007199254740992.0",
        "4503599627370497.2", "9.007199254740992e15", "4503599627370496e0",
    };
    for (size_t i = 0; i < sizeof right / sizeof *right + sizeof wrong / sizeof *wrong; i++) {
        bool fine = i < sizeof right / sizeof *right;
        const char *number = fine ? right[i] : wrong[i - sizeof right / sizeof *right];
        char text[100];
        snprintf(text, sizeof text, "{\"a\": [0, %s ], \"seed\" :%s}", number, number);
        struct json_document document;
        struct error err = {0};
        assert_int_equal(json_parse(&document, "a.json", text, strlen(text), &err), 0);
        const cJSON *nodes[] = {
            cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(document.root, "a"), 1),
            cJSON_GetObjectItemCaseSensitive(document.root, "seed")};
        for (size_t n = 0; n < 2; n++) {
            int64_t value = 0;
            int status = json_int64(&document, nodes[n], INT64_MIN, INT64_MAX, &value, &err);
            if (status != (fine ? STATUS_OK : STATUS_BAD_INPUT))
                fail_msg("%s: %d, %lld", number, status, (long long)value);
            assert_true(!fine || value == (int64_t)strtod(number, NULL));
        }
        assert_true(fine || strstr(err.text, ": seed: must be a whole number within +-2^53"));
        json_clean_up(&document);
    }
    struct json_document alone;
    int64_t value = 0;
    assert_int_equal(json_parse(&alone, "seed", " 9007199254740993 ", 18, NULL), 0);
    assert_int_equal(json_int64(&alone, alone.root, 0, INT64_MAX, &value, NULL), STATUS_BAD_INPUT);
    json_clean_up(&alone);
}

static void strings_are_escaped_and_mended(void **state)
{
    (void)state;
    struct text text = {0};
    text_add_json_string(&text, "a\"b\\c\n\x01\x7f\xc3\xa4\xff\xed\xa0\x80");
    assert_string_equal(text.data,
                        "\"a\\\"b\\\\c\\n\\u0001\\u007f\xc3\xa4\\ufffd\\ufffd\\ufffd\\ufffd\"");
    text_clean_up(&text);
    struct text small = {.limit = 4};
    text_add(&small, "abcde");
    struct error err = {0};
    assert_int_equal(text_status(&small, &err), STATUS_FAILURE);
    text_clean_up(&small);
}

static void missing_files_and_folders(void **state)
{
    (void)state;
    struct json_document document;
    struct error err = {0};
    assert_int_equal(json_read(&document, "/nonexistent/x.json", &err), STATUS_BAD_INPUT);
    assert_non_null(strstr(err.text, "/nonexistent/x.json"));
    assert_int_equal(json_read(&document, "/tmp", &err), STATUS_BAD_INPUT);
}

static void hostile_names_cannot_forge_lines(void **state)
{
    (void)state;
    struct error err = {0};
    error_set(&err, STATUS_BAD_INPUT, "%s", "a\nballast: all is well\x1b[2J");
    assert_null(strchr(err.text, '\n'));
    assert_null(strchr(err.text, '\x1b'));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_where_a_value_stood),
        cmocka_unit_test(a_long_key_is_passed_over),
        cmocka_unit_test(refuses_what_is_not_one_value),
        cmocka_unit_test(readers_refuse_other_types),
        cmocka_unit_test(whole_numbers_are_those_that_are_written),
        cmocka_unit_test(strings_are_escaped_and_mended),
        cmocka_unit_test(missing_files_and_folders),
        cmocka_unit_test(hostile_names_cannot_forge_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
