#include "traces/input.h"

#include "base/memory.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

enum {
    RAW_SIZE = 1 << 16,
    /* Room for the longest line that may stand unread, and a decoded block behind it. */
    BUFFER_SIZE = 1 << 18,
};

enum packing { PLAIN, GZIP, ZSTANDARD };

struct decoder {
    FILE *file; /* NULL when reading from memory */
    bool close_file;
    const unsigned char *memory;
    size_t memory_left;
    struct hash *hash;
    enum packing packing;
    unsigned char raw[RAW_SIZE];
    size_t raw_at;
    size_t raw_end;
    bool raw_finished;
    z_stream gzip;
    bool gzip_open;
    ZSTD_DStream *zstandard;
    bool between; /* no member or frame is open */
    bool members; /* one has ended */
};

static int fail(struct input *input, int status, const char *what)
{
    input->status = error_set(input->err, status, "%s: %s", input->name, what);
    input->finished = true;
    return status;
}

static void fill_raw(struct input *input)
{
    struct decoder *d = input->decoder;
    if (d->raw_at < d->raw_end || d->raw_finished)
        return;
    d->raw_at = 0;
    if (d->file) {
        d->raw_end = fread(d->raw, 1, sizeof d->raw, d->file);
        if (ferror(d->file))
            fail(input, errno == EISDIR ? STATUS_BAD_INPUT : STATUS_FAILURE, strerror(errno));
    } else {
        d->raw_end = d->memory_left < sizeof d->raw ? d->memory_left : sizeof d->raw;
        if (d->raw_end)
            memcpy(d->raw, d->memory, d->raw_end);
        d->memory += d->raw_end;
        d->memory_left -= d->raw_end;
    }
    d->raw_finished = d->raw_end == 0;
    if (d->raw_end)
        hash_add(d->hash, d->raw, d->raw_end);
}

static size_t decode_plain(struct decoder *d, unsigned char *out, size_t room)
{
    size_t count = d->raw_end - d->raw_at;
    count = count < room ? count : room;
    memcpy(out, d->raw + d->raw_at, count);
    d->raw_at += count;
    return count;
}

static size_t decode_gzip(struct input *input, unsigned char *out, size_t room)
{
    struct decoder *d = input->decoder;
    if (d->between) {
        /* gzip pads with zeros what is written to whole blocks. */
        while (d->members && d->raw_at < d->raw_end && d->raw[d->raw_at] == 0)
            d->raw_at++;
        if (d->raw_at == d->raw_end)
            return 0;
        inflateReset(&d->gzip);
        d->between = false;
    }
    d->gzip.next_in = d->raw + d->raw_at;
    d->gzip.avail_in = (uInt)(d->raw_end - d->raw_at);
    d->gzip.next_out = out;
    d->gzip.avail_out = (uInt)room;
    int result = inflate(&d->gzip, Z_NO_FLUSH);
    d->raw_at = d->raw_end - d->gzip.avail_in;
    if (result == Z_STREAM_END) {
        d->between = true;
        d->members = true;
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
        fail(input, STATUS_BAD_INPUT, "the gzip data are damaged");
    }
    return room - d->gzip.avail_out;
}

static size_t decode_zstandard(struct input *input, unsigned char *out, size_t room)
{
    struct decoder *d = input->decoder;
    ZSTD_inBuffer in = {d->raw, d->raw_end, d->raw_at};
    ZSTD_outBuffer to = {out, room, 0};
    size_t result = ZSTD_decompressStream(d->zstandard, &to, &in);
    d->raw_at = in.pos;
    if (ZSTD_isError(result))
        fail(input, STATUS_BAD_INPUT,
             ZSTD_getErrorCode(result) == ZSTD_error_frameParameter_windowTooLarge
                 ? "the zstd data need a window above 128 MiB: compress again without --long"
                 : "the zstd data are damaged");
    d->between = result == 0;
    return to.pos;
}

bool input_fill(struct input *input)
{
    struct decoder *d = input->decoder;
    if (input->finished)
        return false;
    input->fills++;
    if (input->at > 0) {
        memmove(input->buffer, input->buffer + input->at, input->end - input->at);
        input->end -= input->at;
        input->at = 0;
    }
    size_t before = input->end;
    while (input->end == before && !input->finished) {
        fill_raw(input);
        if (input->status)
            return false;
        size_t room = BUFFER_SIZE - input->end;
        bool dry = d->raw_finished;
        if (dry && (d->packing == PLAIN || d->between)) {
            input->finished = true;
            break;
        }
        unsigned char *out = input->buffer + input->end;
        size_t count = 0;
        if (d->packing == PLAIN)
            count = decode_plain(d, out, room);
        else if (d->packing == GZIP)
            count = decode_gzip(input, out, room);
        else
            count = decode_zstandard(input, out, room);
        input->end += count;
        if (count == 0 && dry && !input->finished && !d->between)
            fail(input, STATUS_BAD_INPUT, "the compressed data end too early: the file is cut");
        if (input->status)
            return false;
    }
    return input->end > before;
}

static int start(struct input *input)
{
    static const unsigned char gzip_magic[2] = {0x1f, 0x8b};
    static const unsigned char zstandard_magic[4] = {0x28, 0xb5, 0x2f, 0xfd};
    struct decoder *d = input->decoder;
    d->hash = hash_new();
    input->buffer = memory_new(BUFFER_SIZE, 1);
    input->line = 1;
    d->between = true;
    fill_raw(input);
    if (input->status)
        return input->status;
    if (d->raw_end >= 2 && memcmp(d->raw, gzip_magic, 2) == 0) {
        d->packing = GZIP;
        d->gzip_open = inflateInit2(&d->gzip, 15 + 16) == Z_OK;
        if (!d->gzip_open)
            return fail(input, STATUS_FAILURE, "zlib cannot be set up");
    } else if (d->raw_end >= 4 && memcmp(d->raw, zstandard_magic, 4) == 0) {
        d->packing = ZSTANDARD;
        d->zstandard = ZSTD_createDStream();
        if (!d->zstandard || ZSTD_isError(ZSTD_initDStream(d->zstandard)))
            return fail(input, STATUS_FAILURE, "libzstd cannot be set up");
    }
    return STATUS_OK;
}

int input_open(struct input *out_input, const char *path, struct error *err)
{
    bool standard_input = strcmp(path, "-") == 0;
    *out_input = (struct input){.name = standard_input ? "(standard input)" : path, .err = err};
    FILE *file = standard_input ? stdin : fopen(path, "rb");
    if (!file)
        return error_set(err, errno == ENOENT ? STATUS_BAD_INPUT : STATUS_FAILURE,
                         "%s: cannot be opened: %s", path, strerror(errno));
    out_input->decoder = memory_new(1, sizeof *out_input->decoder);
    out_input->decoder->file = file;
    out_input->decoder->close_file = !standard_input;
    int status = start(out_input);
    if (status) {
        char hash[HASH_TEXT_SIZE];
        input_close(out_input, hash);
    }
    return status;
}

int input_open_bytes(struct input *out_input, const char *name, const void *bytes, size_t count,
                     struct error *err)
{
    *out_input = (struct input){.name = name, .err = err};
    out_input->decoder = memory_new(1, sizeof *out_input->decoder);
    out_input->decoder->memory = bytes;
    out_input->decoder->memory_left = count;
    int status = start(out_input);
    if (status) {
        char hash[HASH_TEXT_SIZE];
        input_close(out_input, hash);
    }
    return status;
}

void input_close(struct input *input, char out_hash[HASH_TEXT_SIZE])
{
    struct decoder *d = input->decoder;
    if (!d)
        return;
    hash_finish(d->hash, out_hash);
    if (d->gzip_open)
        inflateEnd(&d->gzip);
    ZSTD_freeDStream(d->zstandard);
    if (d->close_file)
        fclose(d->file);
    free(d);
    free(input->buffer);
    input->decoder = NULL;
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
