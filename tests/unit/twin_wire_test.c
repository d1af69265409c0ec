/* Forms, JSON and CBOR as AWS's clients send them, and what is none of these; XML, JSON and CBOR as
 * they can read them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "twin/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* What was read, as JSON; "refused" where nothing was. */
static const char *shown(const struct tree *tree)
{
    static char shown_text[4096];
    struct text text = {0};
    if (!tree)
        return "refused";
    json_write(&text, tree);
    snprintf(shown_text, sizeof shown_text, "%s", text.data);
    text_clean_up(&text);
    return shown_text;
}

static void reads_form(const char *form, const char *wanted)
{
    struct arena arena = {0};
    assert_string_equal(shown(form_read(&arena, form, strlen(form))), wanted);
    arena_clean_up(&arena);
}

static void forms(void **state)
{
    (void)state;
    reads_form("", "{}");
    reads_form("Action=A&Version=1", "{\"Action\":\"A\",\"Version\":\"1\"}");
    reads_form("A=a+b%20c%C3%A9%2F~", "{\"A\":\"a b c\xc3\xa9/~\"}");
    reads_form("A.member.2=b&A.member.1=a", "{\"A\":[\"a\",\"b\"]}");
    reads_form("A.3=c&A.1=a&A.2=b&A.1=z", "{\"A\":[\"z\",\"b\",\"c\"]}");
    reads_form("Q.member.1.M.D.member.1.Name=n&Q.member.1.M.D.member.1.Value=v",
               "{\"Q\":[{\"M\":{\"D\":[{\"Name\":\"n\",\"Value\":\"v\"}]}}]}");
    reads_form("Filter.1.Name=x&Filter.1.Value.1=y&&",
               "{\"Filter\":[{\"Name\":\"x\",\"Value\":[\"y\"]}]}");
    reads_form("Empty=&Bare", "{\"Empty\":\"\",\"Bare\":\"\"}");
    reads_form("A=%zz", "refused");
    reads_form("A=%2", "refused");
    reads_form("A=%00", "refused");
    reads_form("A=1&A.B=2", "refused");
    reads_form("A.B=1&A.1=2", "refused");
    reads_form("A.0=1", "{\"A\":{\"0\":\"1\"}}"); /* no item: they count from 1 */
}

static void form_is_bounded(void **state)
{
    (void)state;
    struct arena arena = {0};
    char deep[400] = "A";
    for (int i = 0; i < 150; i++)
        strcat(deep, ".B");
    strcat(deep, "=1");
    assert_null(form_read(&arena, deep, strlen(deep)));
    struct text wide = {0};
    for (int i = 0; i <= TREE_MEMBERS_MAX; i++)
        text_addf(&wide, "N%d=1&", i);
    assert_null(form_read(&arena, wide.data, wide.size));
    text_clean_up(&wide);
    arena_clean_up(&arena);
}

static void reads_json(const char *json, const char *wanted)
{
    struct arena arena = {0};
    assert_string_equal(shown(json_read_tree(&arena, json, strlen(json))), wanted);
    arena_clean_up(&arena);
}

static void json(void **state)
{
    (void)state;
    reads_json("", "{}");
    reads_json(" {\"A\": [1, \"b\", true, null, 2.5]} ", "{\"A\":[1,\"b\",true,null,2.5]}");
    reads_json("[]", "refused");
    reads_json("{} x", "refused");
    reads_json("{\"A\": \"\\u0000\"}", "refused");
    char deep[400] = "";
    for (int i = 0; i < 60; i++)
        strcat(deep, "{\"A\":");
    reads_json(deep, "refused");
    /* Bytes that nothing ends are read no further than they go. */
    struct arena arena = {0};
    static const char text[] = "{\"A\": 1} ";
    char *exact = malloc(9);
    assert_non_null(exact);
    memcpy(exact, text, 9);
    assert_string_equal(shown(json_read_tree(&arena, exact, 9)), "{\"A\":1}");
    assert_string_equal(shown(json_read_tree(&arena, exact, 8)), "{\"A\":1}");
    free(exact);
    arena_clean_up(&arena);
}

static void reads_cbor(const char *hex, const char *wanted)
{
    struct arena arena = {0};
    unsigned char bytes[512];
    size_t size = strlen(hex) / 2;
    for (size_t i = 0; i < size; i++) {
        unsigned byte = 0;
        sscanf(hex + 2 * i, "%2x", &byte);
        bytes[i] = (unsigned char)byte;
    }
    assert_string_equal(shown(cbor_read(&arena, bytes, size)), wanted);
    arena_clean_up(&arena);
}

static void cbor(void **state)
{
    (void)state;
    /* As the AWS SDK for JavaScript sends GetMetricStatistics. */
    reads_cbor(
        "a8694e616d6573706163656b4157532f45433253706f746a4d65747269634e616d656f50656e64696e67436170"
        "61"
        "63697479695374617274"
        "54696d65c11a6957334d67456e6454696d65c11a695735a566506572696f64183c6a44696d656e73696f6e7381"
        "a2"
        "644e616d656e466c656574526571756573744964"
        "6556616c7565657366722d316a5374617469737469637382674d6178696d756d67417665726167656455"
        "6e697465436f756e74",
        "{\"Namespace\":\"AWS/"
        "EC2Spot\",\"MetricName\":\"PendingCapacity\",\"StartTime\":1767322445,"
        "\"EndTime\":1767323045,\"Period\":60,\"Dimensions\":[{\"Name\":\"FleetRequestId\","
        "\"Value\":\"sfr-1\"}],\"Statistics\":[\"Maximum\",\"Average\"],\"Unit\":\"Count\"}");
    reads_cbor("bf6141"
               "9f01f97e00fb4004000000000000ff"
               "6142"
               "7f61616162ff"
               "ff",
               "{\"A\":[1,\"NaN\",2.5],\"B\":\"ab\"}");
    reads_cbor("a16141f7", "{\"A\":null}");
    reads_cbor("a161413903e7", "{\"A\":-1000}");
    reads_cbor("a1614141ff", "{\"A\":null}");                       /* bytes are read over */
    reads_cbor("a16141c1fb41d9000000000000", "{\"A\":1677721600}"); /* a time as a double */
    reads_cbor("a0", "{}");
    reads_cbor("", "{}");
    reads_cbor("80", "refused");
    reads_cbor("a1", "refused");
    reads_cbor("a16141", "refused");
    reads_cbor("a10102", "refused");
    reads_cbor("a0a0", "refused");
    reads_cbor("ff", "refused");
    reads_cbor("bf6141ff", "refused");
    reads_cbor("a161419b7fffffffffffffff", "refused");
    reads_cbor("bb7fffffffffffffff6141", "refused");
    char deep[200] = "";
    for (int i = 0; i < 90; i++)
        strcat(deep, "9f");
    reads_cbor(deep, "refused");
}

static struct put object(struct arena *arena)
{
    return (struct put){arena, tree_new(arena, TREE_OBJECT)};
}

static void written(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct text text = {0};
    struct put root = object(&arena);
    put_text(root, "A", "<&\"\x01>");
    put_micro(root, "B", 25600000);
    put_time(root, "C", 1767323045);
    put_bool(root, "D", true);
    struct put list = put_list(root, "E");
    put_integer(list, NULL, -3);
    put_number(put_object(list, NULL), "F", 0.5);
    xml_write(&text, root.to, "member");
    assert_string_equal(
        text.data, "<A>&lt;&amp;&quot;?&gt;</A><B>25.6</B><C>2026-01-02T03:04:05Z</C><D>true</D>"
                   "<E><member>-3</member><member><F>0.5</F></member></E>");
    text_clean_up(&text);
    json_write(&text, root.to);
    assert_string_equal(text.data,
                        "{\"A\":\"<&\\\"\\u0001>\",\"B\":25.6,\"C\":1767323045,\"D\":true,"
                        "\"E\":[-3,{\"F\":0.5}]}");
    text_clean_up(&text);
    cbor_write(&text, root.to);
    assert_string_equal(shown(cbor_read(&arena, (unsigned char *)text.data, text.size)),
                        "{\"A\":\"<&\\\"\\u0001>\",\"B\":25.600000000000001,\"C\":1767323045,"
                        "\"D\":true,\"E\":[-3,{\"F\":0.5}]}");
    text_clean_up(&text);
    arena_clean_up(&arena);
}

static void leaves(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct put root = object(&arena);
    int64_t value = 0;
    double number = 0;
    bool truth = false;
    put_text(root, "whole", "12");
    put_text(root, "half", "0.5");
    put_text(root, "hex", "0x10");
    put_text(root, "blank", " 1");
    put_text(root, "iso", "2026-01-02T03:04:05.250Z");
    put_text(root, "true", "true");
    put_number(root, "double", 4.0);
    put_number(root, "huge", 1e300);
    put_number(root, "epoch", 1767323045.25);
    assert_true(tree_int64(tree_find(root.to, "whole"), &value) && value == 12);
    assert_true(tree_int64(tree_find(root.to, "double"), &value) && value == 4);
    assert_false(tree_int64(tree_find(root.to, "half"), &value));
    assert_false(tree_int64(tree_find(root.to, "huge"), &value));
    assert_false(tree_int64(tree_find(root.to, "nothing"), &value));
    assert_true(tree_number(tree_find(root.to, "half"), &number) && number == 0.5);
    assert_false(tree_number(tree_find(root.to, "hex"), &number));
    assert_false(tree_number(tree_find(root.to, "blank"), &number));
    assert_true(tree_time(tree_find(root.to, "iso"), &value) && value == 1767323045);
    assert_true(tree_time(tree_find(root.to, "epoch"), &value) && value == 1767323045);
    assert_false(tree_time(tree_find(root.to, "huge"), &value));
    assert_true(tree_bool(tree_find(root.to, "true"), &truth) && truth);
    assert_false(tree_bool(tree_find(root.to, "whole"), &truth));
    arena_clean_up(&arena);
}

static void gzip(void **state)
{
    (void)state;
    static unsigned char plain[200000];
    unsigned char packed[4096];
    z_stream stream = {0};
    struct text text = {0};
    memset(plain, 'a', sizeof plain);
    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
    stream.next_in = plain;
    stream.avail_in = sizeof plain;
    stream.next_out = packed;
    stream.avail_out = sizeof packed;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    deflateEnd(&stream);
    assert_true(gzip_inflate(&text, (char *)packed, stream.total_out, sizeof plain));
    assert_int_equal(text.size, sizeof plain);
    text_clean_up(&text);
    assert_false(gzip_inflate(&text, (char *)packed, stream.total_out, sizeof plain - 1));
    text_clean_up(&text);
    assert_false(gzip_inflate(&text, (char *)packed, stream.total_out - 1, sizeof plain));
    text_clean_up(&text);
    assert_false(gzip_inflate(&text, "no gzip", 7, sizeof plain));
    text_clean_up(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms), cmocka_unit_test(form_is_bounded), cmocka_unit_test(json),
        cmocka_unit_test(cbor),  cmocka_unit_test(written),         cmocka_unit_test(leaves),
        cmocka_unit_test(gzip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
