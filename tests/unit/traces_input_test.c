/* Streams: plain, gzip, zstd, from files and standard input; cut and damaged ones; lines. */
#include "traces_fixture.h"
#include "valgrind.h"

#include "base/pcg64.h"

#include <fcntl.h>
#include <zlib.h>
#include <zstd.h>

/* Enough records for several buffers. */
static int rows(void)
{
    return under_valgrind() ? 6000 : 20000;
}

struct bytes {
    unsigned char *data;
    size_t size;
};

static struct bytes history(void)
{
    struct bytes text = {memory_new((size_t)rows(), 80), 0};
    int64_t start_s = at("2015-03-12T00:00:00Z");
    for (int i = 0; i < rows(); i++) {
        char time[TIMESTAMP_TEXT_SIZE];
        text.size += (size_t)sprintf(
            (char *)text.data + text.size, "us-east-1a\tc3.xlarge\tLinux/UNIX\t0.%06d\t%s\n",
            1 + i * 7919 % 99991, timestamp_format(start_s + 60 * i, time));
    }
    return text;
}

static void add_gzip(struct bytes *out, const unsigned char *data, size_t size)
{
    out->data = memory_resize(out->data, out->size + size + 1024, 1);
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (unsigned char *)data;
    z.avail_in = (uInt)size;
    z.next_out = out->data + out->size;
    z.avail_out = (uInt)size + 1024;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    out->size += z.total_out;
    deflateEnd(&z);
}

static void add_zstandard(struct bytes *out, const unsigned char *data, size_t size)
{
    size_t room = ZSTD_compressBound(size);
    out->data = memory_resize(out->data, out->size + room, 1);
    size_t written = ZSTD_compress(out->data + out->size, room, data, size, 3);
    assert_false(ZSTD_isError(written));
    out->size += written;
}

static int import_bytes(struct fixture *f, const char *name, struct bytes bytes)
{
    return import_path(f, file_of_bytes(f, name, bytes.data, bytes.size),
                       (struct import_options){0});
}

static void takes_all(struct fixture *f, const char *name, struct bytes bytes)
{
    assert_int_equal(import_bytes(f, name, bytes), STATUS_OK);
    assert_int_equal(f->report.taken + f->report.duplicate, rows());
    assert_int_equal(f->report.refused, 0);
    assert_int_equal(query(f, "SELECT count(*) FROM price"), rows());
}

typedef void packer(struct bytes *out, const unsigned char *data, size_t size);

/* In one part and in three; the file's name says something else. */
static void takes_parts(struct fixture *f, packer *pack)
{
    struct bytes text = history();
    struct bytes whole = {0};
    struct bytes parts = {0};
    pack(&whole, text.data, text.size);
    takes_all(f, "plain.txt", whole);
    size_t third = text.size / 3;
    pack(&parts, text.data, third);
    pack(&parts, text.data + third, third);
    pack(&parts, text.data + 2 * third, text.size - 2 * third);
    takes_all(f, "other.json", parts);
    assert_int_equal(f->report.taken, 0);
    free(text.data);
    free(whole.data);
    free(parts.data);
}

static void plain_text(void **state)
{
    struct bytes text = history();
    takes_all(*state, "packed.gz", text);
    free(text.data);
}

static void gzip_members(void **state)
{
    takes_parts(*state, add_gzip);
}

static void zstandard_frames(void **state)
{
    takes_parts(*state, add_zstandard);
}

static void gzip_padded_with_zeros(void **state)
{
    struct bytes text = history();
    struct bytes packed = {0};
    add_gzip(&packed, text.data, text.size);
    packed.data = memory_resize(packed.data, packed.size + 512, 1);
    memset(packed.data + packed.size, 0, 512);
    packed.size += 512;
    takes_all(*state, "a.gz", packed);
    free(text.data);
    free(packed.data);
}

/* Cut anywhere, nothing is kept and the error names the file. */
static void cut_streams(struct fixture *f, packer *pack)
{
    struct bytes text = history();
    struct bytes packed = {0};
    pack(&packed, text.data, text.size);
    const size_t cuts[] = {4, 11, packed.size / 2, packed.size - 9, packed.size - 1};
    for (size_t i = 0; i < ARRAY_LENGTH(cuts); i++) {
        struct bytes cut = {packed.data, cuts[i]};
        assert_int_equal(import_bytes(f, "cut.packed", cut), STATUS_BAD_INPUT);
        assert_non_null(strstr(f->err.text, "cut.packed"));
        assert_non_null(strstr(f->err.text, "cut"));
        assert_int_equal(query(f, "SELECT count(*) FROM price"), 0);
    }
    free(text.data);
    free(packed.data);
}

static void cut_gzip(void **state)
{
    cut_streams(*state, add_gzip);
}

static void cut_zstandard(void **state)
{
    cut_streams(*state, add_zstandard);
}

static void damaged_streams(void **state)
{
    struct fixture *f = *state;
    packer *const packers[] = {add_gzip, add_zstandard};
    struct bytes text = history();
    for (size_t i = 0; i < ARRAY_LENGTH(packers); i++) {
        struct bytes packed = {0};
        packers[i](&packed, text.data, text.size);
        for (size_t at_byte = packed.size / 3; at_byte < packed.size / 3 + 64; at_byte++)
            packed.data[at_byte] ^= 0x5a;
        assert_int_equal(import_bytes(f, "a.packed", packed), STATUS_BAD_INPUT);
        assert_int_equal(query(f, "SELECT count(*) FROM price"), 0);
        free(packed.data);
    }
    free(text.data);
}

static void garbage_after_gzip(void **state)
{
    struct fixture *f = *state;
    struct bytes packed = {0};
    add_gzip(&packed, (const unsigned char *)"SPOTPRICEHISTORY\tx\n", 19);
    packed.data = memory_resize(packed.data, packed.size + 7, 1);
    memcpy(packed.data + packed.size, "garbage", 7);
    packed.size += 7;
    assert_int_equal(import_bytes(f, "a.gz", packed), STATUS_BAD_INPUT);
    free(packed.data);
}

static void standard_input(void **state)
{
    struct fixture *f = *state;
    struct bytes text = history();
    struct bytes packed = {0};
    add_gzip(&packed, text.data, text.size);
    const char *path = file_of_bytes(f, "in", packed.data, packed.size);
    int saved = dup(0);
    int file = open(path, O_RDONLY);
    assert_true(file >= 0 && dup2(file, 0) == 0);
    int status = import_path(f, "-", (struct import_options){0});
    dup2(saved, 0);
    close(saved);
    close(file);
    assert_int_equal(status, STATUS_OK);
    assert_int_equal(f->report.taken, rows());
    assert_int_equal(query(f, "SELECT count(*) FROM source WHERE name='stdin'"), 1);
    free(text.data);
    free(packed.data);
}

/* The hash in the database is of the file's own bytes, as sha256sum prints it. */
static void hash_of_the_raw_bytes(void **state)
{
    struct fixture *f = *state;
    imports(f, "a.json", "{\"SpotPriceHistory\": []}", 0, 0, 0);
    assert_int_equal(query(f, "SELECT count(*) FROM source WHERE sha256="
                              "'55a6b9cff7f82157be642becc23a69bfd867b4d135b041224fa00c7ab1cfdd78'"),
                     1);
}

static void lines(void **state)
{
    (void)state;
    static const char text[] = "one\r\n\ntwo\rtwo\nlast";
    struct error err;
    struct input input;
    assert_int_equal(input_open_bytes(&input, "memory", text, sizeof text - 1, &err), STATUS_OK);
    const char *line = NULL;
    size_t length = 0;
    static const char *const expected[] = {"one", "", "two\rtwo", "last"};
    for (size_t i = 0; i < ARRAY_LENGTH(expected); i++) {
        assert_int_equal(input_line(&input, &line, &length), 1);
        assert_int_equal(length, strlen(expected[i]));
        assert_memory_equal(line, expected[i], length);
        assert_int_equal(input.line, (int64_t)i + 2);
    }
    assert_int_equal(input_line(&input, &line, &length), 0);
    assert_int_equal(input.status, STATUS_OK);
    char hash[HASH_TEXT_SIZE];
    input_close(&input, hash);
}

static void looking_takes_nothing(void **state)
{
    (void)state;
    struct bytes text = history();
    struct error err;
    struct input input;
    assert_int_equal(input_open_bytes(&input, "memory", text.data, text.size, &err), STATUS_OK);
    const char *start = NULL;
    assert_int_equal(input_look(&input, &start), INPUT_LINE_LIMIT);
    assert_memory_equal(start, text.data, INPUT_LINE_LIMIT);
    for (size_t i = 0; i < text.size; i++)
        assert_int_equal(input_next(&input), text.data[i]);
    assert_int_equal(input_next(&input), -1);
    assert_int_equal(input.line, rows() + 1);
    char hash[HASH_TEXT_SIZE];
    input_close(&input, hash);
    free(text.data);
}

/* Lines of all lengths, the longest that is allowed and one that is longer among them: more than is
 * read ahead at a time. */
static struct bytes long_text(void)
{
    struct bytes text = {memory_new(4 << 20, 1), 0};
    struct pcg64 luck;
    pcg64_seed(&luck, 7, 1);
    for (int i = 0; i < 300; i++) {
        size_t length = (size_t)pcg64_below(&luck, 20000);
        if (i % 50 == 0)
            length = INPUT_LINE_LIMIT + (size_t)(i == 150);
        memset(text.data + text.size, 'a' + i % 26, length);
        for (size_t at = 0; at < length; at += 16)
            text.data[text.size + at] = (unsigned char)('A' + pcg64_below(&luck, 26));
        text.size += length;
        text.data[text.size++] = '\n';
    }
    return text;
}

/* Whoever reads a file that is read ahead sees what he sees of the same bytes in memory. */
static void a_long_file_line_by_line(void **state)
{
    struct bytes text = long_text();
    struct error err;
    struct input input;
    struct input same;
    const char *path = file_of_bytes(*state, "long", text.data, text.size);
    assert_int_equal(input_open(&input, path, &err), STATUS_OK);
    assert_int_equal(input_open_bytes(&same, "memory", text.data, text.size, &err), STATUS_OK);
    int got = 0;
    do {
        const char *line = NULL;
        const char *expected = NULL;
        size_t length = 0;
        size_t expected_length = 0;
        got = input_line(&input, &line, &length);
        assert_int_equal(got, input_line(&same, &expected, &expected_length));
        assert_int_equal(input.line, same.line);
        if (got > 0) {
            assert_int_equal(length, expected_length);
            assert_memory_equal(line, expected, length);
        }
    } while (got);
    assert_int_equal(input.line, 301);
    char hash[HASH_TEXT_SIZE];
    char expected_hash[HASH_TEXT_SIZE];
    input_close(&input, hash);
    input_close(&same, expected_hash);
    assert_string_equal(hash, expected_hash);
    free(text.data);
}

static void a_long_file_closed_before_its_end(void **state)
{
    struct bytes text = long_text();
    const char *path = file_of_bytes(*state, "long", text.data, text.size);
    for (int taken = 0; taken < 300; taken += 20) {
        struct error err;
        struct input input;
        assert_int_equal(input_open(&input, path, &err), STATUS_OK);
        for (int i = 0; i < taken; i++) {
            const char *line = NULL;
            size_t length = 0;
            assert_int_not_equal(input_line(&input, &line, &length), 0);
        }
        char hash[HASH_TEXT_SIZE];
        input_close(&input, hash);
    }
    free(text.data);
}

/* Of a long file that is damaged far behind, what comes before is read. */
static void a_long_file_cut(void **state)
{
    struct bytes text = long_text();
    struct bytes packed = {0};
    for (int i = 0; i < 3; i++)
        add_gzip(&packed, text.data, text.size);
    const char *path = file_of_bytes(*state, "long.gz", packed.data, packed.size - 5);
    assert_true(packed.size > 500000);
    struct error err = {0};
    struct input input;
    assert_int_equal(input_open(&input, path, &err), STATUS_OK);
    int64_t count = 0;
    while (input_next(&input) >= 0)
        count++;
    assert_true(count > 2 * (int64_t)text.size && count <= 3 * (int64_t)text.size);
    assert_int_equal(input.status, STATUS_BAD_INPUT);
    assert_non_null(strstr(err.text, "long.gz: the compressed data end too early"));
    assert_int_equal(input_next(&input), -1);
    char hash[HASH_TEXT_SIZE];
    input_close(&input, hash);
    free(text.data);
    free(packed.data);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)
    const struct CMUnitTest tests[] = {
        CASE(plain_text),
        CASE(gzip_members),
        CASE(zstandard_frames),
        CASE(gzip_padded_with_zeros),
        CASE(cut_gzip),
        CASE(cut_zstandard),
        CASE(damaged_streams),
        CASE(garbage_after_gzip),
        CASE(standard_input),
        CASE(hash_of_the_raw_bytes),
        CASE(a_long_file_line_by_line),
        CASE(a_long_file_closed_before_its_end),
        CASE(a_long_file_cut),
        cmocka_unit_test(lines),
        cmocka_unit_test(looking_takes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
