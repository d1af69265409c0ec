/* JSON that is one value: read whole, so that every complaint names its place. */
#include "traces/reader.h"

#include "base/text.h"

#include <string.h>

int reader_document(struct input *input, struct json_document *out_document, struct error *err)
{
    struct text text = {.limit = JSON_FILE_LIMIT};
    *out_document = (struct json_document){0};
    while (!text.failed && input_peek(input) >= 0) {
        text_add_bytes(&text, (const char *)input->buffer + input->at, input->end - input->at);
        input->at = input->end;
    }
    int status = input->status;
    if (!status && text.failed)
        status = error_set(err, STATUS_BAD_INPUT,
                           "%s: larger than %d MiB: JSON of this kind is "
                           "never that large",
                           input->name, JSON_FILE_LIMIT / (1024 * 1024));
    if (!status)
        status = json_parse(out_document, input->name, text.data ? text.data : "", text.size, err);
    text_clean_up(&text);
    return status;
}

bool document_starts_with(struct field start, const char *const *keys)
{
    size_t at = 0;
    while (at < start.length && memchr(" \t\r\n{", start.text[at], 5))
        at++;
    if (at == start.length || start.text[at] != '"')
        return false;
    start.text += at + 1;
    start.length -= at + 1;
    for (; *keys; keys++) {
        size_t length = strlen(*keys);
        if (row_starts_with(start, *keys) && start.length > length && start.text[length] == '"')
            return true;
    }
    return false;
}
