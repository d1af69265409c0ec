/* Bodies of the query protocols: Action=...&Version=...&Name=value. */
#ifndef LIVE_FORM_H
#define LIVE_FORM_H

#include "base/text.h"
#include "live/service.h"

#include <stdint.h>

void form_begin(struct text *body, enum aws_service service, const char *action);
void form_add(struct text *body, const char *name, const char *value);
void form_add_int64(struct text *body, const char *name, int64_t value);
void form_add_time(struct text *body, const char *name, int64_t time_s);

#endif
