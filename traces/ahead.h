/* Reading ahead: a file is read, hashed and decompressed on a thread of its own, while what it gave
 * is being understood. Inside traces/ only.
 *
 * What comes is blocks. Each has room before it, for what its taker has left of the one before.
 * What the thread meets, the end or an error, is told of behind the blocks that came before it.
 */
#ifndef TRACES_AHEAD_H
#define TRACES_AHEAD_H

#include "traces/decoder.h"

enum { AHEAD_ROOM = 1 << 16, AHEAD_BLOCK = 1 << 18 }; /* bytes before a block, and of one */

struct ahead;

/* Begin; the decoder is the thread's until ahead_end. NULL if the machine gives no thread. */
struct ahead *ahead_begin(struct decoder *decoder);
void ahead_end(struct ahead *ahead); /* NULL is nothing */

/* The next block, of no bytes at the end. It lives until the call after the next one. */
int ahead_next(struct ahead *ahead, unsigned char **out_block, size_t *out_count,
               struct error *err);

#endif
