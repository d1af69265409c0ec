/* The credentials that processes, containers and instances give, and command lines. */
#include "live/providers.h"

#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct credentials credentials;
    struct error err = {0};
    char *text = memory_copy_bytes((const char *)bytes, count);
    int status = credentials_from_json(&credentials, text, count, "Token", false, &err);
    if (status == STATUS_OK) {
        if (!credentials.access_key[0] || !credentials.secret_key[0])
            abort();
        credentials_clean_up(&credentials);
    } else if (!err.text[0]) {
        abort();
    }
    char **words = command_words(text);
    for (size_t i = 0; words && words[i]; i++) {
        if (strlen(words[i]) > count)
            abort();
    }
    free(words);
    free(text);
    return 0;
}
