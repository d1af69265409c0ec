#include "operate/metrics.h"

#include <string.h>

/* The newest price of an instance's pool; BALLAST_UNKNOWN where none was seen. */
static int64_t price_of(const struct live_watched *watched,
                        const struct aws_spot_instance *instance, const char *product)
{
    int64_t found = BALLAST_UNKNOWN;
    int64_t newest_s = 0;
    for (size_t i = 0; i < watched->price_count; i++) {
        const struct aws_spot_price *price = &watched->prices[i];
        if (strcmp(price->zone, instance->zone) == 0 &&
            strcmp(price->instance_type, instance->instance_type) == 0 &&
            strcmp(price->product, product) == 0 &&
            (found == BALLAST_UNKNOWN || price->time_s > newest_s)) {
            found = price->micro_usd_per_hour;
            newest_s = price->time_s;
        }
    }
    return found;
}

void metrics_spend(struct live_metrics *metrics, const struct live_watched *watched,
                   const char *product, int64_t now_s)
{
    int64_t sum = 0;
    for (size_t i = 0; i < watched->instance_count && sum != BALLAST_UNKNOWN; i++) {
        int64_t price = price_of(watched, &watched->instances[i], product);
        /* A sum that leaves some out would look like thrift. */
        sum = price == BALLAST_UNKNOWN ? BALLAST_UNKNOWN : sum + price;
    }
    metrics->spot_micro_usd_per_hour = sum;
    metrics->looked_s = now_s;
}
