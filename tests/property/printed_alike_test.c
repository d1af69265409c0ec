/* Histories whose records are printed alike, more or less, and damaged: what is taken by comparing
 * with the record before is what the scanner takes by itself. That it must do where the text comes
 * to it in pieces shorter than any record, as from a file of many small gzip members. */
#include "../unit/traces_fixture.h"

#include "base/pcg64.h"
#include "base/text.h"
#include "traces/reader.h"

#include <zlib.h>

enum { HISTORIES = 6000, SHORT_PIECE = 48, PIECE_MAX = 1500 };

/* ---- histories ---------------------------------------------------------------------------------
 */

struct style {
    const char *before;  /* of a record */
    const char *between; /* of its members */
    const char *after;   /* the last */
    const char *colon;
    const char *comma; /* between records */
    bool zone_id;
    const char *another; /* key, or NULL */
};

static bool one_in(struct pcg64 *luck, uint64_t count)
{
    return pcg64_below(luck, count) == 0;
}

static struct style random_style(struct pcg64 *luck)
{
    static const struct style styles[] = {
        {.before = "\n        ",
         .between = "\n            ",
         .after = "\n        ",
         .colon = ": ",
         .comma = ","},
        {.before = "", .between = "", .after = "", .colon = ":", .comma = ","},
        {.before = "\r\n", .between = " ", .after = "\t", .colon = " :\n", .comma = "\n,"},
    };
    struct style style = styles[pcg64_below(luck, ARRAY_LENGTH(styles))];
    style.zone_id = one_in(luck, 2);
    if (one_in(luck, 3))
        style.another = one_in(luck, 2) ? "Another" : "SpotPriceHistory";
    return style;
}

/* What stands for a value now and then. */
static const char *const oddities[] = {
    "\"\"",
    "null",
    "0.25",
    "true",
    "{\"a\":\"b\"}",
    "[]",
    "\"a\\u002fb\"",
    "\"\\\"\"",
    "\"\\q\"",
    "\"caf\xc3\xa9\"",
    "\"a\nb\"",
    "\"a\x7f\"",
    "\"0.0000001\"",
    "\"11000.5\"",
    "12e-3",
    "nul",
    "\"2015-02-30T00:00:00Z\"",
};

static void add_member(struct text *out, struct pcg64 *luck, const struct style *style,
                       const char *key, const char *value)
{
    char last = out->data[out->size - 1];
    text_addf(out, "%s%s\"%s\"%s", last == '{' ? "" : ",", style->between, key, style->colon);
    if (one_in(luck, 120))
        text_addf(out, "%s", oddities[pcg64_below(luck, ARRAY_LENGTH(oddities))]);
    else if (one_in(luck, 500))
        text_addf(out, "\"%0*d\"", (int)pcg64_between(luck, 100, 200), 0);
    else
        text_addf(out, "\"%s\"", value);
}

static void add_record(struct text *out, struct pcg64 *luck, const struct style *style)
{
    static const char *const zones[] = {"us-east-1a", "us-east-1b", "eu-west-1c"};
    static const char *const types[] = {"c3.large", "m5a.24xlarge", "r3.2xlarge"};
    char price[32];
    char time[64];
    snprintf(price, sizeof price, "%d.%06d", (int)pcg64_below(luck, 3),
             (int)pcg64_below(luck, 1000000));
    timestamp_format((int64_t)pcg64_below(luck, 2000000000), time);
    text_addf(out, "%s{", style->before);
    bool swapped = one_in(luck, 40);
    if (!one_in(luck, 60))
        add_member(out, luck, style, swapped ? "InstanceType" : "AvailabilityZone",
                   swapped ? types[pcg64_below(luck, 3)] : zones[pcg64_below(luck, 3)]);
    if (style->zone_id != one_in(luck, 60))
        add_member(out, luck, style, "AvailabilityZoneId", "use1-az4");
    if (!one_in(luck, 60))
        add_member(out, luck, style, swapped ? "AvailabilityZone" : "InstanceType",
                   swapped ? zones[pcg64_below(luck, 3)] : types[pcg64_below(luck, 3)]);
    if (style->another && !one_in(luck, 60))
        add_member(out, luck, style, style->another, "x");
    if (!one_in(luck, 60))
        add_member(out, luck, style, "ProductDescription", "Linux/UNIX");
    add_member(out, luck, style, "SpotPrice", price);
    add_member(out, luck, style, "Timestamp", time);
    if (one_in(luck, 60))
        add_member(out, luck, style, "SpotPrice", "0.5");
    text_addf(out, "%s}", style->after);
}

static void add_list(struct text *out, struct pcg64 *luck, struct style style)
{
    int64_t count = pcg64_between(luck, 0, 12);
    bool other = one_in(luck, 10);
    text_addf(out, "[");
    for (int64_t i = 0; i < count; i++) {
        if (one_in(luck, 100))
            style = random_style(luck);
        text_addf(out, "%s", i && !one_in(luck, 200) ? style.comma : "");
        if (one_in(luck, 100))
            text_addf(out, "%s", oddities[pcg64_below(luck, ARRAY_LENGTH(oddities))]);
        else if (other || one_in(luck, 200))
            text_addf(out, "%s{%s\"Another\"%s\"%d\"%s}", style.before, style.between, style.colon,
                      (int)pcg64_below(luck, 10), style.after);
        else
            add_record(out, luck, &style);
    }
    text_addf(out, "]");
}

/* Pages one after the other, in a list or not, or lists of records. */
static void random_history(struct text *out, struct pcg64 *luck)
{
    struct style style = random_style(luck);
    bool bare = one_in(luck, 3);
    bool listed = one_in(luck, 4);
    int64_t pages = pcg64_between(luck, 1, 3);
    text_addf(out, "%s", listed ? "[" : "");
    for (int64_t i = 0; i < pages; i++) {
        text_addf(out, "%s%s", listed && i ? "," : "", bare ? "" : "{\"SpotPriceHistory\":");
        add_list(out, luck, style);
        text_addf(out, "%s\n", bare ? "" : "}");
        for (uint64_t left = listed ? pcg64_below(luck, 3) : 0; left; left--) {
            text_addf(out, ",");
            add_record(out, luck, &style);
        }
    }
    text_addf(out, "%s", listed ? "]" : "");
}

static void damage(struct text *text, struct pcg64 *luck)
{
    static const char likely[] = "\"\\{}[],: \n\x01"
                                 "az0";
    for (uint64_t left = pcg64_below(luck, 3); left && text->size; left--) {
        size_t at = (size_t)pcg64_below(luck, text->size);
        if (one_in(luck, 3))
            text->data[at] = (char)pcg64_below(luck, 256);
        else if (one_in(luck, 2))
            text->data[at] = likely[pcg64_below(luck, sizeof likely - 1)];
        else
            memmove(text->data + at, text->data + at + 1, --text->size - at);
    }
}

/* ---- what is read of them ----------------------------------------------------------------------
 */

static int note_price(const struct price_record *r, int64_t line, void *context)
{
    text_addf(context, "%lld: %s %s %s %lld %lld %d\n", (long long)line, r->zone, r->instance_type,
              r->product, (long long)r->time_s, (long long)r->micro_usd_per_hour, r->assumed_utc);
    return STATUS_OK;
}

static int note_refused(int64_t line, const char *reason, void *context)
{
    text_addf(context, "%lld: %s\n", (long long)line, reason);
    return STATUS_OK;
}

static void read_bytes(const void *bytes, size_t size, struct text *out_notes)
{
    const struct record_receiver receiver = {
        .context = out_notes, .price = note_price, .refused = note_refused};
    struct error err = {0};
    struct input input;
    char hash[HASH_TEXT_SIZE];
    assert_int_equal(input_open_bytes(&input, "history", bytes, size, &err), STATUS_OK);
    int status = reader_prices_json(&input, &receiver, &err);
    text_addf(out_notes, "%d %s, line %lld\n", status, err.text, (long long)input.line);
    input_close(&input, hash);
}

/* The text as gzip members of so many bytes each. */
static void read_in_pieces(const struct text *text, size_t piece, struct text *out_notes)
{
    struct text members = {0};
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    for (size_t at = 0; at < text->size; at += piece) {
        unsigned char packed[2 * PIECE_MAX];
        size_t left = text->size - at;
        z.next_in = (unsigned char *)text->data + at;
        z.avail_in = (uInt)(left < piece ? left : piece);
        z.next_out = packed;
        z.avail_out = sizeof packed;
        assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
        text_add_bytes(&members, (const char *)packed, sizeof packed - z.avail_out);
        deflateReset(&z);
    }
    deflateEnd(&z);
    read_bytes(members.data, members.size, out_notes);
    text_clean_up(&members);
}

static void check(uint64_t seed, const struct text *history, struct text notes,
                  const struct text *expected)
{
    if (notes.size != expected->size || memcmp(notes.data, expected->data, notes.size) != 0)
        fail_msg("history %llu:\n%s\nis read as\n%s\nnot as\n%s", (unsigned long long)seed,
                 history->data, notes.data, expected->data);
    text_clean_up(&notes);
}

static void what_is_printed_alike_is_read_alike(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= HISTORIES; seed++) {
        struct pcg64 luck;
        struct text history = {0};
        struct text by_itself = {0};
        struct text whole = {0};
        struct text pieces = {0};
        pcg64_seed(&luck, seed, 1);
        random_history(&history, &luck);
        if (one_in(&luck, 2))
            damage(&history, &luck);
        read_in_pieces(&history, SHORT_PIECE, &by_itself);
        read_bytes(history.data, history.size, &whole);
        check(seed, &history, whole, &by_itself);
        read_in_pieces(&history, (size_t)pcg64_between(&luck, 100, PIECE_MAX), &pieces);
        check(seed, &history, pieces, &by_itself);
        text_clean_up(&history);
        text_clean_up(&by_itself);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_printed_alike_is_read_alike)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
