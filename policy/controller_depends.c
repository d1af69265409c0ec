/* What the last decision depends on, and whether that would still be answered as it was. */
#include "policy/controller_parts.h"

#include <string.h>

bool controller_heard(const struct controller *controller, size_t index)
{
    return controller->reads & SIZED_READ(index);
}

bool controller_ignores_notices(const struct controller *controller)
{
    return controller->sized;
}

bool controller_ignores_group(const struct controller *controller)
{
    return controller->sized && controller->holds;
}

bool controller_holds_while_differ(const struct controller *controller, size_t index)
{
    return controller->differ & SIZED_READ(index);
}

const struct sized_band *controller_band(const struct controller *controller, size_t index)
{
    return controller->banded & SIZED_READ(index) ? &controller->values : NULL;
}

struct sized_band controller_targets(const struct controller *controller,
                                     const struct ballast_observation *observation,
                                     const int64_t *figures)
{
    if (!controller->targets)
        return (struct sized_band){INT64_MAX, INT64_MIN};
    return controller->targets(figures, observation, controller->parameters);
}

bool controller_price_band(const struct controller *controller,
                           const struct ballast_spot_price *row, struct price_band *out_band)
{
    if (!controller->band)
        return false;
    *out_band = controller->band(row, controller->parameters);
    return true;
}

/* With `sized`, as far as sized_decide and the guards go by it. */
static bool same_group(const struct ballast_group *a, const struct ballast_group *b, bool sized)
{
    return a->status == b->status && a->min_size == b->min_size && a->max_size == b->max_size &&
           a->desired_capacity == b->desired_capacity &&
           a->units_per_instance_micro == b->units_per_instance_micro &&
           (sized || (a->in_service == b->in_service && a->pending == b->pending));
}

static bool same_fleet(const struct ballast_fleet *a, const struct ballast_fleet *b)
{
    return a->target_micro == b->target_micro && a->fulfilled_micro == b->fulfilled_micro &&
           a->active == b->active;
}

static bool same_cluster(const struct ballast_cluster *a, const struct ballast_cluster *b)
{
    return a->registered_instances == b->registered_instances &&
           a->running_tasks == b->running_tasks && a->pending_tasks == b->pending_tasks;
}

/* Names are often the same bytes. */
static bool same_name(const char *a, const char *b)
{
    return a == b || strcmp(a, b) == 0;
}

static bool same_pool(const struct ballast_spot_price *a, const struct ballast_spot_price *b)
{
    return same_name(a->instance_type, b->instance_type) && same_name(a->zone, b->zone) &&
           a->weight_micro == b->weight_micro && a->fulfilled_micro == b->fulfilled_micro;
}

static bool same_pools(const struct ballast_answer *before, const struct cloud *cloud)
{
    struct ballast_spot_price prices[SPOT_PRICES_MAX];
    struct ballast_answer answer;
    cloud->describe_spot_prices(prices, SPOT_PRICES_MAX, &answer, cloud->context);
    bool same =
        answer.status == before->status && answer.spot_price_count == before->spot_price_count;
    for (size_t i = 0; same && i < answer.spot_price_count; i++)
        same = same_pool(&prices[i], &before->spot_prices[i]);
    return same;
}

static bool same_answer(const struct read_slot *slot, const struct ballast_answer *before,
                        const struct cloud *cloud)
{
    struct ballast_answer answer = {.status = BALLAST_EMPTY};
    struct ballast_fleet fleet;
    struct ballast_cluster cluster;
    switch (slot->read->kind) {
    case BALLAST_READ_METRIC:
        break;
    case BALLAST_READ_FLEET:
        cloud->describe_fleet(&fleet, &answer, cloud->context);
        return answer.status == before->status &&
               (answer.status != BALLAST_OK || same_fleet(answer.fleet, before->fleet));
    case BALLAST_READ_CLUSTER:
        cloud->describe_cluster(&cluster, &answer, cloud->context);
        return answer.status == before->status &&
               (answer.status != BALLAST_OK || same_cluster(answer.cluster, before->cluster));
    case BALLAST_READ_SPOT_PRICES:
        return same_pools(before, cloud);
    }
    return true;
}

bool controller_sees_the_same(const struct controller *controller, const struct cloud *cloud,
                              const struct ballast_group *group)
{
    if (group) {
        struct ballast_group described;
        cloud->describe_group(&described, cloud->context);
        if (!same_group(&described, group, controller->sized))
            return false;
    }
    for (size_t i = 0; i < controller->policy->read_count; i++) {
        if (controller->slots[i].read->kind != BALLAST_READ_METRIC &&
            controller_heard(controller, i) &&
            !same_answer(&controller->slots[i], &controller->answers[i], cloud))
            return false;
    }
    return true;
}
