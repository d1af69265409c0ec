#include "labels.h"

#include "base/memory.h"
#include "page.h"

#include <stdlib.h>
#include <string.h>

/* "Zq", the label's number, as many q as are missing, "Z". */
static const char mark[] = "Zq";

static bool begins_character(char byte)
{
    return ((unsigned char)byte & 0xC0U) != 0x80U;
}

size_t labels_width(const char *words)
{
    size_t width = 0;
    for (; *words; words++)
        width += begins_character(*words);
    return width;
}

static char *shortened(const char *words, size_t most)
{
    if (labels_width(words) <= most)
        return memory_copy_text(words);
    size_t kept = 0;
    size_t width = 0;
    for (; width < most; kept++) {
        width += begins_character(words[kept]);
        if (width == most)
            break;
    }
    return memory_format("%.*s…", (int)kept, words);
}

void labels_add(struct labels *labels, const char *words, size_t most, struct text *script)
{
    char *text = shortened(words, most);
    char *head = memory_format("%s%zu", mark, labels->count);
    text_addf(script, "\"%s", head);
    for (size_t width = strlen(head) + 1; width < labels_width(text); width++)
        text_add(script, "q");
    text_add(script, "Z\"");
    free(head);
    ARRAY_PUSH(labels->texts, labels->count, labels->capacity, text);
}

/* The end of the stand-in that begins at `at`, and its number; NULL: there is none. */
static const char *read_mark(const struct labels *labels, const char *at, size_t *out_number)
{
    char *end = NULL;
    if (strncmp(at, mark, strlen(mark)) != 0)
        return NULL;
    unsigned long number = strtoul(at + strlen(mark), &end, 10);
    while (*end == 'q')
        end++;
    *out_number = number;
    return *end == 'Z' && number < labels->count ? end + 1 : NULL;
}

void labels_fill(const struct labels *labels, const struct text *drawn, struct text *page)
{
    for (const char *at = drawn->data; at && *at;) {
        size_t number = 0;
        const char *end = read_mark(labels, at, &number);
        if (end)
            html_add(page, labels->texts[number]);
        else
            text_add_bytes(page, at, 1);
        at = end ? end : at + 1;
    }
}

void labels_clean_up(struct labels *labels)
{
    for (size_t i = 0; i < labels->count; i++)
        free(labels->texts[i]);
    free(labels->texts);
    *labels = (struct labels){0};
}
