/* Signature Version 4: AWS's published suite, and every request captured from AWS's own clients. */
#include "live_fixture.h"

#include "base/timestamp.h"
#include "live_sigv4_vectors.h"

#include <strings.h>

enum { HEADERS_MAX = 32 };

static void published_suite(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(published); i++) {
        const struct published *vector = &published[i];
        struct sigv4_header headers[HEADERS_MAX] = {{"Host", "example.amazonaws.com"},
                                                    {"X-Amz-Date", "20150830T123600Z"}};
        size_t count = 2;
        for (size_t h = 0; h < ARRAY_LENGTH(vector->headers) && vector->headers[h].name; h++)
            headers[count++] = vector->headers[h];
        const struct sigv4_request request = {
            .method = vector->method,
            .path = vector->path,
            .query = vector->query,
            .headers = headers,
            .header_count = count,
            .body = vector->body,
            .body_size = strlen(vector->body),
        };
        const struct sigv4_signer signer = {EXAMPLE_ACCESS_KEY, EXAMPLE_SECRET_KEY, "us-east-1",
                                            "service", 1440938160};
        struct sigv4_result result;
        sigv4_sign(&request, &signer, &result);
        if (strcmp(result.signature, vector->signature) != 0)
            fail_msg("%s: %s\n%s", vector->name, result.signature, result.canonical_request);
        sigv4_clean_up(&result);
    }
}

/* Each stage as AWS prints it for get-vanilla. */
static void every_stage(void **state)
{
    (void)state;
    const struct sigv4_header headers[] = {{"X-Amz-Date", "20150830T123600Z"},
                                           {"Host", "example.amazonaws.com"}};
    const struct sigv4_request request = {
        .method = "GET", .path = "", .headers = headers, .header_count = 2};
    const struct sigv4_signer signer = {EXAMPLE_ACCESS_KEY, EXAMPLE_SECRET_KEY, "us-east-1",
                                        "service", 1440938160};
    struct sigv4_result result;
    sigv4_sign(&request, &signer, &result);
    assert_string_equal(result.canonical_request,
                        "GET\n/\n\nhost:example.amazonaws.com\nx-amz-date:20150830T123600Z\n\n"
                        "host;x-amz-date\n"
                        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_string_equal(result.string_to_sign,
                        "AWS4-HMAC-SHA256\n20150830T123600Z\n"
                        "20150830/us-east-1/service/aws4_request\n"
                        "bb579772317eb040ac9ed261061d46c1f17a8133879d6129b6e1c25292927e63");
    assert_string_equal(
        result.authorization,
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
        "SignedHeaders=host;x-amz-date, "
        "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
    assert_null(strstr(result.authorization, EXAMPLE_SECRET_KEY));
    sigv4_clean_up(&result);
}

/* A query that was sent encoded is not encoded twice; a '+' is a plus sign, not a space. */
static void encoded_queries(void **state)
{
    (void)state;
    static const char *const same[] = {"a=x%20y%2Fz%2B", "a=x y/z%2b", "a=x%20y/z+"};
    for (size_t i = 0; i < ARRAY_LENGTH(same); i++) {
        const struct sigv4_header host = {"host", "h"};
        const struct sigv4_request request = {
            .method = "GET", .path = "/", .query = same[i], .headers = &host, .header_count = 1};
        const struct sigv4_signer signer = {"k", "s", "r", "v", 0};
        struct sigv4_result result;
        sigv4_sign(&request, &signer, &result);
        assert_non_null(strstr(result.canonical_request, "\na=x%20y%2Fz%2B\n"));
        sigv4_clean_up(&result);
    }
}

/* The member of "Credential=KEY/DAY/REGION/SERVICE/aws4_request, ..." at this place, from 0. */
static char *scope_part(const char *authorization, int place)
{
    const char *at = strstr(authorization, "Credential=") + strlen("Credential=");
    for (; place > 0; place--)
        at = strchr(at, '/') + 1;
    return memory_copy_bytes(at, strcspn(at, "/"));
}

/* Is `name` one of "a;b;c" after SignedHeaders=? */
static bool is_signed(const char *authorization, const char *name)
{
    const char *at = strstr(authorization, "SignedHeaders=") + strlen("SignedHeaders=");
    while (true) {
        size_t length = strcspn(at, ";,");
        if (length == strlen(name) && strncasecmp(at, name, length) == 0)
            return true;
        if (at[length] != ';')
            return false;
        at += length + 1;
    }
}

/* Read an x-amz-date value. */
static int64_t date_of(const char *text)
{
    char *iso = memory_format("%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", text, text + 4, text + 6, text + 9,
                              text + 11, text + 13);
    int64_t time_s = 0;
    assert_true(timestamp_parse(iso, strlen(iso), false, &time_s));
    free(iso);
    return time_s;
}

/* Sign a captured request again with what its Authorization header names. False if it has none. */
static bool sign_again(const cJSON *capture, struct sigv4_result *out_result)
{
    const cJSON *pairs = cJSON_GetObjectItemCaseSensitive(capture, "headers");
    const char *authorization = NULL;
    const char *date = NULL;
    const cJSON *pair = NULL;
    cJSON_ArrayForEach(pair, pairs)
    {
        const char *name = cJSON_GetArrayItem(pair, 0)->valuestring;
        if (strcasecmp(name, "authorization") == 0)
            authorization = cJSON_GetArrayItem(pair, 1)->valuestring;
        if (strcasecmp(name, "x-amz-date") == 0)
            date = cJSON_GetArrayItem(pair, 1)->valuestring;
    }
    if (!authorization)
        return false;
    struct sigv4_header headers[HEADERS_MAX];
    size_t count = 0;
    cJSON_ArrayForEach(pair, pairs)
    {
        const struct sigv4_header header = {cJSON_GetArrayItem(pair, 0)->valuestring,
                                            cJSON_GetArrayItem(pair, 1)->valuestring};
        assert_true(count < HEADERS_MAX);
        if (is_signed(authorization, header.name))
            headers[count++] = header;
    }
    size_t size = 0;
    char *body = wire_body(wire_string(capture, "body"), &size);
    char *region = scope_part(authorization, 2);
    char *service = scope_part(authorization, 3);
    const struct sigv4_request request = {
        .method = wire_string(capture, "method"),
        .path = wire_string(capture, "path"),
        .headers = headers,
        .header_count = count,
        .body = body,
        .body_size = size,
    };
    const struct sigv4_signer signer = {EXAMPLE_ACCESS_KEY, EXAMPLE_SECRET_KEY, region, service,
                                        date_of(date)};
    sigv4_sign(&request, &signer, out_result);
    if (strcmp(out_result->authorization, authorization) != 0)
        fail_msg("%s: %s instead of %s", wire_string(capture, "operation"),
                 out_result->authorization, authorization);
    free(body);
    free(region);
    free(service);
    return true;
}

static void captured_requests(void **state)
{
    (void)state;
    FILE *file = wire_open("requests.jsonl");
    if (!file)
        skip();
    int with = 0;
    int without = 0;
    struct json_document line;
    while (wire_next(file, &line)) {
        struct sigv4_result result;
        if (sign_again(line.root, &result)) {
            sigv4_clean_up(&result);
            with++;
        } else {
            without++;
        }
        json_clean_up(&line);
    }
    fclose(file);
    assert_int_equal(with, 192);
    assert_int_equal(without, 3);
}

static void captured_stages(void **state)
{
    (void)state;
    FILE *file = wire_open("vectors.jsonl");
    if (!file)
        skip();
    int count = 0;
    struct json_document line;
    while (wire_next(file, &line)) {
        struct sigv4_result result;
        assert_true(sign_again(line.root, &result));
        assert_string_equal(result.canonical_request, wire_string(line.root, "canonical_request"));
        assert_string_equal(result.string_to_sign, wire_string(line.root, "string_to_sign"));
        assert_string_equal(result.signature, wire_string(line.root, "signature"));
        sigv4_clean_up(&result);
        json_clean_up(&line);
        count++;
    }
    fclose(file);
    assert_int_equal(count, 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_suite), cmocka_unit_test(every_stage),
        cmocka_unit_test(encoded_queries), cmocka_unit_test(captured_requests),
        cmocka_unit_test(captured_stages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
