/* ballast live doctor: who asks, by which clock, and what that identity may do. */
#include "base/memory.h"
#include "doctor.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* AWS refuses signatures that are 5 minutes off; windows of a minute are missed much earlier. */
enum { CLOCK_TOLERANCE_S = 10, PRICES_AGE_S = 3600 };

bool doctor_credentials(struct doctor *doctor)
{
    const struct credential_source *source = &doctor->client->credentials;
    const struct credentials *credentials = NULL;
    struct aws_identity identity;
    struct aws_error error;
    struct error err = {0};
    if (source->get(false, &credentials, &err, source->context)) {
        doctor_add(doctor, "credentials", DOCTOR_FINDING,
                   "set them up as for any of AWS's clients (docs/live.md, \"Credentials\")", "%s",
                   err.text);
        return false;
    }
    if (aws_get_caller_identity(doctor->client, &identity, &error, &err)) {
        /* A refusal has a status of HTTP and no time to try again. */
        bool refused =
            error.status >= 400 && error.status < 500 && aws_error_remedy(&error) != AWS_SLOW_DOWN;
        doctor_add(doctor, "credentials", refused ? DOCTOR_FINDING : DOCTOR_NOT_LOOKED,
                   refused ? "these keys are not, or no longer, valid: replace them"
                           : "see whether network, region and endpoint are right, and try again",
                   "from the %s: %s", credentials->source, err.text);
        return false;
    }
    doctor_add(doctor, "credentials", DOCTOR_FINE, NULL, "%s, from the %s", identity.arn,
               credentials->source);
    return true;
}

void doctor_clock(struct doctor *doctor)
{
    struct aws_error error;
    struct error err = {0};
    int64_t ahead_s = 0;
    if (aws_clock_difference(doctor->client, &ahead_s, &error, &err)) {
        doctor_called(doctor, "clock", "sts:GetCallerIdentity", false, &error, &err);
        return;
    }
    bool right = ahead_s <= CLOCK_TOLERANCE_S && ahead_s >= -CLOCK_TOLERANCE_S;
    doctor_add(doctor, "clock", right ? DOCTOR_FINE : DOCTOR_FINDING,
               right ? NULL
                     : "synchronise this machine's clock: windows of metrics go by it, and AWS "
                       "refuses what is five minutes off",
               "%" PRId64 " s %s AWS's", ahead_s < 0 ? -ahead_s : ahead_s,
               ahead_s > 0 ? "behind" : "ahead of");
}

static void try_prices(struct doctor *doctor)
{
    struct aws_error error;
    struct error err = {0};
    struct aws_spot_price *prices = NULL;
    size_t count = 0;
    const char *type = doctor->have_pools && doctor->pools.pool_count
                           ? doctor->pools.pools[0].instance_type
                           : NULL;
    if (!type || !doctor_reads(doctor, BALLAST_READ_SPOT_PRICES))
        return;
    int64_t now_s = doctor->client->clock.now_s(doctor->client->clock.context);
    const struct aws_price_query query = {.instance_types = &type,
                                          .type_count = 1,
                                          .product = doctor->names->product,
                                          .start_s = now_s - PRICES_AGE_S,
                                          .end_s = now_s};
    int status =
        aws_describe_spot_price_history(doctor->client, &query, &prices, &count, &error, &err);
    doctor_called(doctor, "prices", "ec2:DescribeSpotPriceHistory", true, status ? &error : NULL,
                  &err);
    if (!status)
        doctor_add(doctor, "prices", count ? DOCTOR_FINE : DOCTOR_FINDING,
                   count ? NULL : "name the product that the fleet runs: --product",
                   "%zu spot prices of %s for %s", count, type, doctor->names->product);
    free(prices);
}

/* A group has at least none: AWS must refuse this, whoever may ask. */
static void try_to_act(struct doctor *doctor)
{
    static const char ACTION[] = "autoscaling:SetDesiredCapacity";
    struct aws_error error;
    struct error err = {0};
    int status =
        aws_set_desired_capacity(doctor->client, doctor->names->group, -1, false, &error, &err);
    bool invalid = status && strcmp(error.code, "ValidationError") == 0;
    doctor_called(doctor, "permissions", ACTION, true, status && !invalid ? &error : NULL, &err);
}

void doctor_permissions(struct doctor *doctor)
{
    try_prices(doctor);
    if (doctor->try_act)
        try_to_act(doctor);
    if (doctor->denied)
        return;
    doctor_add(doctor, "permissions", DOCTOR_FINE, NULL,
               "%zu calls that the controller makes are allowed; %s", doctor->allowed,
               doctor->try_act ? "SetDesiredCapacity, asked for -1 instances, was refused for that "
                                 "alone"
                               : "SetDesiredCapacity was not tried (--try-act)");
}
