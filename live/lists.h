/* Lists that EC2 replies in pages. */
#ifndef LIVE_LISTS_H
#define LIVE_LISTS_H

#include "live/pages.h"

/* A list that grows page by page. */
struct list {
    void *items;
    size_t size; /* bytes of one */
    size_t count;
    size_t capacity;
};

/* A new item, zeroed. */
void *list_add(struct list *list);

/* Call EC2, and hand the list that `read` fills over: to be freed. Nothing on error. */
int call_items(struct client *client, const char *operation, const struct text *body,
               page_reader read, struct list *list, void **out_items, size_t *out_count,
               struct aws_error *out_error, struct error *err);

#endif
