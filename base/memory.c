#include "base/memory.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *checked(void *block)
{
    if (!block) {
        fputs("ballast: out of memory\n", stderr);
        exit(3);
    }
    return block;
}

void *memory_new(size_t count, size_t size)
{
    return checked(calloc(count ? count : 1, size ? size : 1));
}

void *memory_resize(void *block, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        checked(NULL);
    size_t bytes = count * size;
    return checked(realloc(block, bytes ? bytes : 1));
}

char *memory_copy_bytes(const char *bytes, size_t count)
{
    char *copy = memory_new(count + 1, 1);
    if (count)
        memcpy(copy, bytes, count);
    return copy;
}

char *memory_copy_text(const char *text)
{
    return memory_copy_bytes(text, strlen(text));
}

char *memory_format(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = NULL;
    int size = vasprintf(&text, format, args);
    va_end(args);
    return checked(size < 0 ? NULL : text);
}
