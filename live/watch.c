#include "live/watch.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

bool live_watched_is_price(const struct live_watched *watched, const struct aws_spot_price *price)
{
    for (size_t i = 0; i < watched->fleet.pool_count; i++) {
        const struct aws_pool *pool = &watched->fleet.pools[i];
        if (strcmp(pool->instance_type, price->instance_type) == 0 &&
            (!pool->zone[0] || strcmp(pool->zone, price->zone) == 0))
            return true;
    }
    return false;
}

static int prices(struct client *client, const struct live_account_names *names, int64_t start_s,
                  int64_t end_s, struct live_watched *watched, struct aws_error *out_error,
                  struct error *err)
{
    const struct aws_spot_fleet *fleet = &watched->fleet;
    const char **types = memory_new(fleet->pool_count + 1, sizeof *types);
    size_t count = 0;
    for (size_t i = 0; i < fleet->pool_count; i++) {
        size_t t = 0;
        while (t < count && strcmp(types[t], fleet->pools[i].instance_type) != 0)
            t++;
        if (t == count)
            types[count++] = fleet->pools[i].instance_type;
    }
    const struct aws_price_query query = {.instance_types = types,
                                          .type_count = count,
                                          .product = names->product,
                                          .start_s = start_s,
                                          .end_s = end_s};
    /* Without a type, those of all types would be meant. */
    int status = STATUS_OK;
    if (count)
        status = aws_describe_spot_price_history(client, &query, &watched->prices,
                                                 &watched->price_count, out_error, err);
    free(types);
    return status;
}

int live_watch(struct client *client, struct live_account *account,
               const struct live_account_names *names, int64_t prices_s, int64_t events_s,
               int64_t now_s, struct live_watched *out_watched, struct aws_error *out_error,
               struct error *err)
{
    *out_watched = (struct live_watched){0};
    int status = live_account_pools(account, &out_watched->fleet, out_error, err);
    if (!status)
        status = prices(client, names, prices_s, now_s, out_watched, out_error, err);
    /* Before the events: whoever ends in between is known from here, whoever begins from there. */
    if (!status)
        status =
            aws_describe_spot_instances_of_fleet(client, names->fleet_id, &out_watched->instances,
                                                 &out_watched->instance_count, out_error, err);
    if (!status)
        status = aws_describe_spot_fleet_request_history(client, names->fleet_id, events_s,
                                                         &out_watched->events,
                                                         &out_watched->event_count, out_error, err);
    if (status)
        live_watched_clean_up(out_watched);
    return status;
}

void live_watched_clean_up(struct live_watched *watched)
{
    aws_spot_fleet_clean_up(&watched->fleet);
    free(watched->prices);
    free(watched->instances);
    free(watched->events);
    *watched = (struct live_watched){0};
}
