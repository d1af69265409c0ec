#include "live/account_parts.h"

#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

int64_t account_time(const struct live_account *account)
{
    const struct live_clock *clock = &account->client->clock;
    return account->told ? account->now_s : clock->now_s(clock->context);
}

static int64_t now(void *context)
{
    struct live_account *account = context;
    account->code_count = 0;
    account->failures = 0;
    return account_time(account);
}

const char *account_failed(struct live_account *account, const struct aws_error *error,
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
        out_answer->error_code = account_failed(account, &error, &err);
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
                                              .error_code = account_failed(account, &error, &err)};
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
        out_group->error_code = account_failed(account, &error, &err);
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
                                              .error_code = account_failed(account, &error, &err)};
    else if (found)
        *out_answer = (struct ballast_answer){.status = BALLAST_OK, .cluster = out_cluster};
    else
        not_there(account, "ECS cluster", account->names.cluster);
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
    account_failed(account, error, err);
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
        .describe_spot_prices = account_spot_prices,
        .set_desired_capacity = set_desired_capacity,
        .set_fleet_target = set_fleet_target,
        .notices = notices,
    };
}
