#include "live/account_parts.h"

#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct aws_pool *pool_of(const struct aws_spot_fleet *fleet,
                                      const struct aws_spot_price *price)
{
    for (size_t i = 0; i < fleet->pool_count; i++) {
        const struct aws_pool *pool = &fleet->pools[i];
        if (strcmp(pool->instance_type, price->instance_type) == 0 &&
            (!pool->zone[0] || strcmp(pool->zone, price->zone) == 0))
            return pool;
    }
    return NULL;
}

static bool there_already(const struct ballast_spot_price *prices, size_t count,
                          const struct aws_spot_price *price)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(prices[i].instance_type, price->instance_type) == 0 &&
            strcmp(prices[i].zone, price->zone) == 0)
            return true;
    }
    return false;
}

/* Take the pools' zones from those of the subnets known; the number of subnets still unknown, which
 * go to out_unknown. */
static size_t fill_zones(const struct live_account *account, struct aws_spot_fleet *fleet,
                         const char **out_unknown)
{
    size_t unknown = 0;
    for (size_t i = 0; i < fleet->pool_count; i++) {
        struct aws_pool *pool = &fleet->pools[i];
        if (pool->zone[0] || !pool->subnet[0])
            continue;
        for (size_t s = 0; s < account->subnet_count && !pool->zone[0]; s++) {
            if (strcmp(account->subnets[s].subnet, pool->subnet) == 0)
                snprintf(pool->zone, sizeof pool->zone, "%s", account->subnets[s].zone);
        }
        size_t seen = 0;
        while (seen < unknown && strcmp(out_unknown[seen], pool->subnet) != 0)
            seen++;
        if (!pool->zone[0] && seen == unknown)
            out_unknown[unknown++] = pool->subnet;
    }
    return unknown;
}

static int find_zones(struct live_account *account, struct aws_spot_fleet *fleet,
                      struct aws_error *out_error, struct error *err)
{
    const char **unknown = memory_new(fleet->pool_count + 1, sizeof *unknown);
    size_t count = fill_zones(account, fleet, unknown);
    int status = STATUS_OK;
    if (count > 0) {
        struct aws_subnet *found = NULL;
        size_t found_count = 0;
        status = aws_describe_subnets(account->client, unknown, count, &found, &found_count,
                                      out_error, err);
        account->subnets = memory_resize(account->subnets, account->subnet_count + found_count + 1,
                                         sizeof *account->subnets);
        for (size_t i = 0; i < found_count; i++)
            account->subnets[account->subnet_count++] = found[i];
        free(found);
    }
    if (!status && count > 0 && fill_zones(account, fleet, unknown) > 0) {
        *out_error = (struct aws_error){.code = "BadReply"};
        status = error_set(err, STATUS_FAILURE,
                           "DescribeSubnets: the reply leaves out subnets that were asked for");
    }
    free(unknown);
    return status;
}

int live_account_pools(struct live_account *account, struct aws_spot_fleet *out_fleet,
                       struct aws_error *out_error, struct error *err)
{
    bool found = false;
    int status = aws_describe_spot_fleet_request(account->client, account->names.fleet_id,
                                                 out_fleet, &found, out_error, err);
    if (!status && !found) {
        *out_error = (struct aws_error){.code = "NotFound"};
        status = error_set(err, STATUS_FAILURE, "there is no Spot Fleet request \"%.128s\"",
                           account->names.fleet_id);
    }
    if (!status)
        status = find_zones(account, out_fleet, out_error, err);
    if (status)
        aws_spot_fleet_clean_up(out_fleet);
    return status;
}

/* Prices in force now, of every type of the fleet. */
static int fetch_prices(struct live_account *account, const struct aws_spot_fleet *fleet,
                        size_t *out_count, struct aws_error *out_error, struct error *err)
{
    const char **types = memory_new(fleet->pool_count + 1, sizeof *types);
    size_t type_count = 0;
    for (size_t i = 0; i < fleet->pool_count; i++) {
        size_t t = 0;
        while (t < type_count && strcmp(types[t], fleet->pools[i].instance_type) != 0)
            t++;
        if (t == type_count)
            types[type_count++] = fleet->pools[i].instance_type;
    }
    int64_t now_s = account_time(account);
    const struct aws_price_query query = {.instance_types = types,
                                          .type_count = type_count,
                                          .product = account->names.product,
                                          .start_s = now_s,
                                          .end_s = now_s};
    free(account->prices);
    account->prices = NULL;
    *out_count = 0;
    int status = STATUS_OK;
    if (type_count > 0)
        status = aws_describe_spot_price_history(account->client, &query, &account->prices,
                                                 out_count, out_error, err);
    free(types);
    return status;
}

/* What the fleet runs in each pool. Where that cannot be asked it stays unknown, and the prices are
 * an answer all the same. */
static void fill_capacity(struct live_account *account, struct ballast_spot_price *prices,
                          size_t count)
{
    struct aws_spot_instance *instances = NULL;
    size_t instance_count = 0;
    struct aws_error error;
    struct error err;
    if (aws_describe_spot_instances_of_fleet(account->client, account->names.fleet_id, &instances,
                                             &instance_count, &error, &err)) {
        account_failed(account, &error, &err);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        prices[i].fulfilled_micro = 0;
        for (size_t k = 0; k < instance_count; k++) {
            if (strcmp(instances[k].instance_type, prices[i].instance_type) == 0 &&
                strcmp(instances[k].zone, prices[i].zone) == 0)
                prices[i].fulfilled_micro += prices[i].weight_micro;
        }
    }
    free(instances);
}

bool account_spot_prices(struct ballast_spot_price *out_prices, size_t capacity,
                         struct ballast_answer *out_answer, void *context)
{
    struct live_account *account = context;
    struct aws_error error;
    struct error err;
    struct aws_spot_fleet fleet;
    bool found = false;
    size_t fetched = 0;
    size_t count = 0;
    *out_answer = (struct ballast_answer){.status = BALLAST_EMPTY};
    int status = aws_describe_spot_fleet_request(account->client, account->names.fleet_id, &fleet,
                                                 &found, &error, &err);
    if (!status)
        status = find_zones(account, &fleet, &error, &err);
    if (!status)
        status = fetch_prices(account, &fleet, &fetched, &error, &err);
    if (status)
        *out_answer = (struct ballast_answer){.status = BALLAST_ERROR,
                                              .error_code = account_failed(account, &error, &err)};
    for (size_t i = 0; i < fetched && count < capacity; i++) {
        const struct aws_spot_price *price = &account->prices[i];
        const struct aws_pool *pool = pool_of(&fleet, price);
        /* Newest first: the first of each pool counts. */
        if (!pool || there_already(out_prices, count, price))
            continue;
        out_prices[count++] = (struct ballast_spot_price){
            .instance_type = price->instance_type,
            .zone = price->zone,
            .time_s = price->time_s,
            .micro_usd_per_hour = price->micro_usd_per_hour,
            .weight_micro = pool->weight_micro,
            .fulfilled_micro = BALLAST_UNKNOWN,
        };
    }
    if (count > 0) {
        fill_capacity(account, out_prices, count);
        *out_answer = (struct ballast_answer){
            .status = BALLAST_OK, .spot_prices = out_prices, .spot_price_count = count};
    }
    aws_spot_fleet_clean_up(&fleet);
    return true; /* of each pool only the newest row counts */
}
