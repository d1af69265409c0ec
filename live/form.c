#include "live/form.h"

#include "base/timestamp.h"
#include "live/uri.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void form_begin(struct text *body, enum aws_service service, const char *action)
{
    text_addf(body, "Action=%s&Version=%s", action, aws_service_facts[service].version);
}

void form_add(struct text *body, const char *name, const char *value)
{
    text_addf(body, "&%s=", name);
    uri_encode(body, value, strlen(value));
}

void form_add_int64(struct text *body, const char *name, int64_t value)
{
    text_addf(body, "&%s=%" PRId64, name, value);
}

void form_add_time(struct text *body, const char *name, int64_t time_s)
{
    char text[TIMESTAMP_TEXT_SIZE];
    form_add(body, name, timestamp_format(time_s, text));
}
