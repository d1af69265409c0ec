/* Lifetimes: a row a VM, with its zone and type, when it was there, and when it was preempted or
 * stopped by its owner. What was preempted is so many lost of those of its place that were up. */
#include "base/memory.h"
#include "traces/reader.h"

#include <stdlib.h>
#include <string.h>

enum { VMS_MAX = 1000000, PLACES_MAX = 1000 };
enum { COLUMN_ZONE, COLUMN_TYPE, COLUMN_BEGIN, COLUMN_PREEMPTED, COLUMN_STOPPED, COLUMNS };

static const char *const columns[COLUMNS] = {"zone", "machine_type", "insert_done", "preempted",
                                             "stopped"};

struct vm {
    int64_t start_s;
    int64_t end_s; /* the last second in which it was up */
    int64_t line;
    size_t place;
    bool lost; /* for lack of capacity */
};

struct place {
    char zone[NAME_LIMIT];
    char instance_type[NAME_LIMIT];
};

struct lifetimes {
    const struct facts *facts;
    const struct record_receiver *receiver;
    bool have_header;
    size_t positions[COLUMNS];
    struct place *places;
    size_t place_count;
    size_t place_capacity;
    struct vm *vms;
    size_t vm_count;
    size_t vm_capacity;
    int64_t expired; /* preempted at the end of their longest life */
    int64_t stopped; /* by their owners */
    char scratch[INPUT_LINE_LIMIT];
};

/* ---- rows --------------------------------------------------------------------------------------
 */

static bool map_header(struct field line, char *scratch, size_t positions[COLUMNS])
{
    struct field f[READER_FIELDS_MAX];
    size_t count = row_split(line, ',', true, scratch, f, READER_FIELDS_MAX);
    for (size_t c = 0; c < COLUMNS; c++) {
        size_t i = 0;
        while (i < count && !row_is(row_trim(f[i]), columns[c]))
            i++;
        if (i == count)
            return false;
        positions[c] = i;
    }
    return true;
}

bool lifetimes_is_header(struct field line)
{
    char scratch[INPUT_LINE_LIMIT];
    size_t positions[COLUMNS];
    return map_header(line, scratch, positions);
}

/* A time with its zone; -1 where there is none. */
static bool read_time(struct field field, int64_t *out_s)
{
    bool assumed = false;
    *out_s = -1;
    return field.length == 0 || (row_time(field, out_s, &assumed) && !assumed);
}

static const char *find_place(struct lifetimes *l, const struct place *place, size_t *out_index)
{
    size_t i = 0;
    while (i < l->place_count && (strcmp(l->places[i].zone, place->zone) != 0 ||
                                  strcmp(l->places[i].instance_type, place->instance_type) != 0))
        i++;
    if (i == PLACES_MAX)
        return "more than 1,000 zones and types in one file";
    if (i == l->place_count)
        ARRAY_PUSH(l->places, l->place_count, l->place_capacity, *place);
    *out_index = i;
    return NULL;
}

static const char *take_vm(struct lifetimes *l, const struct field *f, int64_t line)
{
    struct place place;
    struct vm vm = {.line = line};
    int64_t preempted_s = -1;
    int64_t stopped_s = -1;
    if (!row_copy_zone(place.zone, f[COLUMN_ZONE]))
        return "the zone is not a zone's name";
    if (!row_copy_type(place.instance_type, f[COLUMN_TYPE]))
        return "the machine type is not a type's name";
    if (!read_time(f[COLUMN_BEGIN], &vm.start_s) || !read_time(f[COLUMN_PREEMPTED], &preempted_s) ||
        !read_time(f[COLUMN_STOPPED], &stopped_s))
        return "a time is not ISO 8601 with a zone";
    if (vm.start_s < 0)
        return "no insert_done: when it began is not known";
    if (preempted_s < 0 && stopped_s < 0)
        return "neither preempted nor stopped: until when it ran is not known";
    bool preempted = preempted_s >= 0 && (stopped_s < 0 || preempted_s <= stopped_s);
    vm.end_s = preempted ? preempted_s : stopped_s;
    if (vm.end_s < vm.start_s)
        return "it ends before it begins";
    if (l->vm_count == VMS_MAX)
        return "more than 1,000,000 instances in one file";
    const char *reason = find_place(l, &place, &vm.place);
    if (reason)
        return reason;
    bool expired = preempted && vm.end_s - vm.start_s >= l->facts->max_lifetime_s;
    l->expired += expired;
    l->stopped += !preempted;
    vm.lost = preempted && !expired;
    ARRAY_PUSH(l->vms, l->vm_count, l->vm_capacity, vm);
    return NULL;
}

static int take_row(struct field line, int64_t number, void *context)
{
    struct lifetimes *l = context;
    struct field all[READER_FIELDS_MAX];
    struct field f[COLUMNS];
    const char *reason = NULL;
    if (map_header(line, l->scratch, l->positions))
        l->have_header = true;
    else if (l->have_header && row_trim(line).length > 0) {
        size_t count = row_split(line, ',', true, l->scratch, all, READER_FIELDS_MAX);
        for (size_t c = 0; c < COLUMNS && !reason; c++) {
            if (l->positions[c] >= count)
                reason = "not as many fields as the header";
            else
                f[c] = row_trim(all[l->positions[c]]);
        }
        if (!reason)
            reason = take_vm(l, f, number);
    }
    return reason ? l->receiver->refused(number, reason, l->receiver->context) : STATUS_OK;
}

/* ---- what follows from them --------------------------------------------------------------------
 */

static int by_place(const struct vm *x, const struct vm *y)
{
    return (x->place > y->place) - (x->place < y->place);
}

static int by_end(const void *a, const void *b)
{
    const struct vm *x = a;
    const struct vm *y = b;
    int order = by_place(x, y);
    if (!order)
        order = (x->end_s > y->end_s) - (x->end_s < y->end_s);
    return order ? order : (x->line > y->line) - (x->line < y->line);
}

static int by_start(const void *a, const void *b)
{
    const struct vm *x = a;
    const struct vm *y = b;
    int order = by_place(x, y);
    return order ? order : (x->start_s > y->start_s) - (x->start_s < y->start_s);
}

/* Each second's losses, of all that were up in it: `ends` and `starts` are one place's VMs. */
static int tell_losses(struct lifetimes *l, const struct vm *ends, const struct vm *starts,
                       size_t count)
{
    struct place *place = &l->places[ends->place];
    size_t begun = 0;
    int status = STATUS_OK;
    for (size_t i = 0; i < count && !status;) {
        struct interruption_step step = {
            .time_s = ends[i].end_s, .zone = place->zone, .instance_type = place->instance_type};
        size_t next = i;
        for (; next < count && ends[next].end_s == step.time_s; next++)
            step.instances += ends[next].lost;
        while (begun < count && starts[begun].start_s <= step.time_s)
            begun++;
        step.of = (int64_t)(begun - i);
        if (step.instances)
            status = l->receiver->interruption(&step, ends[next - 1].line, l->receiver->context);
        i = next;
    }
    return status;
}

/* Known is the time in which any of the place's VMs was up: else nobody was there to be lost. */
static int tell_known(struct lifetimes *l, const struct vm *starts, size_t count)
{
    struct trace_coverage known = {.what = COVERS_INTERRUPTIONS};
    int status = STATUS_OK;
    memcpy(known.zone, l->places[starts->place].zone, NAME_LIMIT);
    memcpy(known.instance_type, l->places[starts->place].instance_type, NAME_LIMIT);
    for (size_t i = 0; i < count && !status;) {
        known.first_s = starts[i].start_s;
        known.end_s = known.first_s;
        for (; i < count && starts[i].start_s <= known.end_s; i++)
            known.end_s = starts[i].end_s >= known.end_s ? starts[i].end_s + 1 : known.end_s;
        status = l->receiver->coverage(&known, l->receiver->context);
    }
    return status;
}

static int tell_all(struct lifetimes *l)
{
    if (!l->vm_count)
        return STATUS_OK;
    struct vm *starts = memory_new(l->vm_count, sizeof *starts);
    memcpy(starts, l->vms, l->vm_count * sizeof *starts);
    qsort(starts, l->vm_count, sizeof *starts, by_start);
    qsort(l->vms, l->vm_count, sizeof *l->vms, by_end);
    int status = STATUS_OK;
    for (size_t i = 0; i < l->vm_count && !status;) {
        size_t next = i;
        while (next < l->vm_count && starts[next].place == starts[i].place)
            next++;
        status = tell_losses(l, l->vms + i, starts + i, next - i);
        if (!status)
            status = tell_known(l, starts + i, next - i);
        i = next;
    }
    free(starts);
    return status;
}

int reader_lifetimes(struct input *input, const struct facts *facts,
                     const struct record_receiver *receiver, struct error *err)
{
    static const enum fact needed[] = {FACT_PROVIDER, FACT_MAX_LIFETIME, FACT_COUNT};
    int status = facts_need(facts, input->name, "lifetimes of instances", needed, err);
    if (status)
        return status;
    struct lifetimes l = {.facts = facts, .receiver = receiver};
    status = row_each_line(input, receiver, take_row, &l);
    if (!status)
        status = tell_all(&l);
    if (!status)
        status = receiver->lifetimes(l.expired, l.stopped, receiver->context);
    free(l.places);
    free(l.vms);
    return status;
}
