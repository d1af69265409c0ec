/* SHA-256 (libcrypto): content addresses of traces, scenarios and runs. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

enum { HASH_TEXT_SIZE = 65 };

struct hash; /* heap object */

struct hash *hash_new(void); /* aborts when out of memory */
void hash_add(struct hash *hash, const void *bytes, size_t count);
void hash_add_int64(struct hash *hash, int64_t value); /* little endian on every machine */
void hash_add_int64s(struct hash *hash, const int64_t *values, size_t count); /* each in turn */
void hash_add_string(struct hash *hash, const char *string);                  /* with its NUL */
/* Finish, write lower-case hex, and destroy. Returns out_text. */
char *hash_finish(struct hash *hash, char out_text[HASH_TEXT_SIZE]);

#endif
