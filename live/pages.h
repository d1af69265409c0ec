/* Calls with XML replies, page after page. */
#ifndef LIVE_PAGES_H
#define LIVE_PAGES_H

#include "base/text.h"
#include "live/client.h"
#include "live/xml.h"

/* Take in one page. `result` is the OPERATIONResult element of the query protocol, the root of
 * EC2's. */
typedef int (*page_reader)(const struct _xmlNode *result, void *context, struct error *err);

struct paged_call {
    enum aws_service service;
    const char *operation;
    const struct text *body; /* without a token */
    page_reader read;
    void *context;
};

/* Call until there is no token left. A reply that `read` refuses is "BadReply". */
int call_pages(struct client *client, const struct paged_call *call, struct aws_error *out_error,
               struct error *err);

/* Set the error "BadReply": "OPERATION: the reply WHAT". Returns STATUS_FAILURE. */
int bad_reply(const char *operation, const char *what, struct aws_error *out_error,
              struct error *err);

#endif
