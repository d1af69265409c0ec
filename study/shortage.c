#include "study/shortage.h"

#include "base/memory.h"

#include <stdlib.h>

static void close_last(struct shortages *shortages, int64_t time_s)
{
    struct shortage *last = &shortages->items[shortages->count - 1];
    shortages->open = false;
    last->to_s = time_s < shortages->to_s ? time_s : shortages->to_s;
    if (last->from_s < shortages->from_s)
        last->from_s = shortages->from_s;
    if (last->to_s <= last->from_s)
        shortages->count--;
}

void shortages_take(struct shortages *shortages, const struct record_capacity *capacity)
{
    bool is_short =
        capacity->spot_up_micro + capacity->on_demand_up_micro < capacity->required_micro;
    if (is_short && !shortages->open) {
        const struct shortage begun = {.from_s = capacity->time_s};
        ARRAY_PUSH(shortages->items, shortages->count, shortages->capacity, begun);
        shortages->open = true;
    } else if (!is_short && shortages->open) {
        close_last(shortages, capacity->time_s);
    }
}

void shortages_end(struct shortages *shortages)
{
    if (shortages->open)
        close_last(shortages, shortages->to_s);
}

void shortages_clean_up(struct shortages *shortages)
{
    free(shortages->items);
    *shortages = (struct shortages){0};
}

static int by_begin(const void *a, const void *b)
{
    const struct shortage *x = a;
    const struct shortage *y = b;
    return x->from_s < y->from_s ? -1 : x->from_s > y->from_s;
}

size_t shortages_independent(const struct shortages *const *lists, size_t count)
{
    size_t all_count = 0;
    for (size_t i = 0; i < count; i++)
        all_count += lists[i]->count;
    struct shortage *all = memory_new(all_count, sizeof *all);
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < lists[i]->count; k++)
            all[at++] = lists[i]->items[k];
    }
    if (all_count)
        qsort(all, all_count, sizeof *all, by_begin);
    size_t independent = 0;
    int64_t until_s = INT64_MIN;
    for (size_t i = 0; i < all_count; i++) {
        if (independent == 0 || all[i].from_s >= until_s + SHORTAGE_APART_S)
            independent++;
        if (all[i].to_s > until_s)
            until_s = all[i].to_s;
    }
    free(all);
    return independent;
}

size_t shortages_behind(const struct shortages *const *lists, const size_t *whose, size_t count)
{
    const struct shortages **own = memory_new(count + 1, sizeof *own);
    size_t most = shortages_independent(lists, count);
    size_t last = 0;
    for (size_t i = 0; i < count; i++)
        last = whose[i] > last ? whose[i] : last;
    for (size_t one = 0; one <= last; one++) {
        size_t own_count = 0;
        for (size_t i = 0; i < count; i++) {
            if (whose[i] == one)
                own[own_count++] = lists[i];
        }
        size_t alone = shortages_independent(own, own_count);
        most = alone > most ? alone : most;
    }
    free(own);
    return most;
}
