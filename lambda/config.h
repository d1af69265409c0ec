/* What the function is set to, from its environment: BALLAST_MAX_STEP is --max-step of `ballast
 * live daemon`, and so on (docs/operations.md lists them). */
#ifndef LAMBDA_CONFIG_H
#define LAMBDA_CONFIG_H

#include "operate/plan.h"

struct lambda_config {
    struct live_options options;
    char *set; /* BALLAST_SET, taken apart in place */
    const char **values;
};

/* `environment` must outlive it. Every BALLAST_ variable must be a known one. On error too, clean
 * up. */
int lambda_config_read(struct lambda_config *out_config, char *const *environment,
                       struct error *err);
void lambda_config_clean_up(struct lambda_config *config);

#endif
