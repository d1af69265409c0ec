#include "live/sigv4.h"

#include "base/hash.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "live/uri.h"

#include <ctype.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char ALGORITHM[] = "AWS4-HMAC-SHA256";
enum { DIGEST_SIZE = 32 };

char *sigv4_date(int64_t time_s, char out_text[SIGV4_DATE_SIZE])
{
    char iso[TIMESTAMP_TEXT_SIZE];
    timestamp_format(time_s, iso);
    char *out = out_text;
    for (const char *c = iso; *c && out < out_text + SIGV4_DATE_SIZE - 1; c++) {
        if (*c != '-' && *c != ':')
            *out++ = *c;
    }
    *out = '\0';
    return out_text;
}

static void add_sha256(struct text *text, const void *bytes, size_t size)
{
    char hex[HASH_TEXT_SIZE];
    struct hash *hash = hash_new();
    if (size)
        hash_add(hash, bytes, size);
    text_add(text, hash_finish(hash, hex));
}

static void hmac(const unsigned char *key, size_t key_size, const char *message,
                 unsigned char out_digest[DIGEST_SIZE])
{
    unsigned char digest[EVP_MAX_MD_SIZE] = {0};
    unsigned size = 0;
    if (!HMAC(EVP_sha256(), key, (int)key_size, (const unsigned char *)message, strlen(message),
              digest, &size) ||
        size != DIGEST_SIZE) {
        fputs("ballast: HMAC-SHA-256 is not available from libcrypto\n", stderr);
        exit(3);
    }
    memcpy(out_digest, digest, DIGEST_SIZE);
    OPENSSL_cleanse(digest, sizeof digest);
}

/* ---- path -------------------------------------------------------------------------------------
 */

/* Segments that are empty or "." go; ".." takes the one before it along. */
static void add_path(struct text *text, const char *path)
{
    struct {
        const char *start;
        size_t length;
    } *segments = memory_new(strlen(path) + 1, sizeof *segments);
    size_t count = 0;
    bool folder = true; /* the path ends in a slash */
    for (const char *at = path; *at;) {
        at += strspn(at, "/");
        size_t length = strcspn(at, "/");
        folder = length == 0 || at[length] == '/';
        if (length == 1 && at[0] == '.') {
            folder = true;
        } else if (length == 2 && at[0] == '.' && at[1] == '.') {
            folder = true;
            count -= count > 0;
        } else if (length > 0) {
            segments[count].start = at;
            segments[count++].length = length;
        }
        at += length;
    }
    for (size_t i = 0; i < count; i++) {
        text_add(text, "/");
        uri_encode(text, segments[i].start, segments[i].length);
    }
    if (folder || count == 0)
        text_add(text, "/");
    free(segments);
}

/* ---- query ------------------------------------------------------------------------------------
 */

struct pair {
    char *name;
    char *value;
};

static int by_name_and_value(const void *a, const void *b)
{
    const struct pair *x = a;
    const struct pair *y = b;
    int order = strcmp(x->name, y->name);
    return order ? order : strcmp(x->value, y->value);
}

/* Decoded and encoded again: what was sent raw is then encoded, what was encoded stays so. */
static char *recoded(const char *start, size_t length)
{
    char *plain = memory_copy_bytes(start, length);
    size_t size = uri_decode(plain);
    struct text text = {0};
    text_add(&text, "");
    uri_encode(&text, plain, size);
    free(plain);
    return text.data;
}

static void add_query(struct text *text, const char *query)
{
    struct pair *pairs = NULL;
    size_t count = 0;
    size_t capacity = 0;
    while (query && *query) {
        size_t length = strcspn(query, "&");
        size_t name = strcspn(query, "=");
        if (name > length)
            name = length;
        if (length > 0) {
            size_t value = name < length ? name + 1 : length;
            struct pair pair = {recoded(query, name), recoded(query + value, length - value)};
            ARRAY_PUSH(pairs, count, capacity, pair);
        }
        query += length + (query[length] == '&');
    }
    if (count > 1)
        qsort(pairs, count, sizeof *pairs, by_name_and_value);
    for (size_t i = 0; i < count; i++) {
        text_addf(text, "%s%s=%s", i ? "&" : "", pairs[i].name, pairs[i].value);
        free(pairs[i].name);
        free(pairs[i].value);
    }
    free(pairs);
}

/* ---- headers ----------------------------------------------------------------------------------
 */

struct line {
    const struct sigv4_header *header;
    size_t order;
};

static int by_header(const void *a, const void *b)
{
    const struct line *x = a;
    const struct line *y = b;
    int order = strcasecmp(x->header->name, y->header->name);
    return order ? order : (x->order > y->order) - (x->order < y->order);
}

static void add_lower(struct text *text, const char *name)
{
    for (const char *c = name; *c; c++) {
        char lower = (char)tolower((unsigned char)*c);
        text_add_bytes(text, &lower, 1);
    }
}

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void add_trimmed(struct text *text, const char *value)
{
    bool gap = false;
    bool any = false;
    for (const char *c = value; *c; c++) {
        if (blank(*c)) {
            gap = any;
            continue;
        }
        if (gap)
            text_add(text, " ");
        text_add_bytes(text, c, 1);
        gap = false;
        any = true;
    }
}

static void add_headers(struct text *text, struct text *names, const struct sigv4_request *request)
{
    struct line *lines = memory_new(request->header_count + 1, sizeof *lines);
    for (size_t i = 0; i < request->header_count; i++)
        lines[i] = (struct line){&request->headers[i], i};
    qsort(lines, request->header_count, sizeof *lines, by_header);
    text_add(names, "");
    for (size_t i = 0; i < request->header_count; i++) {
        const struct sigv4_header *header = lines[i].header;
        if (i > 0 && strcasecmp(header->name, lines[i - 1].header->name) == 0) {
            text_add(text, ",");
        } else {
            text_add(text, i ? "\n" : "");
            text_add(names, i ? ";" : "");
            add_lower(names, header->name);
            add_lower(text, header->name);
            text_add(text, ":");
        }
        add_trimmed(text, header->value);
    }
    text_add(text, "\n");
    free(lines);
}

/* ---- all of it --------------------------------------------------------------------------------
 */

static void derive_and_sign(const struct sigv4_signer *signer, const char *day,
                            const char *string_to_sign, char out_hex[65])
{
    unsigned char key[DIGEST_SIZE];
    char *start = memory_format("AWS4%s", signer->secret_key);
    hmac((const unsigned char *)start, strlen(start), day, key);
    OPENSSL_cleanse(start, strlen(start));
    free(start);
    hmac(key, sizeof key, signer->region, key);
    hmac(key, sizeof key, signer->service, key);
    hmac(key, sizeof key, "aws4_request", key);
    hmac(key, sizeof key, string_to_sign, key);
    for (size_t i = 0; i < sizeof key; i++)
        snprintf(out_hex + 2 * i, 3, "%02x", (unsigned)key[i]);
    OPENSSL_cleanse(key, sizeof key);
}

void sigv4_sign(const struct sigv4_request *request, const struct sigv4_signer *signer,
                struct sigv4_result *out_result)
{
    struct text canonical = {0};
    struct text names = {0};
    text_addf(&canonical, "%s\n", request->method);
    add_path(&canonical, request->path);
    text_add(&canonical, "\n");
    add_query(&canonical, request->query);
    text_add(&canonical, "\n");
    add_headers(&canonical, &names, request);
    text_addf(&canonical, "\n%s\n", names.data);
    add_sha256(&canonical, request->body, request->body_size);

    char date[SIGV4_DATE_SIZE];
    sigv4_date(signer->time_s, date);
    char day[9];
    snprintf(day, sizeof day, "%.8s", date);
    char *scope = memory_format("%s/%s/%s/aws4_request", day, signer->region, signer->service);
    struct text to_sign = {0};
    text_addf(&to_sign, "%s\n%s\n%s\n", ALGORITHM, date, scope);
    add_sha256(&to_sign, canonical.data, canonical.size);

    *out_result = (struct sigv4_result){.canonical_request = canonical.data,
                                        .string_to_sign = to_sign.data,
                                        .signed_headers = names.data};
    derive_and_sign(signer, day, to_sign.data, out_result->signature);
    out_result->authorization =
        memory_format("%s Credential=%s/%s, SignedHeaders=%s, Signature=%s", ALGORITHM,
                      signer->access_key, scope, names.data, out_result->signature);
    free(scope);
}

void sigv4_clean_up(struct sigv4_result *result)
{
    free(result->canonical_request);
    free(result->string_to_sign);
    free(result->signed_headers);
    free(result->authorization);
    *result = (struct sigv4_result){0};
}
