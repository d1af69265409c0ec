#include "live/secret.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

enum { HEAD = 16 }; /* the mapping's size stands before the secret */

char *secret_new(size_t size)
{
    size_t whole = size + HEAD + 1;
    char *pages =
        whole > size ? mmap(NULL, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
                     : MAP_FAILED;
    if (pages == MAP_FAILED) {
        fputs("ballast: out of memory\n", stderr);
        exit(3);
    }
    madvise(pages, whole, MADV_DONTDUMP);
    (void)!mlock(pages, whole); /* only so many pages may be locked: what cannot be is not */
    memcpy(pages, &whole, sizeof whole);
    return pages + HEAD;
}

char *secret_copy(const char *text)
{
    if (!text)
        return NULL;
    size_t length = strlen(text);
    char *copy = secret_new(length);
    memcpy(copy, text, length);
    return copy;
}

void secret_free(char *secret)
{
    if (!secret)
        return;
    char *pages = secret - HEAD;
    size_t whole = 0;
    memcpy(&whole, pages, sizeof whole);
    explicit_bzero(pages, whole);
    munmap(pages, whole);
}

/* Depth is bounded by cJSON's own nesting limit. */
static void wipe(cJSON *node) // NOLINT(misc-no-recursion)
{
    for (cJSON *at = node; at; at = at->next) {
        if (at->valuestring)
            explicit_bzero(at->valuestring, strlen(at->valuestring));
        wipe(at->child);
    }
}

void secret_json_delete(cJSON *root)
{
    wipe(root);
    cJSON_Delete(root);
}

void secrets_no_core(void)
{
    const struct rlimit none = {0, 0};
    (void)!setrlimit(RLIMIT_CORE, &none);
    (void)!prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L);
}
