#include "base/hash.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Most of what is hashed comes in pieces of a few bytes, and each call of the library's costs as
 * much as hashing a hundred. */
enum { WAITING_BYTES = 4096 };

struct hash {
    EVP_MD_CTX *context;
    size_t waiting; /* bytes that were added and not yet hashed */
    unsigned char bytes[WAITING_BYTES];
};

static void require(int fine)
{
    if (!fine) {
        fputs("ballast: SHA-256 is not available from libcrypto\n", stderr);
        exit(3);
    }
}

struct hash *hash_new(void)
{
    struct hash *hash = malloc(sizeof *hash);
    require(hash != NULL);
    hash->waiting = 0;
    hash->context = EVP_MD_CTX_new();
    require(hash->context && EVP_DigestInit_ex(hash->context, EVP_sha256(), NULL));
    return hash;
}

static void hash_waiting(struct hash *hash)
{
    require(EVP_DigestUpdate(hash->context, hash->bytes, hash->waiting));
    hash->waiting = 0;
}

void hash_add(struct hash *hash, const void *bytes, size_t count)
{
    if (count > WAITING_BYTES - hash->waiting)
        hash_waiting(hash);
    if (count > WAITING_BYTES) {
        require(EVP_DigestUpdate(hash->context, bytes, count));
        return;
    }
    if (count > 0)
        memcpy(hash->bytes + hash->waiting, bytes, count);
    hash->waiting += count;
}

void hash_add_int64(struct hash *hash, int64_t value)
{
    unsigned char bytes[8];
    for (unsigned i = 0; i < 8; i++)
        bytes[i] = (unsigned char)((uint64_t)value >> (8 * i));
    hash_add(hash, bytes, sizeof bytes);
}

void hash_add_int64s(struct hash *hash, const int64_t *values, size_t count)
{
    if (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__) {
        hash_add(hash, values, count * sizeof *values);
        return;
    }
    for (size_t i = 0; i < count; i++)
        hash_add_int64(hash, values[i]);
}

void hash_add_string(struct hash *hash, const char *string)
{
    hash_add(hash, string, strlen(string) + 1);
}

char *hash_finish(struct hash *hash, char out_text[HASH_TEXT_SIZE])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    hash_waiting(hash);
    require(EVP_DigestFinal_ex(hash->context, digest, &size) && size == 32);
    for (unsigned i = 0; i < size; i++) {
        out_text[2 * i] = "0123456789abcdef"[digest[i] >> 4];
        out_text[2 * i + 1] = "0123456789abcdef"[digest[i] & 15];
    }
    out_text[2 * size] = '\0';
    EVP_MD_CTX_free(hash->context);
    free(hash);
    return out_text;
}
