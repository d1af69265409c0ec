/* Tables row by row: RFC 4180's quoting, JSON's, and what cannot be written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/sheet.h"

#include <stdlib.h>

static const char *const columns[] = {"a", "b,\"c\""};

static void write_all(FILE *out, enum sheet_form form, size_t rows)
{
    struct sheet sheet;
    struct error err = {0};
    sheet_begin(&sheet, out, form, columns, 2);
    if (rows > 0) {
        sheet_integer(&sheet, -7);
        sheet_text(&sheet, "plain; text");
        sheet_micro(&sheet, 12500000);
        sheet_text(&sheet, "a, \"b\"\r\nc");
        sheet_number(&sheet, "null");
        sheet_text(&sheet, "");
        sheet_number(&sheet, NULL);
        sheet_text(&sheet, NULL);
        sheet_number(&sheet, "170141183460469231731687303715884105727");
        sheet_json(&sheet, "{\"x\":[1,2]}");
    }
    assert_int_equal(sheet_end(&sheet, &err), STATUS_OK);
}

static void expect(enum sheet_form form, size_t rows, const char *text)
{
    char *data = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&data, &size);
    write_all(out, form, rows);
    fclose(out);
    assert_string_equal(data, text);
    free(data);
}

static void csv_is_quoted(void **state)
{
    (void)state;
    expect(SHEET_CSV, 5,
           "a,\"b,\"\"c\"\"\"\n-7,plain; text\n12.5,\"a, \"\"b\"\"\r\nc\"\n,\"\"\n,\n"
           "170141183460469231731687303715884105727,\"{\"\"x\"\":[1,2]}\"\n");
    expect(SHEET_CSV, 0, "a,\"b,\"\"c\"\"\"\n");
}

static void json_is_json(void **state)
{
    (void)state;
    const char lines[] = "{\"a\":-7,\"b,\\\"c\\\"\":\"plain; text\"}\n"
                         "{\"a\":12.5,\"b,\\\"c\\\"\":\"a, \\\"b\\\"\\u000d\\nc\"}\n"
                         "{\"a\":null,\"b,\\\"c\\\"\":\"\"}\n{\"a\":null,\"b,\\\"c\\\"\":null}\n"
                         "{\"a\":170141183460469231731687303715884105727,"
                         "\"b,\\\"c\\\"\":{\"x\":[1,2]}}\n";
    expect(SHEET_JSON_LINES, 5, lines);
    expect(SHEET_JSON_LINES, 0, "");
    expect(SHEET_JSON, 0, "[]\n");
    char *array = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&array, &size);
    fputs("[\n", out);
    for (const char *c = lines; *c; c++) {
        if (*c != '\n')
            fputc(*c, out);
        else if (c[1])
            fputs(",\n", out);
    }
    fputs("\n]\n", out);
    fclose(out);
    expect(SHEET_JSON, 5, array);
    free(array);
}

static void a_full_disk_is_told(void **state)
{
    (void)state;
    struct sheet sheet;
    struct error err = {0};
    FILE *out = fopen("/dev/full", "w");
    if (!out)
        skip();
    sheet_begin(&sheet, out, SHEET_CSV, columns, 2);
    assert_int_equal(sheet_end(&sheet, &err), STATUS_FAILURE);
    fclose(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(csv_is_quoted),
                                       cmocka_unit_test(json_is_json),
                                       cmocka_unit_test(a_full_disk_is_told)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
