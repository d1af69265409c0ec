#include "scenario/trace_answers.h"

#include "base/memory.h"
#include "scenario/scenario_memory.h"

#include <stdlib.h>
#include <string.h>

struct kept {
    struct trace_question question; /* its texts are owned */
    struct trace_answer answer;
};

struct trace_answers {
    struct kept *kept; /* in order of their questions */
    size_t count;
    size_t capacity;
};

/* ---- asking -------------------------------------------------------------------------------------
 */

static int ask(const struct trace_question *q, struct trace_answer *out, struct error *err)
{
    *out = (struct trace_answer){0};
    switch (q->kind) {
    case QUESTION_PRICE:
        return trace_on_demand_price(q->path, q->name, q->region, q->instance_type, q->at_s,
                                     &out->price, err);
    case QUESTION_SIZE:
        return trace_instance_type(q->path, q->name, q->instance_type, &out->vcpu_micro,
                                   &out->memory_mib, err);
    case QUESTION_ADVICE:
        return trace_advisor(q->path, q->name, q->region, q->product, q->instance_type,
                             &out->advice, err);
    case QUESTION_ZONES:
        break;
    }
    return trace_zones(q->path, q->instance_type, q->product, &out->zones, err);
}

void trace_answer_clean_up(struct trace_answer *answer)
{
    for (char **zone = answer->zones; zone && *zone; zone++)
        free(*zone);
    free(answer->zones);
    *answer = (struct trace_answer){0};
}

static struct trace_answer copy_of(const struct trace_answer *answer)
{
    struct trace_answer copy = *answer;
    size_t count = 0;
    while (answer->zones && answer->zones[count])
        count++;
    copy.zones = memory_new(count + 1, sizeof *copy.zones);
    for (size_t i = 0; i < count; i++)
        copy.zones[i] = memory_copy_text(answer->zones[i]);
    return copy;
}

static bool same_zones(char **a, char **b)
{
    for (; a && b && *a && *b; a++, b++) {
        if (strcmp(*a, *b) != 0)
            return false;
    }
    return (a && *a) == (b && *b);
}

static bool same_answer(const struct trace_answer *a, const struct trace_answer *b)
{
    return a->price.micro_usd_per_hour == b->price.micro_usd_per_hour &&
           a->price.since_s == b->price.since_s &&
           strcmp(a->price.catalog, b->price.catalog) == 0 && a->vcpu_micro == b->vcpu_micro &&
           a->memory_mib == b->memory_mib && a->advice.found == b->advice.found &&
           strcmp(a->advice.name, b->advice.name) == 0 &&
           a->advice.low_percent == b->advice.low_percent &&
           a->advice.high_percent == b->advice.high_percent &&
           a->advice.savings_percent == b->advice.savings_percent && same_zones(a->zones, b->zones);
}

/* ---- keeping ------------------------------------------------------------------------------------
 */

static int by_text(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "");
}

static int by_question(const void *a, const void *b)
{
    const struct trace_question *x = a;
    const struct trace_question *y = &((const struct kept *)b)->question;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    if (x->at_s != y->at_s)
        return x->at_s < y->at_s ? -1 : 1;
    int order = by_text(x->instance_type, y->instance_type);
    order = order ? order : by_text(x->path, y->path);
    order = order ? order : by_text(x->region, y->region);
    order = order ? order : by_text(x->product, y->product);
    /* No name asks for all of them. */
    order = order ? order : !x->name - !y->name;
    return order ? order : by_text(x->name, y->name);
}

/* Where it stands, or would. */
static size_t place_of(const struct trace_answers *answers, const struct trace_question *question,
                       bool *out_there)
{
    size_t low = 0;
    size_t high = answers->count;
    *out_there = false;
    while (low < high && !*out_there) {
        size_t middle = low + (high - low) / 2;
        int order = by_question(question, &answers->kept[middle]);
        *out_there = order == 0;
        low = order > 0 ? middle + 1 : order == 0 ? middle : low;
        high = order < 0 ? middle : high;
    }
    return low;
}

static const char *own(const char *text)
{
    return text ? memory_copy_text(text) : NULL;
}

static void keep(struct trace_answers *answers, size_t place, const struct trace_question *question,
                 const struct trace_answer *answer)
{
    struct kept kept = {*question, copy_of(answer)};
    kept.question.path = own(question->path);
    kept.question.instance_type = own(question->instance_type);
    kept.question.name = own(question->name);
    kept.question.region = own(question->region);
    kept.question.product = own(question->product);
    ARRAY_PUSH(answers->kept, answers->count, answers->capacity, kept);
    memmove(&answers->kept[place + 1], &answers->kept[place],
            (answers->count - 1 - place) * sizeof kept);
    answers->kept[place] = kept;
}

/* The lock is held. */
static int ask_once(struct scenario_memory *memory, const struct trace_question *question,
                    struct trace_answer *out, bool *out_kept, struct error *err)
{
    struct trace_answers *answers = memory->answers;
    bool there = false;
    size_t place = place_of(answers, question, &there);
    if (there) {
        *out = copy_of(&answers->kept[place].answer);
        return STATUS_OK;
    }
    scenario_memory_watch(memory, question->path);
    int status = ask(question, out, err);
    if (!status && answers->count < KEPT_ANSWERS_MAX)
        keep(answers, place, question, out);
    else
        *out_kept = false;
    return status;
}

int trace_ask(struct scenario_memory *memory, const struct trace_question *question,
              struct trace_answer *out_answer, bool *out_kept, struct error *err)
{
    if (!memory) {
        *out_kept = false;
        return ask(question, out_answer, err);
    }
    pthread_mutex_lock(&memory->using);
    int status = ask_once(memory, question, out_answer, out_kept, err);
    pthread_mutex_unlock(&memory->using);
    return status;
}

/* ---- all of them --------------------------------------------------------------------------------
 */

struct trace_answers *trace_answers_new(void)
{
    return memory_new(1, sizeof(struct trace_answers));
}

void trace_answers_free(struct trace_answers *answers)
{
    for (size_t i = 0; answers && i < answers->count; i++) {
        struct kept *kept = &answers->kept[i];
        const char *const texts[] = {kept->question.path, kept->question.instance_type,
                                     kept->question.name, kept->question.region,
                                     kept->question.product};
        for (size_t k = 0; k < ARRAY_LENGTH(texts); k++)
            free((char *)texts[k]);
        trace_answer_clean_up(&kept->answer);
    }
    if (answers)
        free(answers->kept);
    free(answers);
}

bool trace_answers_are_current(const struct trace_answers *answers, const char *path)
{
    bool current = true;
    for (size_t i = 0; i < answers->count && current; i++) {
        const struct kept *kept = &answers->kept[i];
        struct trace_answer now = {0};
        if (strcmp(kept->question.path, path) != 0)
            continue;
        current = !ask(&kept->question, &now, NULL) && same_answer(&kept->answer, &now);
        trace_answer_clean_up(&now);
    }
    return current;
}
