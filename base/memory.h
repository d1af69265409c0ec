/* Memory: allocation that cannot fail quietly, and growable arrays.
 *
 * Ballast treats exhaustion of small allocations as fatal ("ballast: out of memory", exit 3): there
 * is nothing useful left to do, and what was recorded is safe in the database's transaction.
 * Buffers whose size the input controls are bounded by their reader instead (see base/text.h,
 * base/json.h).
 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>

void *memory_new(size_t count, size_t size);                 /* zeroed; count or size may be 0 */
void *memory_resize(void *block, size_t count, size_t size); /* new bytes are not zeroed */
char *memory_copy_text(const char *text);                    /* strdup */
char *memory_copy_bytes(const char *bytes, size_t count);    /* strndup without stopping at NUL */
char *memory_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Push onto a growable array: ARRAY_PUSH(items, count, capacity, value). The three are lvalues. */
#define ARRAY_PUSH(items, count, capacity, value)                                                  \
    do {                                                                                           \
        if ((count) == (capacity)) {                                                               \
            (capacity) = (capacity) ? 2 * (capacity) : 8;                                          \
            (items) = memory_resize((items), (capacity), sizeof *(items));                         \
        }                                                                                          \
        (items)[(count)++] = (value);                                                              \
    } while (0)

#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

#endif
