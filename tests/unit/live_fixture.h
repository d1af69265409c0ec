/* What the tests of live/ share: captured requests of AWS's own clients, where they are at hand. */
#ifndef TESTS_LIVE_FIXTURE_H
#define TESTS_LIVE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/memory.h"

#define EXAMPLE_ACCESS_KEY "AKIDEXAMPLE"
#define EXAMPLE_SECRET_KEY "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

/* Open a file of the folder wire/ in the data that BALLAST_DATA names, else of the folder beside
 * the project; NULL, having said so, if it is not there. */
static inline FILE *wire_open(const char *name)
{
    const char *folder = getenv("BALLAST_DATA");
    char *path = folder ? memory_format("%s/wire/%s", folder, name)
                        : memory_format("%s/../shared/data/wire/%s", BALLAST_SOURCE_DIR, name);
    FILE *file = fopen(path, "r");
    if (!file)
        printf("SKIP: %s is not there\n", path);
    free(path);
    return file;
}

/* The next line as JSON; false at the end. */
static inline bool wire_next(FILE *file, struct json_document *out_document)
{
    char *line = NULL;
    size_t capacity = 0;
    ssize_t length = getline(&line, &capacity, file);
    if (length > 0) {
        struct error err = {0};
        if (json_parse(out_document, "wire", line, (size_t)length, &err))
            fail_msg("%s", err.text);
    }
    free(line);
    return length > 0;
}

static inline const char *wire_string(const cJSON *object, const char *name)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);
    return cJSON_IsString(member) ? member->valuestring : NULL;
}

/* Base64, decoded; *out_size bytes and a NUL. */
static inline char *wire_body(const char *base64, size_t *out_size)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char *out = memory_new(strlen(base64) + 1, 1);
    unsigned bits = 0;
    unsigned have = 0;
    size_t size = 0;
    for (const char *c = base64; *c && *c != '='; c++) {
        bits = bits << 6 | (unsigned)(strchr(digits, *c) - digits);
        have += 6;
        if (have >= 8) {
            have -= 8;
            out[size++] = (char)(unsigned char)(bits >> have & 0xff);
        }
    }
    *out_size = size;
    return out;
}

#endif
