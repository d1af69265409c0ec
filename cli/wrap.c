#include "wrap.h"

#include <string.h>

int wrap_columns(const char *text, size_t bytes)
{
    int columns = 0;
    for (size_t i = 0; i < bytes; i++)
        columns += ((unsigned char)text[i] & 0xc0) != 0x80;
    return columns;
}

/* One line of the text, `length` bytes, without its newline. */
static void wrap_line(FILE *out, const char *line, size_t length, int indent, int width)
{
    int column = indent;
    size_t at = 0;
    while (at < length) {
        while (at < length && line[at] == ' ')
            at++;
        size_t end = at;
        while (end < length && line[end] != ' ')
            end++;
        if (end == at)
            break;
        int columns = wrap_columns(line + at, end - at);
        if (column > indent && column + 1 + columns > width) {
            fprintf(out, "\n%*s", indent, "");
            column = indent;
        } else if (column > indent) {
            fputc(' ', out);
            column++;
        }
        fwrite(line + at, 1, end - at, out);
        column += columns;
        at = end;
    }
}

void wrap_print(FILE *out, const char *text, int indent, int width)
{
    for (const char *line = text; line;) {
        const char *newline = strchr(line, '\n');
        size_t length = newline ? (size_t)(newline - line) : strlen(line);
        if (line != text && length)
            fprintf(out, "%*s", indent, "");
        if (line[0] == ' ')
            fwrite(line, 1, length, out);
        else
            wrap_line(out, line, length, indent, width);
        fputc('\n', out);
        line = newline ? newline + 1 : NULL;
    }
}
