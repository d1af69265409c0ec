#include "live/environment.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

const char *environment_get(char *const *environment, const char *name)
{
    size_t length = strlen(name);
    for (char *const *entry = environment; entry && *entry; entry++) {
        if (strncmp(*entry, name, length) == 0 && (*entry)[length] == '=')
            return (*entry)[length + 1] ? *entry + length + 1 : NULL;
    }
    return NULL;
}

bool environment_true(char *const *environment, const char *name)
{
    const char *value = environment_get(environment, name);
    return value && strcasecmp(value, "true") == 0;
}
