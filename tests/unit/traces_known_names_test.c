/* Names that are remembered are those that would be read, and so is what a receiver keeps with
 * them. */
#include "traces_fixture.h"
#include "valgrind.h"

#include "base/pcg64.h"
#include "traces/known_names.h"

enum { NAMES = 20, MARKETS = NAMES * NAMES * NAMES };

/* As long as a name may be. */
#define SIXTY "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff"
#define LONG  SIXTY SIXTY "ggggggg"

/* Good and bad, short and long; some that begin or end like others. */
static const char *const names[NAMES] = {"us-east-1a",
                                         "us-east-1b",
                                         "us-east-1",
                                         "c3.large",
                                         "c3.xlarge",
                                         "c3.2xlarge",
                                         "r3.2xlarge",
                                         "Linux/UNIX",
                                         "Windows",
                                         "a",
                                         "",
                                         "-a",
                                         "a\"b",
                                         "a b",
                                         "caf\xc3\xa9",
                                         LONG,
                                         LONG "a",
                                         "aaaaaaaabbbbbbbbcccccccc",
                                         "aaaaaaaaddddddddcccccccc",
                                         "c3.large "};

static struct field field_of(const char *text)
{
    return (struct field){text, strlen(text)};
}

static void as_if_read_anew(void **state)
{
    (void)state;
    struct known_names *known = known_names_new();
    struct pcg64 luck;
    pcg64_seed(&luck, 3, 1);
    int64_t remembered = 0;
    for (int i = 0; i < (under_valgrind() ? 20000 : 300000); i++) {
        uint64_t market = pcg64_below(&luck, pcg64_below(&luck, 2) ? MARKETS : 50);
        bool bad = pcg64_below(&luck, 50) == 0;
        const struct price_fields fields = {
            field_of(names[market % NAMES]), field_of(names[market / NAMES % NAMES]),
            field_of(names[market / NAMES / NAMES]), field_of(bad ? "-1" : "0.5"),
            field_of("2015-03-12T00:00:00Z")};
        struct price_record expected;
        struct price_record *record = NULL;
        const char *reason = row_price(&expected, fields.zone, fields.type, fields.product,
                                       fields.price, fields.time);
        const char *found = known_names_price(known, &fields, &record);
        assert_true(reason ? found && strcmp(reason, found) == 0 : !found);
        if (reason)
            continue;
        assert_string_equal(record->zone, expected.zone);
        assert_string_equal(record->instance_type, expected.instance_type);
        assert_string_equal(record->product, expected.product);
        assert_int_equal(record->time_s, expected.time_s);
        assert_int_equal(record->micro_usd_per_hour, expected.micro_usd_per_hour);
        assert_null(expected.mark);
        assert_true(*record->mark == 0 || *record->mark == market + 1);
        remembered += *record->mark != 0;
        *record->mark = market + 1;
    }
    assert_true(remembered > 0);
    known_names_destroy(known);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(as_if_read_anew)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
