#include "capacity.h"

#include "world.h"

int64_t pool_free_capacity(const struct world *world, const struct pool *pool)
{
    (void)world;
    (void)pool;
    return INT64_MAX;
}
