#include "record/record.h"

const char *record_bound_name(enum record_bound bound)
{
    return bound == BOUND_FULL_SERVICE ? "full-service" : "lower";
}

const char *record_end_name(enum record_end end)
{
    switch (end) {
    case END_STILL_RUNNING:
        return "still-running";
    case END_PRICE:
        return "price";
    case END_CAPACITY:
        return "capacity";
    case END_FLEET_SCALE_IN:
        return "fleet-scale-in";
    case END_FLEET_EXPIRED:
        return "fleet-expired";
    case END_GROUP_SCALE_IN:
        return "group-scale-in";
    case END_FLEET_CANCELLED:
        return "fleet-cancelled";
    case END_LAUNCH_CANCELLED:
        return "launch-cancelled";
    case END_REBALANCE:
        return "rebalance";
    }
    return "unknown";
}
