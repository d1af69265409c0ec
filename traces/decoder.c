#include "traces/decoder.h"

#include "base/memory.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

enum { RAW_SIZE = 1 << 16 };

enum packing { PLAIN, GZIP, ZSTANDARD };

struct decoder {
    const char *name;
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

static int fail(const struct decoder *d, int status, const char *what, struct error *err)
{
    return error_set(err, status, "%s: %s", d->name, what);
}

/* Bytes as they lie there; none once the last were read. */
static int read_raw(struct decoder *d, unsigned char *out, size_t room, size_t *out_count,
                    struct error *err)
{
    size_t count = d->memory_left < room ? d->memory_left : room;
    if (d->file) {
        count = fread(out, 1, room, d->file);
        if (ferror(d->file))
            return fail(d, errno == EISDIR ? STATUS_BAD_INPUT : STATUS_FAILURE, strerror(errno),
                        err);
    } else if (count) {
        memcpy(out, d->memory, count);
        d->memory += count;
        d->memory_left -= count;
    }
    d->raw_finished = count == 0;
    if (count)
        hash_add(d->hash, out, count);
    *out_count = count;
    return STATUS_OK;
}

static int fill_raw(struct decoder *d, struct error *err)
{
    if (d->raw_at < d->raw_end || d->raw_finished)
        return STATUS_OK;
    d->raw_at = 0;
    d->raw_end = 0;
    return read_raw(d, d->raw, sizeof d->raw, &d->raw_end, err);
}

/* What the first look has read; the rest needs no place in between. */
static int read_plain(struct decoder *d, unsigned char *out, size_t room, size_t *out_count,
                      struct error *err)
{
    size_t count = d->raw_end - d->raw_at;
    if (count == 0)
        return d->raw_finished ? STATUS_OK : read_raw(d, out, room, out_count, err);
    count = count < room ? count : room;
    memcpy(out, d->raw + d->raw_at, count);
    d->raw_at += count;
    *out_count = count;
    return STATUS_OK;
}

static int decode_gzip(struct decoder *d, unsigned char *out, size_t room, size_t *out_count,
                       struct error *err)
{
    if (d->between) {
        /* gzip pads with zeros what is written to whole blocks. */
        while (d->members && d->raw_at < d->raw_end && d->raw[d->raw_at] == 0)
            d->raw_at++;
        if (d->raw_at == d->raw_end)
            return STATUS_OK;
        inflateReset(&d->gzip);
        d->between = false;
    }
    d->gzip.next_in = d->raw + d->raw_at;
    d->gzip.avail_in = (uInt)(d->raw_end - d->raw_at);
    d->gzip.next_out = out;
    d->gzip.avail_out = (uInt)room;
    int result = inflate(&d->gzip, Z_NO_FLUSH);
    d->raw_at = d->raw_end - d->gzip.avail_in;
    *out_count = room - d->gzip.avail_out;
    if (result == Z_STREAM_END) {
        d->between = true;
        d->members = true;
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
        return fail(d, STATUS_BAD_INPUT, "the gzip data are damaged", err);
    }
    return STATUS_OK;
}

static int decode_zstandard(struct decoder *d, unsigned char *out, size_t room, size_t *out_count,
                            struct error *err)
{
    ZSTD_inBuffer in = {d->raw, d->raw_end, d->raw_at};
    ZSTD_outBuffer to = {out, room, 0};
    size_t result = ZSTD_decompressStream(d->zstandard, &to, &in);
    d->raw_at = in.pos;
    *out_count = to.pos;
    d->between = result == 0;
    if (ZSTD_isError(result))
        return fail(d, STATUS_BAD_INPUT,
                    ZSTD_getErrorCode(result) == ZSTD_error_frameParameter_windowTooLarge
                        ? "the zstd data need a window above 128 MiB: compress again without --long"
                        : "the zstd data are damaged",
                    err);
    return STATUS_OK;
}

/* The next bytes of what is packed. */
static int unpack(struct decoder *d, unsigned char *out, size_t room, size_t *out_count,
                  struct error *err)
{
    int status = STATUS_OK;
    while (!status && *out_count == 0) {
        status = fill_raw(d, err);
        bool dry = d->raw_finished;
        if (status || (dry && d->between))
            break;
        status = d->packing == GZIP ? decode_gzip(d, out, room, out_count, err)
                                    : decode_zstandard(d, out, room, out_count, err);
        if (!status && *out_count == 0 && dry && !d->between)
            status = fail(d, STATUS_BAD_INPUT, "the compressed data end too early: the file is cut",
                          err);
    }
    return status;
}

int decoder_read(struct decoder *d, unsigned char *out, size_t room, size_t *out_count,
                 struct error *err)
{
    *out_count = 0;
    int status = d->packing == PLAIN ? read_plain(d, out, room, out_count, err)
                                     : unpack(d, out, room, out_count, err);
    *out_count = status ? 0 : *out_count;
    return status;
}

bool decoder_is_long(const struct decoder *d, size_t bytes)
{
    struct stat info;
    return d->file && fstat(fileno(d->file), &info) == 0 && S_ISREG(info.st_mode) &&
           info.st_size > (off_t)bytes;
}

/* ---- opening and closing -----------------------------------------------------------------------
 */

static int start(struct decoder *d, struct error *err)
{
    static const char gzip_magic[2] = "\x1f\x8b";
    static const char zstandard_magic[4] = "\x28\xb5\x2f\xfd";
    d->hash = hash_new();
    d->between = true;
    int status = fill_raw(d, err);
    if (status)
        return status;
    if (d->raw_end >= 2 && memcmp(d->raw, gzip_magic, 2) == 0) {
        d->packing = GZIP;
        d->gzip_open = inflateInit2(&d->gzip, 15 + 16) == Z_OK;
        if (!d->gzip_open)
            return fail(d, STATUS_FAILURE, "zlib cannot be set up", err);
    } else if (d->raw_end >= 4 && memcmp(d->raw, zstandard_magic, 4) == 0) {
        d->packing = ZSTANDARD;
        d->zstandard = ZSTD_createDStream();
        if (!d->zstandard || ZSTD_isError(ZSTD_initDStream(d->zstandard)))
            return fail(d, STATUS_FAILURE, "libzstd cannot be set up", err);
    }
    return STATUS_OK;
}

static int started(struct decoder **out, struct decoder *d, struct error *err)
{
    int status = start(d, err);
    *out = status ? NULL : d;
    if (status) {
        char hash[HASH_TEXT_SIZE];
        decoder_close(d, hash);
    }
    return status;
}

int decoder_open(struct decoder **out, const char *path, const char *name, struct error *err)
{
    bool standard_input = strcmp(path, "-") == 0;
    FILE *file = standard_input ? stdin : fopen(path, "rb");
    *out = NULL;
    if (!file)
        return error_set(err, errno == ENOENT ? STATUS_BAD_INPUT : STATUS_FAILURE,
                         "%s: cannot be opened: %s", path, strerror(errno));
    struct decoder *d = memory_new(1, sizeof *d);
    d->name = name;
    d->file = file;
    d->close_file = !standard_input;
    return started(out, d, err);
}

int decoder_open_bytes(struct decoder **out, const char *name, const void *bytes, size_t count,
                       struct error *err)
{
    struct decoder *d = memory_new(1, sizeof *d);
    d->name = name;
    d->memory = bytes;
    d->memory_left = count;
    return started(out, d, err);
}

void decoder_close(struct decoder *d, char out_hash[HASH_TEXT_SIZE])
{
    if (!d)
        return;
    hash_finish(d->hash, out_hash);
    if (d->gzip_open)
        inflateEnd(&d->gzip);
    ZSTD_freeDStream(d->zstandard);
    if (d->close_file)
        fclose(d->file);
    free(d);
}
