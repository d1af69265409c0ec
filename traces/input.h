/* A stream of bytes from a file or standard input, decompressed on the way (decoder.h). Memory is a
 * few buffers, whatever the size. A long file is read ahead (ahead.h).
 */
#ifndef TRACES_INPUT_H
#define TRACES_INPUT_H

#include "base/error.h"
#include "base/hash.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { INPUT_LINE_LIMIT = 65536 }; /* bytes; longer lines are refused */

struct input {
    const char *name; /* for messages; borrowed */
    /* what is decoded and not yet read */
    unsigned char *buffer;
    size_t at;
    size_t end;
    bool finished;         /* nothing follows the buffer */
    unsigned char *memory; /* where the buffer is while it is in no block that was read ahead */
    struct ahead *ahead;
    int64_t fills; /* times that the buffer was filled, which moves what is in it */
    int64_t line;  /* number of the line being read, from 1 */
    int status;    /* STATUS_OK, or what stopped reading */
    struct error *err;
    struct decoder *decoder;
};

/* Open `path`, or standard input for "-". */
int input_open(struct input *out_input, const char *path, struct error *err);
/* The same from memory, for tests and fuzzers; the bytes are borrowed. */
int input_open_bytes(struct input *out_input, const char *name, const void *bytes, size_t count,
                     struct error *err);
/* Close. Writes the SHA-256 of the raw bytes read. */
void input_close(struct input *input, char out_hash[HASH_TEXT_SIZE]);

/* Decode more behind what is in the buffer. Returns false at the end or on an error
 * (input->status). */
bool input_fill(struct input *input);

/* The next byte without taking it, or -1 at the end or on an error. */
static inline int input_peek(struct input *input)
{
    if (input->at == input->end && !input_fill(input))
        return -1;
    return input->buffer[input->at];
}

/* Take the next byte, or -1. Counts lines. */
static inline int input_next(struct input *input)
{
    int byte = input_peek(input);
    if (byte >= 0) {
        input->at++;
        input->line += byte == '\n';
    }
    return byte;
}

/* The next line without its end ("\n" or "\r\n"), borrowed until the next call. Returns 1, 0 at the
 * end, -1 if it was longer than INPUT_LINE_LIMIT (it is passed over). input->line counts it. Check
 * input->status at the end. */
int input_line(struct input *input, const char **out_line, size_t *out_length);

/* Look at the start of the stream without taking it: at most INPUT_LINE_LIMIT bytes. */
size_t input_look(struct input *input, const char **out_start);

#endif
