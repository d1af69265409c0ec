/* What happened around a fleet, whether its policy asks for it or not: for recordings, which shall
 * serve other policies too. Four reads, none of which counts as a call of the port. */
#ifndef LIVE_WATCH_H
#define LIVE_WATCH_H

#include "live/account.h"

/* All lists owned. */
struct live_watched {
    struct aws_spot_fleet fleet; /* its pools, in their zones where these can be told */
    struct aws_spot_price *prices;
    size_t price_count;
    struct aws_spot_instance *instances; /* running now */
    size_t instance_count;
    struct aws_fleet_event *events;
    size_t event_count;
};

/* Prices of the fleet's types: those in force at prices_s and all changes up to now_s. Events of
 * the fleet since events_s; AWS shows them up to 30 s late and keeps them for 48 h. An error is
 * STATUS_FAILURE with out_error set, and leaves nothing to clean up. */
int live_watch(struct client *client, struct live_account *account,
               const struct live_account_names *names, int64_t prices_s, int64_t events_s,
               int64_t now_s, struct live_watched *out_watched, struct aws_error *out_error,
               struct error *err);
void live_watched_clean_up(struct live_watched *watched);

/* Is it a price of one of the fleet's pools? */
bool live_watched_is_price(const struct live_watched *watched, const struct aws_spot_price *price);

#endif
