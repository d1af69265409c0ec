#include "traces/sorter.h"

#include "base/memory.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A sorted chunk in the file, and what of it is in memory. */
struct run {
    int64_t next; /* the row of the file that is to be read */
    int64_t end;
    struct sort_row *rows; /* room for `room` */
    size_t at;
    size_t count;
};

struct sorter {
    const char *beside;
    int file;              /* -1 until there is more than a chunk */
    struct sort_row *rows; /* room for `capacity`, at most a chunk */
    struct sort_row *spare;
    size_t capacity;
    size_t count; /* in `rows` */
    int64_t stored;
    bool ended; /* rows are being taken */
    struct run *runs;
    struct run **heap; /* of the runs that have rows left; the first of all is first */
    size_t heap_count;
    size_t room; /* for the rows of a run */
};

struct sorter *sorter_new(const char *beside)
{
    struct sorter *sorter = memory_new(1, sizeof *sorter);
    *sorter = (struct sorter){.beside = beside, .file = -1};
    return sorter;
}

void sorter_destroy(struct sorter *sorter)
{
    if (!sorter)
        return;
    if (sorter->file >= 0)
        close(sorter->file);
    free(sorter->rows);
    free(sorter->spare);
    free(sorter->runs);
    free(sorter->heap);
    free(sorter);
}

/* Sort `rows` by key, stably: by digits of 11 bits, least first; digits that are all alike are
 * skipped. */
static void sort_chunk(struct sorter *sorter)
{
    enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS };
    uint64_t differs = 0;
    if (!sorter->spare && sorter->capacity > 0)
        sorter->spare = memory_resize(NULL, sorter->capacity, sizeof *sorter->spare);
    for (size_t i = 1; i < sorter->count; i++)
        differs |= sorter->rows[i].key ^ sorter->rows[0].key;
    for (int shift = 0; shift < 64; shift += DIGIT_BITS) {
        if (((differs >> shift) & (DIGITS - 1)) == 0)
            continue;
        struct sort_row *rows = sorter->rows;
        struct sort_row *sorted = sorter->spare;
        size_t places[DIGITS] = {0};
        for (size_t i = 0; i < sorter->count; i++)
            places[(rows[i].key >> shift) & (DIGITS - 1)]++;
        size_t next = 0;
        for (size_t d = 0; d < DIGITS; d++) {
            size_t here = places[d];
            places[d] = next;
            next += here;
        }
        for (size_t i = 0; i < sorter->count; i++)
            sorted[places[(rows[i].key >> shift) & (DIGITS - 1)]++] = rows[i];
        sorter->rows = sorted;
        sorter->spare = rows;
    }
}

/* ---- the file ----------------------------------------------------------------------------------
 */

static int fail(const struct sorter *sorter, const char *what, struct error *err)
{
    return error_set(err, STATUS_FAILURE,
                     "%s: the file beside it in which prices are sorted %s: %s", sorter->beside,
                     what, strerror(errno));
}

/* A file without a name: what kills the program removes it. */
static int open_file(struct sorter *sorter, struct error *err)
{
    char *name = memory_format("%s-sorting-XXXXXX", sorter->beside);
    sorter->file = mkstemp(name);
    int status = sorter->file < 0 ? fail(sorter, "cannot be made", err) : STATUS_OK;
    if (!status)
        unlink(name);
    free(name);
    return status;
}

static int store_chunk(struct sorter *sorter, struct error *err)
{
    int status = sorter->file < 0 ? open_file(sorter, err) : STATUS_OK;
    sort_chunk(sorter);
    const char *bytes = (const char *)sorter->rows;
    size_t left = sorter->count * sizeof *sorter->rows;
    while (!status && left > 0) {
        ssize_t written = write(sorter->file, bytes, left);
        if (written < 0 && errno != EINTR)
            status = fail(sorter, "cannot be written", err);
        if (written > 0) {
            bytes += written;
            left -= (size_t)written;
        }
    }
    sorter->stored += (int64_t)sorter->count;
    sorter->count = 0;
    return status;
}

/* The next rows of a run into memory; none at its end. */
static int load(struct sorter *sorter, struct run *run, struct error *err)
{
    int64_t left = run->end - run->next;
    run->at = 0;
    run->count = left < (int64_t)sorter->room ? (size_t)left : sorter->room;
    char *bytes = (char *)run->rows;
    size_t size = run->count * sizeof *run->rows;
    off_t from = (off_t)run->next * (off_t)sizeof *run->rows;
    run->next += (int64_t)run->count;
    while (size > 0) {
        ssize_t got = pread(sorter->file, bytes, size, from);
        if (got == 0)
            errno = EIO; /* it was cut */
        if (got == 0 || (got < 0 && errno != EINTR))
            return fail(sorter, "cannot be read", err);
        if (got > 0) {
            bytes += got;
            size -= (size_t)got;
            from += got;
        }
    }
    return STATUS_OK;
}

/* ---- merging -----------------------------------------------------------------------------------
 */

/* Rows of one key in the order of their runs, which is that of the array. */
static bool comes_first(const struct run *a, const struct run *b)
{
    uint64_t left = a->rows[a->at].key;
    uint64_t right = b->rows[b->at].key;
    return left < right || (left == right && a < b);
}

/* Put what stands at `at` where it belongs among those below it. */
static void sift_down(struct run **heap, size_t count, size_t at)
{
    struct run *run = heap[at];
    for (size_t below = 2 * at + 1; below < count; below = 2 * at + 1) {
        if (below + 1 < count && comes_first(heap[below + 1], heap[below]))
            below++;
        if (!comes_first(heap[below], run))
            break;
        heap[at] = heap[below];
        at = below;
    }
    heap[at] = run;
}

/* The file's runs, each with as many of its rows in `spare` as there is room for. */
static int begin_merge(struct sorter *sorter, struct error *err)
{
    size_t count = (size_t)((sorter->stored + SORT_CHUNK - 1) / SORT_CHUNK);
    if (count > SORT_CHUNK)
        return error_set(err, STATUS_FAILURE, "%s: more than %lld prices in one file",
                         sorter->beside, (long long)SORT_CHUNK * SORT_CHUNK);
    sorter->runs = memory_new(count, sizeof *sorter->runs);
    sorter->heap = memory_new(count, sizeof(struct run *));
    sorter->room = SORT_CHUNK / count;
    int status = STATUS_OK;
    for (size_t i = 0; !status && i < count; i++) {
        struct run *run = &sorter->runs[i];
        run->next = (int64_t)i * SORT_CHUNK;
        run->end = i + 1 < count ? run->next + SORT_CHUNK : sorter->stored;
        run->rows = sorter->spare + i * sorter->room;
        status = load(sorter, run, err);
        sorter->heap[sorter->heap_count++] = run;
    }
    for (size_t i = count; !status && i-- > 0;)
        sift_down(sorter->heap, sorter->heap_count, i);
    return status;
}

/* The run whose row comes after all that the first one has before it: one of the two below. */
static const struct run *second_of(struct run *const *heap, size_t count)
{
    if (count < 3)
        return count < 2 ? NULL : heap[1];
    return comes_first(heap[2], heap[1]) ? heap[2] : heap[1];
}

static int merge_block(struct sorter *sorter, size_t *out_count, struct error *err)
{
    struct run **heap = sorter->heap;
    size_t count = 0;
    int status = STATUS_OK;
    while (!status && count < SORT_BLOCK && sorter->heap_count > 0) {
        struct run *run = heap[0];
        const struct run *second = second_of(heap, sorter->heap_count);
        do
            sorter->rows[count++] = run->rows[run->at++];
        while (count < SORT_BLOCK && run->at < run->count && (!second || comes_first(run, second)));
        if (run->at == run->count)
            status = load(sorter, run, err);
        if (run->count == 0)
            heap[0] = heap[--sorter->heap_count];
        if (sorter->heap_count > 0)
            sift_down(heap, sorter->heap_count, 0);
    }
    *out_count = count;
    return status;
}

/* ---- from outside ------------------------------------------------------------------------------
 */

int sorter_add(struct sorter *sorter, struct sort_row row, struct error *err)
{
    int status = sorter->count == SORT_CHUNK ? store_chunk(sorter, err) : STATUS_OK;
    if (!status)
        ARRAY_PUSH(sorter->rows, sorter->count, sorter->capacity, row);
    return status;
}

int sorter_take(struct sorter *sorter, struct sort_row **out_rows, size_t *out_count,
                struct error *err)
{
    int status = STATUS_OK;
    bool first = !sorter->ended;
    sorter->ended = true;
    if (first && sorter->stored > 0) {
        status = store_chunk(sorter, err);
        if (!status)
            status = begin_merge(sorter, err);
    }
    *out_count = 0;
    if (!status && sorter->stored > 0) {
        status = merge_block(sorter, out_count, err);
    } else if (!status && first) {
        sort_chunk(sorter);
        *out_count = sorter->count;
    }
    *out_rows = sorter->rows;
    return status;
}
