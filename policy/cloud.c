#include "policy/cloud.h"

const char *cloud_outcome_name(enum cloud_outcome outcome)
{
    switch (outcome) {
    case CLOUD_NOT_CALLED:
        return "not-called";
    case CLOUD_ACCEPTED:
        return "accepted";
    case CLOUD_SCALING_ACTIVITY_IN_PROGRESS:
        return "ScalingActivityInProgress";
    case CLOUD_VALIDATION_ERROR:
        return "ValidationError";
    case CLOUD_FAILED:
        return "failed";
    case CLOUD_DRY_RUN:
        return "dry-run";
    }
    return "unknown";
}

const char *cloud_read_api(const struct ballast_read *read)
{
    switch (read->kind) {
    case BALLAST_READ_METRIC:
        return read->api == BALLAST_GET_METRIC_DATA ? "GetMetricData" : "GetMetricStatistics";
    case BALLAST_READ_FLEET:
        return "DescribeSpotFleetRequests";
    case BALLAST_READ_CLUSTER:
        return "DescribeClusters";
    case BALLAST_READ_SPOT_PRICES:
        return "DescribeSpotPriceHistory";
    }
    return "unknown";
}

const char *cloud_statistic_name(enum ballast_statistic statistic)
{
    static const char *const names[BALLAST_STATISTICS] = {
        [BALLAST_MAXIMUM] = "Maximum",          [BALLAST_MINIMUM] = "Minimum",
        [BALLAST_AVERAGE] = "Average",          [BALLAST_SUM] = "Sum",
        [BALLAST_SAMPLE_COUNT] = "SampleCount",
    };
    return (size_t)statistic < BALLAST_STATISTICS ? names[statistic] : "unknown";
}
