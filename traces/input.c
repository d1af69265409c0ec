#include "traces/input.h"

#include "base/memory.h"
#include "traces/ahead.h"

#include <stdlib.h>
#include <string.h>

enum {
    /* Room for the longest line that may stand unread, and a decoded block behind it. */
    BUFFER_SIZE = 1 << 18,
    /* What takes less time than beginning a thread does is not read ahead. */
    LONG_FILE = 1 << 17,
};

_Static_assert((int)AHEAD_ROOM >= (int)INPUT_LINE_LIMIT, "no more than a line is left of a block");

/* The next block, with what is left of the last one before it. */
static size_t take_block(struct input *input)
{
    unsigned char *block = NULL;
    size_t count = 0;
    size_t left = input->end - input->at;
    input->status = ahead_next(input->ahead, &block, &count, input->err);
    if (count == 0)
        return 0;
    memcpy(block - left, input->buffer + input->at, left);
    input->buffer = block - left;
    input->at = 0;
    input->end = left + count;
    return count;
}

static size_t decode_block(struct input *input)
{
    size_t count = 0;
    if (input->at > 0) {
        memmove(input->buffer, input->buffer + input->at, input->end - input->at);
        input->end -= input->at;
        input->at = 0;
    }
    input->status = decoder_read(input->decoder, input->buffer + input->end,
                                 BUFFER_SIZE - input->end, &count, input->err);
    input->end += count;
    return count;
}

bool input_fill(struct input *input)
{
    if (input->finished)
        return false;
    input->fills++;
    size_t count = input->ahead ? take_block(input) : decode_block(input);
    input->finished = count == 0 || input->status;
    return !input->finished;
}

static void begin(struct input *input)
{
    input->line = 1;
    if (decoder_is_long(input->decoder, LONG_FILE))
        input->ahead = ahead_begin(input->decoder);
    input->memory = memory_new(BUFFER_SIZE, 1);
    input->buffer = input->memory;
}

int input_open(struct input *out_input, const char *path, struct error *err)
{
    *out_input =
        (struct input){.name = strcmp(path, "-") == 0 ? "(standard input)" : path, .err = err};
    int status = decoder_open(&out_input->decoder, path, out_input->name, err);
    if (!status)
        begin(out_input);
    return status;
}

int input_open_bytes(struct input *out_input, const char *name, const void *bytes, size_t count,
                     struct error *err)
{
    *out_input = (struct input){.name = name, .err = err};
    int status = decoder_open_bytes(&out_input->decoder, name, bytes, count, err);
    if (!status)
        begin(out_input);
    return status;
}

void input_close(struct input *input, char out_hash[HASH_TEXT_SIZE])
{
    ahead_end(input->ahead);
    decoder_close(input->decoder, out_hash);
    free(input->memory);
    input->ahead = NULL;
    input->decoder = NULL;
    input->memory = NULL;
    input->buffer = NULL;
}

/* Pass over what is left of a line that is too long. */
static void skip_line(struct input *input)
{
    for (;;) {
        unsigned char *end = memchr(input->buffer + input->at, '\n', input->end - input->at);
        if (end) {
            input->at = (size_t)(end - input->buffer) + 1;
            return;
        }
        input->at = input->end;
        if (!input_fill(input))
            return;
    }
}

int input_line(struct input *input, const char **out_line, size_t *out_length)
{
    size_t searched = 0;
    for (;;) {
        unsigned char *start_of_line = input->buffer + input->at;
        size_t left = input->end - input->at;
        unsigned char *end = memchr(start_of_line + searched, '\n', left - searched);
        size_t length = end ? (size_t)(end - start_of_line) : left;
        if (length > INPUT_LINE_LIMIT) {
            skip_line(input);
            input->line++;
            return -1;
        }
        if (!end) {
            searched = left;
            if (input_fill(input))
                continue;
            if (left == 0 || input->status)
                return 0;
        }
        start_of_line = input->buffer + input->at;
        input->at += length + (end ? 1 : 0);
        input->line++;
        if (length && start_of_line[length - 1] == '\r')
            length--;
        *out_line = (const char *)start_of_line;
        *out_length = length;
        return 1;
    }
}

size_t input_look(struct input *input, const char **out_start)
{
    while (input->end - input->at < INPUT_LINE_LIMIT && input_fill(input))
        ;
    *out_start = (const char *)input->buffer + input->at;
    size_t left = input->end - input->at;
    return left < INPUT_LINE_LIMIT ? left : INPUT_LINE_LIMIT;
}
