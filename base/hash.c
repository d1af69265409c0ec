#include "base/hash.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct hash {
    EVP_MD_CTX *context;
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
    hash->context = EVP_MD_CTX_new();
    require(hash->context && EVP_DigestInit_ex(hash->context, EVP_sha256(), NULL));
    return hash;
}

void hash_add(struct hash *hash, const void *bytes, size_t count)
{
    require(EVP_DigestUpdate(hash->context, bytes, count));
}

void hash_add_int64(struct hash *hash, int64_t value)
{
    unsigned char bytes[8];
    for (unsigned i = 0; i < 8; i++)
        bytes[i] = (unsigned char)((uint64_t)value >> (8 * i));
    hash_add(hash, bytes, sizeof bytes);
}

void hash_add_string(struct hash *hash, const char *string)
{
    hash_add(hash, string, strlen(string) + 1);
}

char *hash_finish(struct hash *hash, char out_text[HASH_TEXT_SIZE])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    require(EVP_DigestFinal_ex(hash->context, digest, &size) && size == 32);
    for (unsigned i = 0; i < size; i++)
        snprintf(out_text + (size_t)2 * i, 3, "%02x", (unsigned)digest[i]);
    EVP_MD_CTX_free(hash->context);
    free(hash);
    return out_text;
}
