/* Rows in the order of their keys, however many: an external merge sort.
 *
 * A chunk of rows is sorted in memory. Where there are more, every sorted chunk goes to a file of
 * its own place beside the database, without a name, so that nothing of it stays behind; at the end
 * the chunks are merged as they are taken. Rows of one key keep the order in which they were added.
 * Memory is two chunks, whatever the number of rows; the file takes 24 bytes a row.
 *
 * Inside traces/ only.
 */
#ifndef TRACES_SORTER_H
#define TRACES_SORTER_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

enum { SORT_CHUNK = 1 << 18, SORT_BLOCK = 1 << 14 };

struct sort_row {
    uint64_t key;
    int64_t micro_usd_per_hour;
    int64_t line;
};

struct sorter;

/* `beside` is the path that the file's begins with; borrowed. */
struct sorter *sorter_new(const char *beside);
void sorter_destroy(struct sorter *sorter); /* NULL is nothing */

int sorter_add(struct sorter *sorter, struct sort_row row, struct error *err);

/* The next rows in order, after which none can be added; none at the end. Theirs to change until
 * the next call. */
int sorter_take(struct sorter *sorter, struct sort_row **out_rows, size_t *out_count,
                struct error *err);

#endif
