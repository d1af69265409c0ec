/* What the policies that size the backup group have in common: pure arithmetic on observations.
 *
 * Units are those of policy.h: seconds, micro-units, whole instances. Nothing here remembers
 * anything, and what is unknown never shrinks the group.
 */
#ifndef POLICY_SIZING_H
#define POLICY_SIZING_H

#include "policy/policy.h"

int64_t sizing_clamp(int64_t value, int64_t low, int64_t high);

/* floor(value * numerator / denominator), exactly; value and numerator at least 0, denominator
 * above 0, and the result must fit. */
int64_t sizing_share(int64_t value, int64_t numerator, int64_t denominator);

/* Index of the newest point. point_count > 0. */
size_t sizing_newest_point(const struct ballast_answer *answer);
/* The least value of the points. point_count > 0. */
int64_t sizing_least(const struct ballast_answer *answer);
/* Whether any two points have different values. */
bool sizing_points_differ(const struct ballast_answer *answer);

/* Hold with `reason` because TargetCapacity changed within the window_s that `answer`, whose points
 * differ, covers. Figures: the lowest value, the highest, window_s. */
struct ballast_decision sizing_hold_changed(const struct ballast_answer *answer, int64_t window_s,
                                            uint32_t reason);
/* Hold with `reason` and one figure, for as long as nothing changes. */
struct ballast_decision sizing_hold(uint32_t reason, int64_t figure);

/* Instances for so many units: trunc(units / units_per_instance + 0.999999), exactly, as the seed
 * rounds: up, but for less than a millionth of an instance. Negative units give 0 or less. */
int64_t sizing_instances(int64_t units_micro, int64_t units_per_instance_micro);
/* The parameter's value, or the group's own where that is BALLAST_UNKNOWN. */
int64_t sizing_units_per_instance(const struct ballast_observation *observation, int64_t parameter);

/* What the group should be, and how to say so. */
struct sizing {
    int64_t need;           /* instances */
    bool unclamped;         /* do not keep it within MinSize..MaxSize */
    bool out_only;          /* what was read does not suffice to shrink the group: hold instead */
    bool keeps_larger;      /* a group that wants more stays as it is, */
    bool keeps_smaller;     /* and one that wants fewer: what it wants is what is needed */
    uint32_t group_unknown; /* reasons: the group could not be described (no figures), */
    uint32_t fits;          /* it wants that many already, */
    uint32_t out;           /* fewer, */
    uint32_t in;            /* more, */
    uint32_t held;          /* more, but out_only */
    int64_t figures[BALLAST_FIGURES_MAX]; /* [1] becomes the clamped need, [2] DesiredCapacity */
    int64_t valid_until_s;
};

/* Whether it asks anything of a group that could be described, and how many that is to want then;
 * else how many are needed within its bounds. */
bool sizing_calls(const struct ballast_group *group, const struct sizing *sizing,
                  int64_t *out_need);
/* Out at once, ignoring the cooldown; in honouring it; hold where the group fits or is unknown. */
void sizing_decide(const struct ballast_group *group, const struct sizing *sizing,
                   struct ballast_decision *out_decision);

/* Values of a metric, or of the fleet's target, both included; low above high: none. */
struct sized_band {
    int64_t low_micro;
    int64_t high_micro;
};

/* What a policy makes of the fleet's side alone, before it looks at the group. */
struct sized {
    bool holds; /* whatever the group is */
    union {
        struct ballast_decision held; /* then this is the decision; */
        struct sizing sizing;         /* else the group is sized by this */
    };
    uint32_t reads; /* SIZED_READ(i): the answer to read i had a say in it. While these stay as they
                       are (VALID_UNTIL's meaning), what others say changes neither this nor the
                       policy's state. */
    uint32_t differ; /* at any evaluation at which not all points of these reads are alike it holds
                        and leaves the state as it is, if with other figures */
    uint32_t banded; /* if the newest point of these reads is within the band, and those that are
                        added are, and all else stays as it is, this stays, but for figures, and so
                        does the state */
    struct sized_band band;
};

#define SIZED_READ(index) (UINT32_C(1) << (index))

/* How a policy makes it. Of observation->group it reads units_per_instance_micro only, and nothing
 * of the trigger and the notices; so neither what it returns nor the state it leaves depends on
 * them. The policy's `decide` is sized_decide of it, and nothing else. */
typedef struct sized sized_function(const struct ballast_observation *observation,
                                    const int64_t *parameters, void *state);

static inline struct sized sized_hold(struct ballast_decision held, uint32_t reads)
{
    return (struct sized){
        .holds = true, .held = held, .reads = reads, .differ = 0, .banded = 0, .band = {0, 0}};
}

/* Prices of one row of DescribeSpotPriceHistory that are all one to a policy: from low to high,
 * both included. */
struct price_band {
    int64_t low_micro_usd;
    int64_t high_micro_usd;
};

/* The band around the price that `row` has. If all else stays, of any number of rows the prices may
 * be others within their bands, and the times whatever they are: the policy's sized_function
 * returns the same and leaves the same state. A row that comes, goes or changes in anything else
 * ends what was said of all. */
typedef struct price_band price_band_function(const struct ballast_spot_price *row,
                                              const int64_t *parameters);

/* If the described fleet's target is one of these, as it is now, and all else stays as it is, what
 * the policy's sized_function has returned for the observation, with these figures, stays, but for
 * figures, and but for which number below 1 is needed; and so does the state. It did not hold. */
typedef struct sized_band target_band_function(const int64_t *figures,
                                               const struct ballast_observation *observation,
                                               const int64_t *parameters);

struct ballast_decision sized_decide(const struct ballast_group *group, const struct sized *sized);

/* ---- policies that describe the fleet -----------------------------------------------------------
 */

/* The reasons that begin the table of each of them, in this order. */
enum sizing_reason {
    SIZING_GROUP_UNKNOWN = 0,
    SIZING_FLEET_UNKNOWN,
    SIZING_FLEET_INACTIVE,
    SIZING_FITS,
    SIZING_OUT,
    SIZING_IN,
    SIZING_REASONS
};

#define SIZING_GROUP_UNKNOWN_REASON                                                                \
    {                                                                                              \
        "group-unknown", "the backup group could not be described"                                 \
    }
#define SIZING_FLEET_UNKNOWN_REASON                                                                \
    {                                                                                              \
        "fleet-unknown", "the fleet could not be described, so what it wants and has is unknown"   \
    }
#define SIZING_FLEET_INACTIVE_REASON                                                               \
    {                                                                                              \
        "fleet-inactive", "the fleet is not active, so nothing says what it should have"           \
    }

/* The parameter that nearly all have. */
#define SIZING_UNITS_PER_INSTANCE_PARAMETER                                                        \
    {                                                                                              \
        "units_per_instance", BALLAST_CAPACITY, "units", BALLAST_UNKNOWN, 1,                       \
            10000 * (int64_t)BALLAST_MICRO, NULL,                                                  \
            "capacity units one backup instance stands in for"                                     \
    }

/* The described fleet, when target and fulfilled capacity are known and it is active; else NULL and
 * the reason to hold. */
const struct ballast_fleet *sizing_fleet(const struct ballast_answer *answer, uint32_t *out_reason);

/* So many instances are needed, said with the reasons above, good until something changes. */
struct sized sized_for(int64_t need, uint32_t reads);
/* How a need goes by the fleet's target: it is sizing_instances of units_micro, or `least` where
 * that is more; with every unit of the target there are (100 + percent) / 100 units more, which may
 * have been rounded down. */
struct sized_slope {
    int64_t target_micro; /* as it is now */
    int64_t percent;
    int64_t units_micro;
    int64_t units_per_instance_micro;
    int64_t least;
};

/* For which targets it is the same need; below 1, all are one. Low above high: not known. */
struct sized_band sized_targets(const struct sized_slope *slope);

#endif
