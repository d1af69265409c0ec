/* gzip (wire.h). */
#include "twin/wire.h"

#include <limits.h>
#define ZLIB_CONST
#include <zlib.h>

bool gzip_inflate(struct text *out, const char *bytes, size_t size, size_t limit)
{
    z_stream stream = {.next_in = (z_const Bytef *)bytes, .avail_in = (unsigned)size};
    unsigned char block[16384];
    /* 16: with gzip's frame */
    if (size > UINT_MAX || inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK)
        return false;
    int result = Z_OK;
    while (result == Z_OK && out->size <= limit) {
        stream.next_out = block;
        stream.avail_out = sizeof block;
        result = inflate(&stream, Z_NO_FLUSH);
        if (result == Z_OK || result == Z_STREAM_END)
            text_add_bytes(out, (const char *)block, sizeof block - stream.avail_out);
    }
    inflateEnd(&stream);
    return result == Z_STREAM_END && stream.avail_in == 0 && out->size <= limit;
}
