#include "lambda/config.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

static const char prefix[] = "BALLAST_";

static void take_set(struct lambda_config *config, const char *text)
{
    size_t capacity = 0;
    char *rest = NULL;
    config->set = memory_copy_text(text);
    for (char *word = strtok_r(config->set, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
        ARRAY_PUSH(config->values, config->options.set_count, capacity, word);
    config->options.set = config->values;
}

static int take_apply(struct live_options *options, const char *value, struct error *err)
{
    options->apply = strcmp(value, "true") == 0;
    return options->apply || strcmp(value, "false") == 0
               ? STATUS_OK
               : error_set(err, STATUS_BAD_INPUT, "BALLAST_APPLY is neither true nor false");
}

int lambda_config_read(struct lambda_config *out_config, char *const *environment,
                       struct error *err)
{
    struct live_options *o = &out_config->options;
    /* Only /tmp can be written to, and lives as long as the execution environment. */
    *out_config = (struct lambda_config){
        .options = {.state = "/tmp/ballast.state", .stop_file = "/tmp/ballast.stop"}};
    const struct {
        const char *name;
        const char **value;
    } texts[] = {
        {"FLEET", &o->fleet},
        {"GROUP", &o->group},
        {"CLUSTER", &o->cluster},
        {"PRODUCT", &o->product},
        {"UNITS_PER_INSTANCE", &o->units_per_instance},
        {"POLICY", &o->policy},
        {"MAX_STEP", &o->max_step},
        {"MAX_DESIRED", &o->max_desired},
        {"STALE_AFTER", &o->stale_after},
        {"STOP_FILE", &o->stop_file},
        {"STOP_AFTER", &o->stop_after},
        {"STATE", &o->state},
        {"TIME_LIMIT", &o->time_limit},
    };
    int status = STATUS_OK;
    for (char *const *variable = environment; *variable && !status; variable++) {
        const char *name = *variable + sizeof prefix - 1;
        if (strncmp(*variable, prefix, sizeof prefix - 1) != 0 || !strchr(name, '='))
            continue;
        size_t length = strcspn(name, "=");
        const char *value = name + length + 1;
        size_t i = 0;
        while (i < ARRAY_LENGTH(texts) &&
               (strlen(texts[i].name) != length || strncmp(texts[i].name, name, length) != 0))
            i++;
        if (value[0] == '\0')
            continue; /* as good as unset, to all of AWS's clients */
        if (i < ARRAY_LENGTH(texts))
            *texts[i].value = value;
        else if (strncmp(name, "SET=", 4) == 0)
            take_set(out_config, value);
        else if (strncmp(name, "APPLY=", 6) == 0)
            status = take_apply(o, value, err);
        else
            status = error_set(err, STATUS_BAD_INPUT, "BALLAST_%.*s is no setting of the function",
                               (int)length, name);
    }
    return status;
}

void lambda_config_clean_up(struct lambda_config *config)
{
    free(config->values);
    free(config->set);
    *config = (struct lambda_config){0};
}
