/* Things that are costly to make, made once for all threads that want them, and kept while there is
 * room.
 *
 * A thing is known by its key, a text. Who wants one that another thread is making waits for it.
 * What nobody holds is thrown away, what was wanted longest ago first, once all together are larger
 * than allowed; but never what was wanted last. So what is held at one time, or a single thing, may
 * exceed that.
 */
#ifndef BASE_SHELF_H
#define BASE_SHELF_H

#include <stddef.h>

struct shelf;

struct shelf_kind {
    /* Make it. NULL: it cannot be made, which is remembered like a thing. */
    void *(*make)(const void *argument);
    void (*destroy)(void *thing);
    size_t (*bytes)(const void *thing);
};

/* `kind` is borrowed. */
struct shelf *shelf_new(const struct shelf_kind *kind, size_t bytes_most);
/* Nothing may be held any more. */
void shelf_free(struct shelf *shelf); /* or NULL */

/* Hold the thing of this key, made from `argument` if it is not there. NULL: it cannot be made;
 * nothing is held then. */
void *shelf_take(struct shelf *shelf, const char *key, const void *argument);
void shelf_give_back(struct shelf *shelf, const void *thing);

#endif
