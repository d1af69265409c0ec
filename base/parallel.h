/* Work that is cut into independent pieces, on several threads.
 *
 * The pieces are numbered; they are taken in order and may end in any. A caller whose pieces write
 * only to places of their own gets the same result from any number of threads.
 */
#ifndef BASE_PARALLEL_H
#define BASE_PARALLEL_H

#include "base/error.h"

#include <stddef.h>

struct parallel_work {
    size_t count;   /* of pieces */
    size_t threads; /* at most so many at once, the caller's own included; 0: one for each core it
                       may use */
    void *context;
    /* Do piece `index`. Called from any thread. */
    int (*piece)(size_t index, void *context, struct error *err);
    /* Told after each piece how many are done; one call at a time. May be NULL. */
    void (*progress)(size_t done, void *context);
};

/* Do all of it. After a piece that fails no further one is begun, and the error is that of the
 * failing piece with the lowest number. Where the machine gives fewer threads, fewer do the work.
 */
int parallel_run(const struct parallel_work *work, struct error *err);

#endif
