/* XML replies (wire.h). */
#include "twin/wire.h"

#include "base/decimal.h"
#include "base/timestamp.h"

#include <inttypes.h>
#include <math.h>

void xml_escape(struct text *out, const char *text)
{
    for (const char *c = text; *c; c++) {
        unsigned char byte = (unsigned char)*c;
        if (byte == '&')
            text_add(out, "&amp;");
        else if (byte == '<')
            text_add(out, "&lt;");
        else if (byte == '>')
            text_add(out, "&gt;");
        else if (byte == '"')
            text_add(out, "&quot;");
        else if (byte < ' ' && byte != '\t' && byte != '\n')
            text_add(out, "?"); /* XML 1.0 has no way to say these */
        else
            text_add_bytes(out, c, 1);
    }
}

static void write_number(struct text *out, double number)
{
    if (isnan(number))
        text_add(out, "NaN");
    else if (isinf(number))
        text_add(out, number > 0 ? "Infinity" : "-Infinity");
    else
        text_addf(out, "%.17g", number);
}

static void write_leaf(struct text *out, const struct tree *tree)
{
    char decimal[DECIMAL_TEXT_SIZE];
    char time[TIMESTAMP_TEXT_SIZE];
    switch (tree->kind) {
    case TREE_TEXT:
        xml_escape(out, tree->value.text);
        break;
    case TREE_BOOL:
        text_add(out, tree->value.truth ? "true" : "false");
        break;
    case TREE_INTEGER:
        text_addf(out, "%" PRId64, tree->value.integer);
        break;
    case TREE_MICRO:
        text_add(out, decimal_format(tree->value.integer, decimal));
        break;
    case TREE_NUMBER:
        write_number(out, tree->value.number);
        break;
    case TREE_TIME:
        text_add(out, timestamp_format(tree->value.integer, time));
        break;
    case TREE_NULL:
    case TREE_OBJECT:
    case TREE_LIST:
        break;
    }
}

void xml_write(struct text *out, const struct tree *object, const char *item)
{
    for (const struct tree *at = object->first; at; at = at->next) {
        const char *name = at->name ? at->name : item;
        text_addf(out, "<%s>", name);
        if (at->kind == TREE_OBJECT || at->kind == TREE_LIST)
            xml_write(out, at, item);
        else
            write_leaf(out, at);
        text_addf(out, "</%s>", name);
    }
}
