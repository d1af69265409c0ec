/* One HTTP request and its reply, as the twin sees them: whole, and free of any server. */
#ifndef TWIN_MESSAGE_H
#define TWIN_MESSAGE_H

#include "base/text.h"
#include "live/sigv4.h"

struct wire_request {
    const char *method;
    const char *path;  /* as sent, without the query */
    const char *query; /* as sent; "" for none */
    const struct sigv4_header *headers;
    size_t header_count;
    const char *body; /* as sent */
    size_t body_size;
};

/* The first header of that name, case apart, or NULL. */
const char *wire_header(const struct wire_request *request, const char *name);

enum { REPLY_HEADERS_MAX = 6 };

struct reply_header {
    const char *name;
    char value[128];
};

struct wire_reply {
    int status;
    struct reply_header headers[REPLY_HEADERS_MAX];
    size_t header_count;
    struct text body;
};

void wire_reply_header(struct wire_reply *reply, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
