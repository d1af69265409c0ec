/* Whether a request is signed by the key the twin knows (AWS Signature Version 4, in headers). */
#include "twin/call.h"

#include "base/memory.h"
#include "base/timestamp.h"
#include "live/sigv4.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    FIELD = 512,
    SIGNED_MAX = 64,
    SKEW_S = 5 * 60,      /* of the query and JSON services (observed) */
    EC2_SKEW_S = 15 * 60, /* RequestExpired (documented) */
};

enum trouble { NONE = 0, MISSING, INCOMPLETE, UNKNOWN_KEY, MISMATCH };

/* The authorization header, taken apart. */
struct authorization {
    char credential[FIELD];
    char signed_headers[FIELD];
    char signature[FIELD];
    char *key; /* the credential's five parts, in place */
    char *day;
    char *region;
    char *service;
};

/* ---- errors -------------------------------------------------------------------------------------
 */

static bool refuse(struct call *call, enum trouble trouble)
{
    static const struct {
        int status, json_status, ec2_status;
        const char *code, *json_code, *ec2_code, *message;
    } says[] = {
        [MISSING] = {403, 400, 400, "MissingAuthenticationToken",
                     "MissingAuthenticationTokenException", "MissingParameter",
                     "Request is missing Authentication Token"},
        [INCOMPLETE] =
            {400, 400, 401, "IncompleteSignature", "IncompleteSignatureException", "AuthFailure",
             "The Authorization header is not that of AWS4-HMAC-SHA256, or lacks a part"},
        [UNKNOWN_KEY] = {403, 400, 401, "InvalidClientTokenId", "UnrecognizedClientException",
                         "AuthFailure", "The security token included in the request is invalid."},
        [MISMATCH] = {403, 400, 401, "SignatureDoesNotMatch", "InvalidSignatureException",
                      "AuthFailure",
                      "The request signature we calculated does not match the signature you "
                      "provided. Check your AWS Secret Access Key and signing method."},
    };
    if (call->protocol == PROTOCOL_EC2)
        return call_fail(call, says[trouble].ec2_status, says[trouble].ec2_code, "%s",
                         trouble == MISSING ? says[MISSING].message
                                            : "AWS was not able to validate the provided access "
                                              "credentials");
    /* CloudWatch's JSON and CBOR name the query protocol's code beside the shape (render.c). */
    bool json = call->protocol == PROTOCOL_JSON_11;
    return call_fail(
        call, call->protocol == PROTOCOL_QUERY ? says[trouble].status : says[trouble].json_status,
        json ? says[trouble].json_code : says[trouble].code, "%s", says[trouble].message);
}

static bool refuse_time(struct call *call, int64_t signed_s, int64_t wall_s)
{
    char said[SIGV4_DATE_SIZE];
    char now[SIGV4_DATE_SIZE];
    char edge[SIGV4_DATE_SIZE];
    if (call->protocol == PROTOCOL_EC2)
        return call_fail(call, 400, "RequestExpired", "Request has expired.");
    bool early = signed_s < wall_s;
    const char *code =
        call->protocol == PROTOCOL_JSON_11 ? "InvalidSignatureException" : "SignatureDoesNotMatch";
    return call_fail(call, call->protocol == PROTOCOL_QUERY ? 403 : 400, code,
                     early ? "Signature expired: %s is now earlier than %s (%s - 5 min.)"
                           : "Signature not yet current: %s is still later than %s (%s + 5 min.)",
                     sigv4_date(signed_s, said),
                     sigv4_date(early ? wall_s - SKEW_S : wall_s + SKEW_S, edge),
                     sigv4_date(wall_s, now));
}

/* ---- reading ------------------------------------------------------------------------------------
 */

/* The value of "NAME=" in the header, up to a comma or the end. */
static bool field(const char *header, const char *name, char out_value[FIELD])
{
    const char *at = strstr(header, name);
    if (!at)
        return false;
    at += strlen(name);
    size_t length = strcspn(at, ", ");
    if (length == 0 || length >= FIELD)
        return false;
    snprintf(out_value, FIELD, "%.*s", (int)length, at);
    return true;
}

static bool take_apart(struct authorization *out, const char *header)
{
    char *rest = NULL;
    if (strncmp(header, "AWS4-HMAC-SHA256 ", 17) != 0 ||
        !field(header, "Credential=", out->credential) ||
        !field(header, "SignedHeaders=", out->signed_headers) ||
        !field(header, "Signature=", out->signature))
        return false;
    out->key = strtok_r(out->credential, "/", &rest);
    out->day = strtok_r(NULL, "/", &rest);
    out->region = strtok_r(NULL, "/", &rest);
    out->service = strtok_r(NULL, "/", &rest);
    const char *end = strtok_r(NULL, "/", &rest);
    return end && strcmp(end, "aws4_request") == 0;
}

/* "20261124T110522Z" */
static bool read_date(const char *text, int64_t *out_time_s)
{
    char iso[TIMESTAMP_TEXT_SIZE];
    if (!text || strlen(text) != SIGV4_DATE_SIZE - 1)
        return false;
    snprintf(iso, sizeof iso, "%.4s-%.2s-%.5s:%.2s:%.3s", text, text + 4, text + 6, text + 11,
             text + 13);
    return timestamp_parse(iso, strlen(iso), false, out_time_s);
}

/* The headers that are signed, in the order sent. Returns how many, or 0 where one is missing, or
 * host or the date is not among them. */
static size_t pick_headers(const struct wire_request *request, char *names,
                           struct sigv4_header out_headers[SIGNED_MAX])
{
    size_t count = 0;
    bool host = false;
    bool date = false;
    char *rest = NULL;
    for (char *name = strtok_r(names, ";", &rest); name; name = strtok_r(NULL, ";", &rest)) {
        size_t before = count;
        for (size_t i = 0; i < request->header_count && count < SIGNED_MAX; i++) {
            if (strcasecmp(request->headers[i].name, name) == 0)
                out_headers[count++] = request->headers[i];
        }
        if (count == before)
            return 0;
        host = host || strcmp(name, "host") == 0;
        date = date || strcmp(name, "x-amz-date") == 0;
    }
    return host && date ? count : 0;
}

static bool matches(const struct call *call, struct authorization *given, const char *secret_key,
                    int64_t signed_s)
{
    const struct wire_request *request = call->request;
    struct sigv4_header headers[SIGNED_MAX];
    size_t count = pick_headers(request, given->signed_headers, headers);
    if (count == 0 || strlen(given->signature) != 64)
        return false;
    const struct sigv4_request signed_request = {
        .method = request->method,
        .path = request->path,
        .query = request->query,
        .headers = headers,
        .header_count = count,
        .body = request->body,
        .body_size = request->body_size,
    };
    const struct sigv4_signer signer = {.access_key = given->key,
                                        .secret_key = secret_key,
                                        .region = given->region,
                                        .service = given->service,
                                        .time_s = signed_s};
    struct sigv4_result result;
    sigv4_sign(&signed_request, &signer, &result);
    bool same = CRYPTO_memcmp(result.signature, given->signature, 64) == 0;
    sigv4_clean_up(&result);
    return same;
}

bool call_signature(struct call *call, const char *access_key, const char *secret_key,
                    int64_t wall_s)
{
    const char *header = wire_header(call->request, "Authorization");
    const char *date = wire_header(call->request, "X-Amz-Date");
    struct authorization given;
    int64_t signed_s = 0;
    if (!header)
        return refuse(call, MISSING);
    if (!take_apart(&given, header) || !read_date(date, &signed_s) ||
        strncmp(given.day, date, 8) != 0 || strlen(given.day) != 8)
        return refuse(call, INCOMPLETE);
    if (strcmp(given.key, access_key) != 0)
        return refuse(call, UNKNOWN_KEY);
    int64_t skew_s = call->protocol == PROTOCOL_EC2 ? EC2_SKEW_S : SKEW_S;
    if (signed_s < wall_s - skew_s || signed_s > wall_s + skew_s)
        return refuse_time(call, signed_s, wall_s);
    if (strcmp(given.service, aws_service_facts[call->service].signing_name) != 0 ||
        !matches(call, &given, secret_key, signed_s))
        return refuse(call, MISMATCH);
    return true;
}
