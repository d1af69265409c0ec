/* The values of a sweep's dimensions: which there are, and in what order. */
#include "base/memory.h"
#include "sweep_data.h"

#include <stdlib.h>
#include <string.h>

struct value {
    const char *text;
    size_t first; /* row that has it */
    int64_t micro;
};

struct column {
    const struct sweep_rows *rows;
    size_t path;
};

static const char *text_at(const struct column *column, size_t row)
{
    return column->rows->texts[row * column->rows->path_count + column->path];
}

static int by_text(const void *a, const void *b, void *context)
{
    size_t x = *(const size_t *)a;
    size_t y = *(const size_t *)b;
    int sign = strcmp(text_at(context, x), text_at(context, y));
    return sign ? sign : (x > y) - (x < y);
}

static int by_number(const void *a, const void *b)
{
    const struct value *x = a;
    const struct value *y = b;
    if (x->micro != y->micro)
        return x->micro < y->micro ? -1 : 1;
    return strcmp(x->text, y->text);
}

static int by_first(const void *a, const void *b)
{
    const struct value *x = a;
    const struct value *y = b;
    return (x->first > y->first) - (x->first < y->first);
}

/* Each text once, by text. */
static struct value *distinct(const struct column *column, const size_t *order, size_t *out_count)
{
    struct value *values = memory_new(column->rows->count, sizeof *values);
    size_t count = 0;
    for (size_t i = 0; i < column->rows->count; i++) {
        const char *text = text_at(column, order[i]);
        if (count == 0 || strcmp(values[count - 1].text, text) != 0)
            values[count++] = (struct value){.text = text, .first = order[i]};
    }
    *out_count = count;
    return values;
}

static bool read_numbers(struct value *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (decimal_parse(values[i].text, strlen(values[i].text), &values[i].micro) != DECIMAL_OK)
            return false;
    }
    return true;
}

/* Of a time that is midnight the date says all. */
static char *shown(const char *text)
{
    static const char midnight[] = "T00:00:00Z";
    char *copy = memory_copy_text(text);
    size_t length = strlen(copy);
    if (length > sizeof midnight - 1 &&
        strcmp(copy + length - (sizeof midnight - 1), midnight) == 0)
        copy[length - (sizeof midnight - 1)] = '\0';
    return copy;
}

void sweep_number_values(const struct sweep_rows *rows, size_t path,
                         struct sweep_dimension *out_dimension, size_t **out_numbers)
{
    struct column column = {rows, path};
    size_t *order = memory_new(rows->count, sizeof *order);
    for (size_t i = 0; i < rows->count; i++)
        order[i] = i;
    qsort_r(order, rows->count, sizeof *order, by_text, &column);
    size_t count = 0;
    struct value *values = distinct(&column, order, &count);
    bool numbers = read_numbers(values, count);
    qsort(values, count, sizeof *values, numbers ? by_number : by_first);
    *out_dimension = (struct sweep_dimension){.name = memory_copy_text(rows->paths[path]),
                                              .values = memory_new(count, sizeof(char *)),
                                              .value_count = count,
                                              .numbers = numbers,
                                              .micro = memory_new(count, sizeof(int64_t))};
    size_t *number_of_first = memory_new(rows->count, sizeof *number_of_first);
    for (size_t v = 0; v < count; v++) {
        out_dimension->values[v] = shown(values[v].text);
        out_dimension->micro[v] = values[v].micro;
        number_of_first[values[v].first] = v;
    }
    /* Rows of one text stand together, the first of them in front. */
    *out_numbers = memory_new(rows->count, sizeof **out_numbers);
    size_t first = 0;
    for (size_t i = 0; i < rows->count; i++) {
        if (i == 0 || strcmp(text_at(&column, order[i]), text_at(&column, order[i - 1])) != 0)
            first = order[i];
        (*out_numbers)[order[i]] = number_of_first[first];
    }
    free(number_of_first);
    free(values);
    free(order);
}

/* One path, of `length`: all of it, or its last part. */
static bool is_path(const char *path, size_t length, const char *asked, size_t ending)
{
    if (ending == 0 || ending > length || strncmp(path + length - ending, asked, ending) != 0)
        return false;
    return ending == length || path[length - ending - 1] == '.';
}

bool sweep_is_called(const char *name, const char *asked)
{
    for (const char *part = asked; part; part = strchr(part, ',')) {
        part += *part == ',';
        for (const char *path = name; path; path = strchr(path, ',')) {
            path += *path == ',';
            if (is_path(path, strcspn(path, ","), part, strcspn(part, ",")))
                return true;
        }
    }
    return false;
}
