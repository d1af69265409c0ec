/* Replies: XML, and the errors in it or in JSON. */
#include "live/aws_error.h"
#include "live/xml.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    char *text = malloc(count + 1);
    if (!text)
        return 0;
    if (count)
        memcpy(text, bytes, count);
    text[count] = '\0';
    struct http_response response = {.status = 400, .body = text, .body_size = count};
    struct aws_error error;
    aws_error_read(&error, &response);
    if (!error.code[0] || strpbrk(error.message, "\r\n"))
        abort();
    struct xml xml;
    struct error err = {0};
    if (xml_parse(&xml, text, count, true, &err) == STATUS_OK) {
        char out[64];
        int64_t value = 0;
        for (const struct _xmlNode *at = xml_find(xml.root, "a/member"); at; at = xml_next(at)) {
            xml_text(at, "b", out, sizeof out);
            xml_int64(at, "b", &value);
            xml_micro(at, "b", &value);
            xml_time(at, "b", &value);
        }
        xml_clean_up(&xml);
    } else if (!err.text[0]) {
        abort();
    }
    free(text);
    return 0;
}
