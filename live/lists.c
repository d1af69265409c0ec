#include "live/lists.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

void *list_add(struct list *list)
{
    if (list->count == list->capacity) {
        list->capacity = list->capacity ? 2 * list->capacity : 16;
        list->items = memory_resize(list->items, list->capacity, list->size);
    }
    void *item = (char *)list->items + list->count++ * list->size;
    memset(item, 0, list->size);
    return item;
}

int call_items(struct client *client, const char *operation, const struct text *body,
               page_reader read, struct list *list, void **out_items, size_t *out_count,
               struct aws_error *out_error, struct error *err)
{
    const struct paged_call call = {
        .service = AWS_EC2, .operation = operation, .body = body, .read = read, .context = list};
    int status = call_pages(client, &call, out_error, err);
    if (status) {
        free(list->items);
        list->items = NULL;
        list->count = 0;
    }
    *out_items = list->items;
    *out_count = list->count;
    return status;
}
