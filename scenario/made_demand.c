#include "scenario/made_demand.h"

#include "base/memory.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { KEPT_MAX = 64, BYTES_MAX = 64 << 20 };

struct made {
    char *key;
    char *json;
    struct demand_step *steps;
    size_t count;
    char hash[HASH_TEXT_SIZE];
};

struct made_demands {
    pthread_mutex_t using;
    struct made kept[KEPT_MAX];
    size_t count;
    size_t bytes;
};

struct made_demands *made_demands_new(void)
{
    struct made_demands *all = memory_new(1, sizeof *all);
    all->using = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
    return all;
}

void made_demands_free(struct made_demands *all)
{
    if (!all)
        return;
    for (size_t i = 0; i < all->count; i++) {
        free(all->kept[i].key);
        free(all->kept[i].json);
        free(all->kept[i].steps);
    }
    pthread_mutex_destroy(&all->using);
    free(all);
}

char *made_demand_key(const struct scenario *scenario, const cJSON *demand)
{
    char *json = cJSON_PrintUnformatted(demand);
    char *key = NULL;
    if (json && !strstr(json, "\"trace\"") && !strstr(json, "\"services\""))
        key = memory_format("%lld %lld %llu %s", (long long)scenario->from_s,
                            (long long)scenario->to_s, (unsigned long long)scenario->seed, json);
    cJSON_free(json);
    return key;
}

static void lend(const struct made *made, struct scenario *scenario)
{
    scenario->demand_given = true;
    scenario->demand_is_lent = true;
    scenario->demand = made->steps;
    scenario->demand_count = made->count;
    scenario->demand_json = made->json;
    memcpy(scenario->demand_hash, made->hash, sizeof made->hash);
}

static const struct made *find(const struct made_demands *all, const char *key)
{
    for (size_t i = 0; i < all->count; i++) {
        if (strcmp(all->kept[i].key, key) == 0)
            return &all->kept[i];
    }
    return NULL;
}

bool made_demand_lend(struct made_demands *all, const char *key, struct scenario *scenario)
{
    pthread_mutex_lock(&all->using);
    const struct made *made = find(all, key);
    if (made)
        lend(made, scenario);
    pthread_mutex_unlock(&all->using);
    return made != NULL;
}

void made_demand_keep(struct made_demands *all, const char *key, struct scenario *scenario)
{
    size_t bytes = scenario->demand_count * sizeof *scenario->demand + strlen(key);
    pthread_mutex_lock(&all->using);
    if (all->count < KEPT_MAX && bytes <= BYTES_MAX - all->bytes && !find(all, key)) {
        struct made *made = &all->kept[all->count++];
        *made = (struct made){.key = memory_copy_text(key),
                              .json = scenario->demand_json,
                              .steps = scenario->demand,
                              .count = scenario->demand_count};
        memcpy(made->hash, scenario->demand_hash, sizeof made->hash);
        all->bytes += bytes;
        lend(made, scenario);
    }
    pthread_mutex_unlock(&all->using);
}
