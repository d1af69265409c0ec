/* Billing files: the two forms of the Cost and Usage Report, the Spot data feed, and what of them
 * is refused, with its place. */
#include "traces_fixture.h"

#include "traces/charges.h"

enum { KEPT = 8 };

struct taken {
    struct charge charges[KEPT];
    size_t count;
};

static int keep(const struct charge *charge, int64_t line, void *context)
{
    struct taken *taken = context;
    assert_true(line >= 1);
    assert_true(taken->count < KEPT);
    taken->charges[taken->count++] = *charge;
    return STATUS_OK;
}

static struct taken read_text(const char *text, struct charges_file *out_file)
{
    struct taken taken = {0};
    struct error err = {0};
    if (charges_read_bytes("bill", text, strlen(text), keep, &taken, out_file, &err))
        fail_msg("%s", err.text);
    return taken;
}

static void refused(const char *text, const char *words)
{
    struct taken taken = {0};
    struct charges_file file;
    struct error err = {0};
    assert_int_equal(charges_read_bytes("bill", text, strlen(text), keep, &taken, &file, &err),
                     STATUS_BAD_INPUT);
    if (!strstr(err.text, words))
        fail_msg("\"%s\" does not say \"%s\"", err.text, words);
}

#define LEGACY                                                                                     \
    "lineItem/LineItemType,lineItem/UsageStartDate,lineItem/UsageEndDate,lineItem/UsageType,"      \
    "lineItem/AvailabilityZone,lineItem/ResourceId,lineItem/UsageAmount,lineItem/CurrencyCode,"    \
    "lineItem/UnblendedRate,lineItem/UnblendedCost,resourceTags/aws:autoscaling:groupName,"        \
    "resourceTags/aws:ec2spot:fleet-request-id\n"
#define HOUR "2023-12-09T07:00:00Z,2023-12-09T08:00:00Z,"

static void a_legacy_report(void **state)
{
    (void)state;
    struct charges_file file;
    struct taken taken = read_text(
        "\xef\xbb\xbf" LEGACY "Usage," HOUR
        "USE2-SpotUsage:c5.xlarge,us-east-2a,i-0a,0.2786111111,USD,0.0681,"
        "0.0189734167,,sfr-1\r\n"
        "\n"
        "SavingsPlanCoveredUsage," HOUR "BoxUsage:m5.large,us-east-1b,i-0b,1,USD,,9.6E-2,\"g, "
        "\"\"1\"\"\",\n"
        "SavingsPlanNegation," HOUR "BoxUsage:m5.large,,,1,USD,,-0.096,g,\n"
        "Usage,2023-12-09T09:00:00Z,2023-12-09T10:00:00Z,EBS:VolumeUsage.gp3,,vol-1,3,USD,1,3,,\n"
        "Tax,2023-12-01T00:00:00Z,2024-01-01T00:00:00Z,,,,1,USD,,7,,\n",
        &file);
    assert_int_equal(taken.count, 2);
    const struct charge *spot = &taken.charges[0];
    assert_true(spot->spot);
    assert_string_equal(spot->instance, "i-0a");
    assert_string_equal(spot->instance_type, "c5.xlarge");
    assert_string_equal(spot->zone, "us-east-2a");
    assert_string_equal(spot->fleet, "sfr-1");
    assert_int_equal(spot->start_s, at("2023-12-09T07:00:00Z"));
    assert_int_equal(spot->used, 2786111111);
    assert_int_equal(spot->rate, 681000000);
    assert_int_equal(spot->cost, 189734167);
    const struct charge *other = &taken.charges[1];
    assert_false(other->spot);
    assert_string_equal(other->group, "g, \"1\"");
    assert_int_equal(other->rate, CHARGE_NO_RATE);
    assert_int_equal(other->cost, 960000000);
    assert_int_equal(file.other, 1);
    assert_int_equal(file.other_cost, -960000000);
    assert_int_equal(file.lines, 5);
    assert_int_equal(file.first_s, at("2023-12-09T07:00:00Z"));
    assert_int_equal(file.end_s, at("2023-12-09T10:00:00Z"));
}

static void a_report_of_data_exports(void **state)
{
    (void)state;
    struct charges_file file;
    struct taken taken = read_text(
        "resource_tags,line_item_usage_start_date,line_item_usage_end_date,line_item_usage_type,"
        "line_item_resource_id,line_item_usage_amount,line_item_unblended_cost,"
        "line_item_line_item_type\n"
        "\"{\"\"user_team\"\":\"\"x\"\",\"\"aws_autoscaling_group_name\"\":\"\"grp\"\"}\","
        "2023-12-09 07:00:00.000,2023-12-09 08:00:00.000,BoxUsage:m5.large,i-0b,1,0.096,Usage\n"
        "not JSON,2023-12-09 07:00:00,2023-12-09 08:00:00,SpotUsage,i-0c,1,0.01,Usage\n",
        &file);
    assert_int_equal(taken.count, 2);
    assert_string_equal(taken.charges[0].group, "grp");
    assert_int_equal(taken.charges[0].start_s, at("2023-12-09T07:00:00Z"));
    assert_string_equal(taken.charges[1].instance_type, "m1.small");
    assert_string_equal(taken.charges[1].group, "");
}

#define FEED                                                                                       \
    "#Version: 1.0\n#Fields: Timestamp UsageType Operation InstanceID MyBidID MyMaxPrice "         \
    "MarketPrice Charge Version\n"

static void a_data_feed(void **state)
{
    (void)state;
    struct charges_file file;
    struct taken taken = read_text(
        FEED "2023-12-09 07:13:47 UTC\tUSE2-SpotUsage:c7a.medium\tRunInstances:SV050\ti-0c\tsir-1\t"
             "0.0510000000 USD\t0.0142000000 USD\t0.0071000000 USD\t1\n",
        &file);
    assert_int_equal(file.kind, CHARGES_FEED);
    assert_int_equal(taken.count, 1);
    assert_true(taken.charges[0].spot);
    assert_int_equal(taken.charges[0].start_s, at("2023-12-09T07:13:47Z"));
    assert_int_equal(taken.charges[0].rate, 142000000);
    assert_int_equal(taken.charges[0].cost, 71000000);
    assert_int_equal(taken.charges[0].used, CHARGE_PARTS / 2);
}

static void what_cannot_be_read(void **state)
{
    (void)state;
    refused("", "an empty file");
    refused("a,b,c\n1,2,3\n", "neither a Cost and Usage Report");
    refused("PAR1....", "Parquet");
    refused("lineItem/UsageStartDate,lineItem/UsageEndDate,lineItem/UsageType\n",
            "bill:1: lineItem/ResourceId: no such column");
#define SPOT(fields) LEGACY "Usage," fields ",0.05,0.05,,\n"
    refused(SPOT(HOUR "SpotUsage:c5.xlarge,us-east-1a,i-0a,x,USD"),
            "bill:2: lineItem/UsageAmount: not a number");
    refused(SPOT(HOUR "SpotUsage:c5.xlarge,us-east-1a,i-0a,1,CNY"), "only USD");
    refused(SPOT(HOUR "SpotUsage:c5.xlarge,us-east-1a,,1,USD"), "include resource IDs");
    refused(SPOT("2023-12-09T00:00:00Z,2023-12-10T00:00:00Z,SpotUsage:c5.xlarge,,i-0a,24,USD"),
            "made hourly");
    refused(SPOT("yesterday,2023-12-10T00:00:00Z,SpotUsage:c5.xlarge,,i-0a,1,USD"),
            "bill:2: lineItem/UsageStartDate");
    refused(LEGACY "Usage,2023\n", "bill:2: row: another number of columns");
    refused("#Version: 1.0\n1\t2\n", "no #Fields");
    refused("#Fields: Timestamp UsageType\n", "InstanceID: #Fields does not name it");
    refused(FEED "2023-12-09 07:13:47 UTC\tSpotUsage:c5.large\tR\ti-0c\ts\t1 USD\t0.5 EUR\t0.5 "
                 "USD\t1\n",
            "bill:3: MarketPrice");
    refused(FEED "2023-12-09 07:13:47 UTC\tSpotUsage:c5.large\tR\ti-0c\ts\t1 USD\t0.5 USD\t5 "
                 "USD\t1\n",
            "more than an hour's price");
}

static void numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t parts; /* INT64_MIN: none */
    } cases[] = {
        {"0", 0},
        {"1.5", 15000000000},
        {"-0.1", -1000000000},
        {"0.00000000005", 0}, /* half to even */
        {"0.00000000015", 2},
        {"1e-10", 1},
        {"2.5E3", 25000000000000},
        {"1e-400", 0},
        {".5", 5000000000},
        {"10000000", 100000000000000000},
        {"10000001", INT64_MIN},
        {"1e300", INT64_MIN},
        {"0.00000000000000000000000000000000000000000000000001", 0},
        {"12345678901234567890123456789012345678901234567890", INT64_MIN},
        {"", INT64_MIN},
        {".", INT64_MIN},
        {"-", INT64_MIN},
        {"1,5", INT64_MIN},
        {"1e", INT64_MIN},
        {"0x10", INT64_MIN},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        int64_t parts = 7;
        bool read = charges_number((struct field){cases[i].text, strlen(cases[i].text)}, &parts);
        if (read != (cases[i].parts != INT64_MIN) || (read && parts != cases[i].parts))
            fail_msg("%s is read as %lld", cases[i].text, (long long)parts);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_legacy_report), cmocka_unit_test(a_report_of_data_exports),
        cmocka_unit_test(a_data_feed),     cmocka_unit_test(what_cannot_be_read),
        cmocka_unit_test(numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
