#include "live/account.h"

#include "base/decimal.h"
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CODES_MAX = BALLAST_READS_MAX + 2 };

struct live_account {
    struct client *client;
    struct live_account_names names;
    const struct live_log *log;
    char codes[CODES_MAX][128]; /* of this evaluation's errors */
    size_t code_count;
    int64_t failures;
    struct aws_spot_price *prices; /* whose texts the answer borrows */
    struct aws_subnet *subnets;    /* the zones of those the fleet's request names, once asked */
    size_t subnet_count;
    bool told; /* the time, which is */
    int64_t now_s;
};

struct live_account *live_account_new(struct client *client, const struct live_account_names *names,
                                      const struct live_log *log)
{
    struct live_account *account = memory_new(1, sizeof *account);
    account->client = client;
    account->names = *names;
    account->log = log;
    return account;
}

void live_account_destroy(struct live_account *account)
{
    free(account->prices);
    free(account->subnets);
    free(account);
}

int64_t live_account_failures(const struct live_account *account)
{
    return account->failures;
}

void live_account_set_now(struct live_account *account, int64_t now_s)
{
    account->told = true;
    account->now_s = now_s;
}

static int64_t time_of(const struct live_account *account)
{
    const struct live_clock *clock = &account->client->clock;
    return account->told ? account->now_s : clock->now_s(clock->context);
}

static int64_t now(void *context)
{
    struct live_account *account = context;
    account->code_count = 0;
    account->failures = 0;
    return time_of(account);
}

/* Note a failure; the code, kept for as long as the answer holds. */
static const char *failed(struct live_account *account, const struct aws_error *error,
                          const struct error *err)
{
    static const char too_many[] = "Error";
    account->failures++;
    live_warn(account->log, "%s", err->text);
    if (account->code_count == CODES_MAX)
        return too_many;
    char *code = account->codes[account->code_count++];
    snprintf(code, sizeof account->codes[0], "%s", error->code);
    return code;
}

/* AWS answered, but does not know the name. */
static void not_there(struct live_account *account, const char *what, const char *name)
{
    account->failures++;
    live_warn(account->log, "there is no %s \"%.128s\" in %s", what, name,
              account->client->settings->region);
}

static void get_metric(const struct cloud_metric_query *query, struct ballast_point *out_points,
                       size_t capacity, struct ballast_answer *out_answer, void *context)
{
    struct live_account *account = context;
    struct aws_error error;
    struct error err;
    size_t count = 0;
    *out_answer = (struct ballast_answer){.status = BALLAST_OK, .points = out_points};
    if (aws_get_metric(account->client, account->names.fleet_id, query, out_points, capacity,
                       &count, &error, &err)) {
        out_answer->status = BALLAST_ERROR;
        out_answer->error_code = failed(account, &error, &err);
    } else if (count == 0) {
        out_answer->status = BALLAST_EMPTY;
    }
    out_answer->point_count = count;
}

static void describe_fleet(struct ballast_fleet *out_fleet, struct ballast_answer *out_answer,
                           void *context)
{
    struct live_account *account = context;
    struct aws_error error;
    struct error err;
    struct aws_spot_fleet fleet;
    bool found = false;
    *out_answer = (struct ballast_answer){.status = BALLAST_EMPTY};
    if (aws_describe_spot_fleet_request(account->client, account->names.fleet_id, &fleet, &found,
                                        &error, &err)) {
        *out_answer = (struct ballast_answer){.status = BALLAST_ERROR,
                                              .error_code = failed(account, &error, &err)};
    } else if (found) {
        *out_fleet = (struct ballast_fleet){
            .target_micro = fleet.target_micro,
            .fulfilled_micro = fleet.fulfilled_micro,
            .active = strcmp(fleet.state, "active") == 0 || strcmp(fleet.state, "modifying") == 0,
        };
        *out_answer = (struct ballast_answer){.status = BALLAST_OK, .fleet = out_fleet};
    } else {
        not_there(account, "Spot Fleet request", account->names.fleet_id);
    }
    aws_spot_fleet_clean_up(&fleet);
}

static void describe_group(struct ballast_group *out_group, void *context)
{
    struct live_account *account = context;
    struct aws_error error;
    struct error err;
    struct aws_group group;
    bool found = false;
    *out_group = (struct ballast_group){
        .status = BALLAST_EMPTY,
        .min_size = BALLAST_UNKNOWN,
        .max_size = BALLAST_UNKNOWN,
        .desired_capacity = BALLAST_UNKNOWN,
        .in_service = BALLAST_UNKNOWN,
        .pending = BALLAST_UNKNOWN,
        .units_per_instance_micro = account->names.units_per_instance_micro,
    };
    if (aws_describe_auto_scaling_group(account->client, account->names.group, &group, &found,
                                        &error, &err)) {
        out_group->status = BALLAST_ERROR;
        out_group->error_code = failed(account, &error, &err);
    } else if (found) {
        out_group->status = BALLAST_OK;
        out_group->min_size = group.min_size;
        out_group->max_size = group.max_size;
        out_group->desired_capacity = group.desired_capacity;
        out_group->in_service = group.in_service;
        out_group->pending = group.pending;
    } else {
        not_there(account, "Auto Scaling group", account->names.group);
    }
}

static void describe_cluster(struct ballast_cluster *out_cluster, struct ballast_answer *out_answer,
                             void *context)
{
    struct live_account *account = context;
    struct aws_error error;
    struct error err;
    bool found = false;
    *out_answer = (struct ballast_answer){.status = BALLAST_EMPTY};
    if (!account->names.cluster)
        *out_answer =
            (struct ballast_answer){.status = BALLAST_ERROR, .error_code = "NotConfigured"};
    else if (aws_describe_cluster(account->client, account->names.cluster, out_cluster, &found,
                                  &error, &err))
        *out_answer = (struct ballast_answer){.status = BALLAST_ERROR,
                                              .error_code = failed(account, &error, &err)};
    else if (found)
        *out_answer = (struct ballast_answer){.status = BALLAST_OK, .cluster = out_cluster};
    else
        not_there(account, "ECS cluster", account->names.cluster);
}

/* ---- spot prices ------------------------------------------------------------------------------
 */

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
    int64_t now_s = time_of(account);
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
        failed(account, &error, &err);
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

static bool describe_spot_prices(struct ballast_spot_price *out_prices, size_t capacity,
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
                                              .error_code = failed(account, &error, &err)};
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

/* ---- changes ----------------------------------------------------------------------------------
 */

static enum cloud_outcome outcome(struct live_account *account, int status,
                                  const struct aws_error *error, const struct error *err)
{
    if (!status)
        return CLOUD_ACCEPTED;
    if (strcmp(error->code, "ScalingActivityInProgress") == 0)
        return CLOUD_SCALING_ACTIVITY_IN_PROGRESS;
    failed(account, error, err);
    return strcmp(error->code, "ValidationError") == 0 ? CLOUD_VALIDATION_ERROR : CLOUD_FAILED;
}

static enum cloud_outcome set_desired_capacity(int64_t desired_capacity, bool honor_cooldown,
                                               void *context)
{
    struct live_account *account = context;
    struct aws_error error;
    struct error err;
    int status = aws_set_desired_capacity(account->client, account->names.group, desired_capacity,
                                          honor_cooldown, &error, &err);
    return outcome(account, status, &error, &err);
}

static enum cloud_outcome set_fleet_target(int64_t target_units, void *context)
{
    struct live_account *account = context;
    struct aws_error error;
    struct error err;
    int status = aws_modify_spot_fleet_request(account->client, account->names.fleet_id,
                                               target_units, &error, &err);
    return outcome(account, status, &error, &err);
}

static void notices(int64_t *out_interruption, int64_t *out_rebalance, void *context)
{
    (void)context;
    *out_interruption = BALLAST_UNKNOWN;
    *out_rebalance = BALLAST_UNKNOWN;
}

struct cloud live_account_cloud(struct live_account *account)
{
    return (struct cloud){
        .context = account,
        .now = now,
        .get_metric = get_metric,
        .describe_fleet = describe_fleet,
        .describe_group = describe_group,
        .describe_cluster = describe_cluster,
        .describe_spot_prices = describe_spot_prices,
        .set_desired_capacity = set_desired_capacity,
        .set_fleet_target = set_fleet_target,
        .notices = notices,
    };
}
