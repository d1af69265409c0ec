/* AWS Signature Version 4: the Authorization header of one request.
 *
 * A pure function of the request, the credentials and the time: no clock, no environment, no I/O.
 * So it is proved on AWS's published test vectors and on requests captured from AWS's own clients.
 *
 * The request is given as it is on the wire. Which headers are signed is the caller's choice: all
 * that are passed in `headers`, and no others. AWS wants `host` and `x-amz-date` among them, and
 * the session token, where there is one, as `x-amz-security-token`; the signer adds nothing.
 *
 * Canonical form (AWS, "Signature Version 4 signing process"; every service but S3):
 *   path     dot segments and repeated slashes removed, then percent-encoded once more than sent
 *   query    each name and value decoded and encoded again, sorted by name, then by value
 *   headers  names in lower case, sorted; values trimmed, inner runs of blanks one space; a name
 *            that occurs twice is one line with the values in the order given, joined by commas
 *   payload  SHA-256 of the body in lower-case hex
 */
#ifndef LIVE_SIGV4_H
#define LIVE_SIGV4_H

#include <stddef.h>
#include <stdint.h>

struct sigv4_header {
    const char *name; /* any case */
    const char *value;
};

struct sigv4_request {
    const char *method; /* "POST" */
    const char *path;   /* "/", as sent; "" counts as "/" */
    const char *query;  /* as sent, without the question mark; NULL or "" for none */
    const struct sigv4_header *headers;
    size_t header_count;
    const void *body; /* as sent, that is, compressed where it is */
    size_t body_size;
};

/* Who signs, for what. Borrowed during the call. */
struct sigv4_signer {
    const char *access_key;
    const char *secret_key;
    const char *region;  /* the signing region, "us-east-1" */
    const char *service; /* the signing name: "monitoring" for CloudWatch */
    int64_t time_s;      /* must be what the x-amz-date header says */
};

/* The signature with all that led to it; heap texts, freed by sigv4_clean_up. None holds the secret
 * key or one derived from it. */
struct sigv4_result {
    char *canonical_request;
    char *string_to_sign;
    char *signed_headers; /* "content-type;host;x-amz-date" */
    char *authorization;  /* the header's value */
    char signature[65];   /* lower-case hex */
};

void sigv4_sign(const struct sigv4_request *request, const struct sigv4_signer *signer,
                struct sigv4_result *out_result);
void sigv4_clean_up(struct sigv4_result *result);

enum { SIGV4_DATE_SIZE = 17 }; /* "20150830T123600Z" and its NUL */

/* The value of x-amz-date. Returns out_text. */
char *sigv4_date(int64_t time_s, char out_text[SIGV4_DATE_SIZE]);

#endif
