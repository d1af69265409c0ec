/* The bytes of a file, of standard input or of memory, decompressed: plain, gzip (also several
 * members) or zstd (also several frames), told apart by their first bytes, never by name. What is
 * read is hashed as it lies there. Inside traces/ only.
 */
#ifndef TRACES_DECODER_H
#define TRACES_DECODER_H

#include "base/error.h"
#include "base/hash.h"

#include <stdbool.h>
#include <stddef.h>

struct decoder;

/* `name` is for messages; it and the bytes are borrowed. */
int decoder_open(struct decoder **out, const char *path, const char *name, struct error *err);
int decoder_open_bytes(struct decoder **out, const char *name, const void *bytes, size_t count,
                       struct error *err);
/* NULL is nothing. out_hash is the SHA-256 of what was read. */
void decoder_close(struct decoder *decoder, char out_hash[HASH_TEXT_SIZE]);

/* At least one byte and at most `room`; none at the end, or on an error. */
int decoder_read(struct decoder *decoder, unsigned char *out, size_t room, size_t *out_count,
                 struct error *err);

/* Whether it is a file on a disk, where nobody has to be waited for, of more than `bytes`. */
bool decoder_is_long(const struct decoder *decoder, size_t bytes);

#endif
