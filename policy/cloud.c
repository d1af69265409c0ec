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
