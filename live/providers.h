/* The single places that credentials come from; what the chain in credentials.c is made of.
 *
 * Each returns STATUS_OK with credentials (clean up with credentials_clean_up) or an error.
 */
#ifndef LIVE_PROVIDERS_H
#define LIVE_PROVIDERS_H

#include "live/credentials.h"

/* Where providers look, and what with. */
struct provider_context {
    const struct settings *settings;
    const struct http *http;
    const struct live_clock *clock;
};

/* The JSON object that processes, containers and instances give: AccessKeyId, SecretAccessKey, the
 * token under `token_name`, Expiration (which must be there if `must_expire`). */
int credentials_from_json(struct credentials *out_credentials, const char *json, size_t size,
                          const char *token_name, bool must_expire, struct error *err);

/* Run the command line, split as a shell would but not run by one. It has limit_ms to answer and to
 * end, a minute as the chain asks it; then it is killed. Its error output goes to ours; its output
 * is never shown. */
enum { PROCESS_TIMEOUT_MS = 60000 };
int credentials_from_process(struct credentials *out_credentials, const char *command_line,
                             char *const *environment, int64_t limit_ms, struct error *err);
/* Split a command line into words: blanks part them, quotes and backslashes keep them. NULL where a
 * quote is not closed. One block; free it. */
char **command_words(const char *command_line);

bool container_credentials_wanted(const struct provider_context *context);
int credentials_from_container(struct credentials *out_credentials,
                               const struct provider_context *context, struct error *err);
/* *out_absent says that this is no instance, or one without a role: no error then either. */
int credentials_from_instance(struct credentials *out_credentials,
                              const struct provider_context *context, bool *out_absent,
                              struct error *err);

/* What a profile or the environment says of a role. Borrowed. */
struct role {
    const char *arn;
    const char *session_name; /* NULL: one is made */
    const char *external_id;  /* NULL: none */
    const char *duration;     /* NULL: AWS's default */
    const char *token_file;   /* web identity only */
};

int credentials_of_role(struct credentials *out_credentials, const struct role *role,
                        const struct credentials *base, const struct provider_context *context,
                        struct error *err);
int credentials_of_web_identity(struct credentials *out_credentials, const struct role *role,
                                const struct provider_context *context, struct error *err);

/* A small file that holds a token: in secret memory, without the blanks at its ends. */
int read_token_file(char **out_token, const char *path, struct error *err);

#endif
