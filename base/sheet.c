#include "base/sheet.h"

#include "base/memory.h"

#include <errno.h>
#include <string.h>

bool sheet_form_find(const char *name, enum sheet_form *out_form)
{
    static const char *const names[] = {"csv", "json", "jsonl"};
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        if (strcmp(name, names[i]) == 0) {
            *out_form = (enum sheet_form)i;
            return true;
        }
    }
    return false;
}

static void write_line(struct sheet *sheet)
{
    if (sheet->line.failed ||
        fwrite(sheet->line.data, 1, sheet->line.size, sheet->out) != sheet->line.size)
        sheet->failed = true;
    sheet->line.size = 0;
}

static void add_csv(struct text *line, const char *text)
{
    if (*text && !strpbrk(text, ",\"\r\n")) {
        text_add(line, text);
        return;
    }
    text_add(line, "\"");
    for (; *text; text++) {
        text_add(line, *text == '"' ? "\"" : "");
        text_add_bytes(line, text, 1);
    }
    text_add(line, "\"");
}

void sheet_begin(struct sheet *sheet, FILE *out, enum sheet_form form, const char *const *columns,
                 size_t count)
{
    *sheet = (struct sheet){.out = out, .form = form, .columns = columns, .count = count};
    if (form == SHEET_JSON_LINES)
        return;
    for (size_t i = 0; i < count && form == SHEET_CSV; i++) {
        text_add(&sheet->line, i ? "," : "");
        add_csv(&sheet->line, columns[i]);
    }
    text_add(&sheet->line, form == SHEET_CSV ? "\n" : "[");
    write_line(sheet);
}

/* All that stands before the next value. */
static void begin_value(struct sheet *sheet)
{
    struct text *line = &sheet->line;
    bool first = sheet->next == 0;
    if (sheet->form == SHEET_CSV) {
        text_add(line, first ? "" : ",");
        return;
    }
    if (first && sheet->form == SHEET_JSON)
        text_add(line, sheet->rows ? ",\n" : "\n");
    text_add(line, first ? "{" : ",");
    text_add_json_string(line, sheet->columns[sheet->next]);
    text_add(line, ":");
}

static void end_value(struct sheet *sheet)
{
    if (++sheet->next < sheet->count)
        return;
    text_add(&sheet->line, sheet->form == SHEET_CSV    ? "\n"
                           : sheet->form == SHEET_JSON ? "}"
                                                       : "}\n");
    write_line(sheet);
    sheet->next = 0;
    sheet->rows++;
}

/* As it is, or NULL. */
static void add_plain(struct sheet *sheet, const char *text)
{
    begin_value(sheet);
    bool null = !text || strcmp(text, "null") == 0;
    if (!null)
        text_add(&sheet->line, text);
    else if (sheet->form != SHEET_CSV)
        text_add(&sheet->line, "null");
    end_value(sheet);
}

void sheet_number(struct sheet *sheet, const char *text)
{
    add_plain(sheet, text);
}

void sheet_integer(struct sheet *sheet, int128 value)
{
    char text[DECIMAL_TEXT_SIZE];
    add_plain(sheet, int128_format(value, text));
}

void sheet_micro(struct sheet *sheet, int128 micro)
{
    char text[DECIMAL_TEXT_SIZE];
    add_plain(sheet, decimal_format(micro, text));
}

void sheet_text(struct sheet *sheet, const char *text)
{
    if (!text) {
        add_plain(sheet, NULL);
        return;
    }
    begin_value(sheet);
    if (sheet->form == SHEET_CSV)
        add_csv(&sheet->line, text);
    else
        text_add_json_string(&sheet->line, text);
    end_value(sheet);
}

void sheet_json(struct sheet *sheet, const char *json)
{
    if (sheet->form == SHEET_CSV)
        sheet_text(sheet, json);
    else
        add_plain(sheet, json);
}

int sheet_end(struct sheet *sheet, struct error *err)
{
    if (sheet->form == SHEET_JSON) {
        text_add(&sheet->line, sheet->rows ? "\n]\n" : "]\n");
        write_line(sheet);
    }
    bool failed = sheet->failed || fflush(sheet->out) != 0 || ferror(sheet->out);
    text_clean_up(&sheet->line);
    if (failed)
        return error_set(err, STATUS_FAILURE, "the table could not be written: %s",
                         strerror(errno));
    return STATUS_OK;
}
