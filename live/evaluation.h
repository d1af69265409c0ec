/* One evaluation as one line of JSON: what was seen, decided and done.
 *
 * Members: time, mode ("shadow": nothing is called; "apply"), fleet, group, policy, reads (api,
 * metric, status "ok", "empty" or an error's code, points, newest), backup (the group as it was
 * described; null where unknown), action ("hold", "set-desired"), desired_capacity, honor_cooldown,
 * reason, because (in words), guard, outcome, failed_calls. No secret is among them.
 */
#ifndef LIVE_EVALUATION_H
#define LIVE_EVALUATION_H

#include "base/text.h"
#include "policy/controller.h"

struct evaluation_context {
    const struct ballast_policy *policy;
    const char *policy_name; /* as the user gave it, with the preset */
    const char *fleet_id;
    const char *group;
    const char *mode;
};

/* Without the closing brace and line end, so that the caller may add members. */
void evaluation_json(struct text *out_line, const struct controller_evaluation *evaluation,
                     const struct evaluation_context *context);

#endif
