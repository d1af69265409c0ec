/* A table written row by row, as CSV or JSON: nothing of it is held in memory but one row.
 *
 * CSV is quoted as RFC 4180 says: a first line of names, text in double quotes where it holds a
 * comma, a quote or a line's end, and where it is empty, so that it is told from NULL, which is
 * nothing. Lines end in a line feed. JSON is an array of objects, or an object a line.
 *
 *     sheet_begin(&sheet, stdout, SHEET_CSV, columns, 2);
 *     sheet_integer(&sheet, 7);
 *     sheet_text(&sheet, "a, b");
 *     ...
 *     status = sheet_end(&sheet, err);
 *
 * Values are given in the order of the columns; a row ends with the last of them.
 */
#ifndef BASE_SHEET_H
#define BASE_SHEET_H

#include "base/decimal.h"
#include "base/error.h"
#include "base/text.h"

#include <stdio.h>

enum sheet_form { SHEET_CSV = 0, SHEET_JSON, SHEET_JSON_LINES };

struct sheet {
    FILE *out;
    enum sheet_form form;
    const char *const *columns; /* borrowed */
    size_t count;
    size_t next; /* column */
    size_t rows;
    struct text line;
    bool failed;
};

/* "csv", "json", "jsonl"; false for none of them. */
bool sheet_form_find(const char *name, enum sheet_form *out_form);

void sheet_begin(struct sheet *sheet, FILE *out, enum sheet_form form, const char *const *columns,
                 size_t count);

/* A number as its text is: digits, perhaps a sign, a point, an exponent; NULL or "null" is NULL. */
void sheet_number(struct sheet *sheet, const char *text);
void sheet_integer(struct sheet *sheet, int128 value);
/* Millionths as an exact decimal. */
void sheet_micro(struct sheet *sheet, int128 micro);
/* NULL is NULL. */
void sheet_text(struct sheet *sheet, const char *text);
/* Text that is JSON: a value of its own in JSON, text in CSV. */
void sheet_json(struct sheet *sheet, const char *json);

/* The end, also after an error. STATUS_FAILURE where something could not be written. */
int sheet_end(struct sheet *sheet, struct error *err);

#endif
