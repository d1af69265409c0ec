/* Every form that histories come in, and every reason for which a row is refused. */
#include "traces_fixture.h"

#define RECORD(zone, price, time)                                                                  \
    "{\"AvailabilityZone\":\"" zone "\",\"InstanceType\":\"c3.xlarge\","                           \
    "\"ProductDescription\":\"Linux/UNIX\",\"SpotPrice\":\"" price "\",\"Timestamp\":\"" time      \
    "\"}"
#define HISTORY(records) "{\"SpotPriceHistory\":[" records "]}"
#define DAY              "2015-03-12T00:00:00"

static void json_as_printed(void **state)
{
    struct fixture *f = *state;
    imports(f, "a.json",
            "{\n    \"SpotPriceHistory\": [\n        {\n"
            "            \"Timestamp\": \"2015-03-12T00:00:10.000Z\",\n"
            "            \"ProductDescription\": \"Linux/UNIX\",\n"
            "            \"InstanceType\": \"c3.xlarge\",\n"
            "            \"SpotPrice\": \"0.087000\",\n"
            "            \"AvailabilityZone\": \"us-east-1a\"\n        }\n    ],\n"
            "    \"NextToken\": \"\"\n}\n",
            1, 0, 0);
    assert_int_equal(f->report.kind, KIND_PRICES_JSON);
    assert_string_equal(steps(f, "us-east-1a", "c3.xlarge", at(DAY "Z"), at(DAY "Z") + 100),
                        "10:87000");
}

static void json_pages_keys_and_escapes(void **state)
{
    struct fixture *f = *state;
    imports(
        f, "a.json",
        "\xef\xbb\xbf" HISTORY(RECORD(
            "use1-az4", "0.1",
            DAY "Z")) " \n"
                      "{\"ResponseMetadata\":{\"a\":[1,-2.5e3,true,false,null,{"
                      "\"SpotPriceHistory\":[{}]}]},"
                      "\"NextToken\":\"\\u0041\\\"\\\\\",\"SpotPriceHistory\":[{\"Extra\":[[]],"
                      "\"Timestamp\":\"2015-03-12T02:00:00+02:00\",\"SpotPrice\":0.25,"
                      "\"ProductDescription\":\"Linux\\u002fUNIX\",\"InstanceType\":"
                      "\"c3\\u002exlarge\","
                      "\"AvailabilityZone\":\"us-east-1a\",\"AvailabilityZoneId\":\"use1-az9\"}]}",
        2, 0, 0);
    assert_int_equal(f->report.markets, 2);
    assert_string_equal(steps(f, "us-east-1a", "c3.xlarge", at(DAY "Z"), at(DAY "Z") + 1),
                        "0:250000");
    assert_string_equal(steps(f, "use1-az4", "c3.xlarge", at(DAY "Z"), at(DAY "Z") + 1),
                        "0:100000");
}

static void json_zone_id_alone(void **state)
{
    struct fixture *f = *state;
    imports(f, "a.json",
            HISTORY("{\"AvailabilityZoneId\":\"use1-az4\",\"AvailabilityZone\":null,"
                    "\"InstanceType\":\"m5.large\",\"ProductDescription\":\"Windows\","
                    "\"SpotPrice\":\"1\",\"Timestamp\":\"" DAY "Z\"}"),
            1, 0, 0);
    imports(f, "b.json",
            HISTORY("{\"AvailabilityZoneId\":\"use1-az4\",\"InstanceType\":\"m5.large\","
                    "\"ProductDescription\":\"Windows\",\"SpotPrice\":\"1\",\"Timestamp\":\"" DAY
                    "Z\"}"),
            0, 1, 0);
}

static void json_lists_and_bare_records(void **state)
{
    struct fixture *f = *state;
    imports(f, "list.json",
            "[" RECORD("us-east-1a", "0.1", DAY "Z") "," RECORD("us-east-1b", "0.1", DAY "Z") "]",
            2, 0, 0);
    imports(f, "lines.json",
            RECORD("us-east-1c", "0.1", DAY "Z") "\n" RECORD("us-east-1a", "0.1", DAY "Z") "\n", 1,
            1, 0);
    imports(f, "pages.json", "[" HISTORY(RECORD("us-east-1d", "0.1", DAY "Z")) "]", 1, 0, 0);
}

static void json_empty_is_no_error(void **state)
{
    struct fixture *f = *state;
    imports(f, "a.json", "{\"SpotPriceHistory\": []}", 0, 0, 0);
    imports(f, "b.json", "[]", 0, 0, 0);
}

static void json_bad_records_do_not_stop_the_rest(void **state)
{
    struct fixture *f = *state;
    imports(f, "a.json",
            "{\"SpotPriceHistory\": [\n" RECORD(
                "us-east-1a", "0.1",
                DAY "Z") ",\n"
                         "{\"SpotPrice\":\"0.1\"},\n"
                         "17,\n"
                         "[{}],\n"
                         "{\"AvailabilityZone\":{},\"InstanceType\":\"a\"},\n" RECORD(
                             "us-east-1\\u0000", "0.1",
                             DAY "Z") ",\n" RECORD("us-east-1\\u00e9", "0.1",
                                                   DAY "Z") ",\n" RECORD("us-east-1b", "0.1",
                                                                         DAY "Z") "]}",
            2, 0, 6);
    assert_int_equal(f->last_refused_line, 8);
    assert_string_equal(f->last_refusal, "the availability zone is not a zone's name or id");
    assert_int_equal(query(f, "SELECT count(*) FROM refusal"), 6);
    assert_int_equal(query(f, "SELECT min(line) FROM refusal"), 3);
}

static void json_damage_names_its_line(void **state)
{
    struct fixture *f = *state;
    static const char *const damaged[] = {
        "{\"SpotPriceHistory\": [\n" RECORD("us-east-1a", "0.1", DAY "Z") "\n",
        "{\"SpotPriceHistory\":\n {}}",
        "{\"SpotPriceHistory\": [\n{\"a\" 1}]}",
        "{\"SpotPriceHistory\": [\n{\"a\": nul}]}",
        "{\"SpotPriceHistory\": [\n{\"a\": NaN}]}",
        "{\"SpotPriceHistory\": [\n{\"a\": \"\\x\"}]}",
        "{\"SpotPriceHistory\": [\n{\"a\": \"tab\there\"}]}",
        "{\"SpotPriceHistory\": [\n{}{}]}",
        "{\"SpotPriceHistory\":\n[]} ]",
    };
    for (size_t i = 0; i < ARRAY_LENGTH(damaged); i++) {
        assert_int_equal(import_text(f, "a.json", damaged[i]), STATUS_BAD_INPUT);
        assert_non_null(strstr(f->err.text, "a.json:"));
        assert_non_null(strstr(f->err.text, "not valid JSON"));
        assert_int_equal(query(f, "SELECT count(*) FROM price"), 0);
    }
    assert_int_equal(import_text(f, "a.json", "{\"SpotPriceHistory\": [\n{\"a\": nul}]}"),
                     STATUS_BAD_INPUT);
    assert_non_null(strstr(f->err.text, "a.json:2: "));
}

static void json_nested_too_deeply(void **state)
{
    struct fixture *f = *state;
    char deep[4096];
    memset(deep, '[', sizeof deep - 1);
    deep[sizeof deep - 1] = '\0';
    memcpy(deep, "{\"a\":", 5);
    assert_int_equal(import_text(f, "a.json", deep), STATUS_BAD_INPUT);
    assert_non_null(strstr(f->err.text, "nested too deeply"));
}

static void json_of_another_kind(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(import_text(f, "a.json", "{\"Reservations\":[{\"VCpuInfo\":{}}]}"),
                     STATUS_BAD_INPUT);
    assert_non_null(strstr(f->err.text, "without a SpotPriceHistory"));
}

static void cli_text(void **state)
{
    struct fixture *f = *state;
    imports(f, "a.txt",
            "\n"
            "NEXTTOKEN\tabc\n"
            "SPOTPRICEHISTORY\tus-east-1a\tc3.xlarge\tLinux/UNIX\t0.047300\t" DAY ".000Z\r\n"
            "SPOTPRICEHISTORY\tus-east-1a\tuse1-az4\tc4.xlarge\tWindows (Amazon VPC)\t0.1\t" DAY
            "+00:00\n"
            "SPOTPRICEHISTORY\tus-east-1a\tc3.xlarge\tLinux/UNIX\t0.047300\n"
            "None\n",
            2, 0, 1);
    assert_int_equal(f->report.kind, KIND_PRICES_TEXT);
    assert_int_equal(f->last_refused_line, 5);
    assert_int_equal(query(f, "SELECT count(*) FROM market WHERE product='Windows (Amazon VPC)'"
                              " AND zone='us-east-1a'"),
                     1);
}

static void legacy_lines(void **state)
{
    struct fixture *f = *state;
    imports(
        f, "a.txt",
        "SPOTINSTANCEPRICE\t0.0042\t2011-12-09T05:26:54-0800\tm1.small\tLinux/UNIX\tus-east-1b\n"
        "SPOTINSTANCEPRICE 0.0043 2011-12-09T05:26:55-0800 m1.small Linux/UNIX (Amazon VPC) "
        "us-east-1b\n"
        "SPOTINSTANCEPRICE 0.0042 2009-12-09T05:26:54-0800 m1.small Linux/UNIX\n"
        "SPOTINSTANCEPRICE 0.0042\n",
        2, 0, 2);
    assert_int_equal(f->report.kind, KIND_PRICES_LEGACY);
    assert_int_equal(query(f, "SELECT min(time_s) FROM price"), at("2011-12-09T13:26:54Z"));
    assert_int_equal(
        query(f, "SELECT count(*) FROM market WHERE product='Linux/UNIX (Amazon VPC)'"), 1);
    assert_int_equal(query(f, "SELECT count(*) FROM refusal WHERE line=3 AND reason LIKE "
                              "'no availability zone%'"),
                     1);
}

static void tsv_without_header(void **state)
{
    struct fixture *f = *state;
    imports(f, "a.tsv",
            "broken\n"
            "us-east-1a\tg2.2xlarge\tLinux/UNIX\t0.0652\t2015-03-11T16:53:20+00:00\n"
            "us-east-1a\tg2.2xlarge\tLinux/UNIX\t0.0653\t2015-03-11T16:53:21+00:00\textra\n"
            "us-east-1a\tg2.2xlarge\tLinux/UNIX\t0.0654\t2015-03-11T16:53:22+00:00",
            2, 0, 2);
    assert_int_equal(f->report.kind, KIND_PRICES_TSV);
    assert_false(f->report.newest_first);
}

static void csv_with_header(void **state)
{
    struct fixture *f = *state;
    imports(f, "a.csv",
            "TimeStamp,AvailabilityZone,InstanceType,SpotPrice\n"
            "2016-10-01 00:00:00,us-east-1a,c4.xlarge,0.0473\n"
            "TimeStamp,AvailabilityZone,InstanceType,SpotPrice\n"
            "\n"
            "2016-10-01 00:00:01,us-east-1a,\"c4.xlarge\", 0.05 \n",
            2, 0, 0);
    assert_int_equal(f->report.kind, KIND_PRICES_CSV);
    assert_int_equal(f->report.assumed_utc, 2);
    assert_string_equal(
        steps(f, "us-east-1a", "c4.xlarge", at("2016-10-01T00:00:00Z"), at("2016-10-02T00:00:00Z")),
        "0:47300 1:50000");
}

static void csv_columns_in_any_order_and_case(void **state)
{
    struct fixture *f = *state;
    imports(f, "a.csv",
            "note;spotprice;PRODUCTDESCRIPTION;instancetype;availabilityzoneid;AVAILABILITYZONE;"
            "timestamp\n"
            "\"a;b \"\"c\"\"\";0.1;Red Hat Enterprise Linux;m5.large;use1-az1;us-east-1f;" DAY
            "Z\n",
            1, 0, 0);
    assert_int_equal(query(f, "SELECT count(*) FROM market WHERE zone='us-east-1f' AND"
                              " product='Red Hat Enterprise Linux'"),
                     1);
    assert_int_equal(f->report.assumed_utc, 0);
}

static void csv_headers_inside_the_file(void **state)
{
    struct fixture *f = *state;
    imports(f, "a.csv",
            ",TimeStamp,AvailabilityZone,InstanceType,SpotPrice\n"
            "0,2016-10-01 00:00:00,us-east-1a,c4.xlarge,0.1\n"
            ",TimeStamp,AvailabilityZone,InstanceType,SpotPrice\n"
            "0,2016-10-01 00:00:01,us-east-1a,c4.xlarge,0.2\n"
            "SpotPrice,InstanceType,AvailabilityZone,TimeStamp\n"
            "0.3,c4.xlarge,us-east-1a,2016-10-01 00:00:02\n",
            3, 0, 0);
    struct import_options options = {.stated[FACT_COLUMNS] =
                                         "time,price,zone=us-east-1b,type=c4.xlarge"};
    const char *path = file_of(f, "b.csv", "Timestamp,SpotPrice\n2016-10-01T00:00:00Z,0.5\n");
    assert_int_equal(import_path(f, path, options), STATUS_OK);
    assert_int_equal(f->report.taken, 1);
    assert_int_equal(f->report.refused, 0);
}

static void csv_columns_named_by_the_user(void **state)
{
    struct fixture *f = *state;
    const char *path = file_of(f, "a.csv", "0.5,x,2016-10-01T00:00:00Z\nbad,x\n");
    struct import_options options = {
        .stated[FACT_COLUMNS] = "price,-,time,zone=us-east-1a,type=c4.xlarge,product=Windows"};
    assert_int_equal(import_path(f, path, options), STATUS_OK);
    assert_int_equal(f->report.taken, 1);
    assert_int_equal(f->report.refused, 1);
    assert_int_equal(query(f, "SELECT count(*) FROM market WHERE zone='us-east-1a' AND"
                              " instance_type='c4.xlarge' AND product='Windows'"),
                     1);
    options.stated[FACT_COLUMNS] = "price,time";
    assert_int_equal(import_path(f, path, options), STATUS_BAD_INPUT);
    options.stated[FACT_COLUMNS] = "price,time,zone,type,colour";
    assert_int_equal(import_path(f, path, options), STATUS_BAD_INPUT);
    assert_non_null(strstr(f->err.text, "colour"));
}

static void catalogue(void **state)
{
    struct fixture *f = *state;
    imports(f, "ec2-2015.csv",
            "region,instance_type,vcpu,memory_gib,linux_on_demand_usd_per_hour\n"
            "us-east-1,c3.xlarge,4,7.5,0.210\n"
            "us-east-1,odd.type,,,0.5\n"
            "us-east-1,c3.xlarge,4,7.5,0.220\n"
            "us-east-1,c3.2xlarge,8,15,free\n",
            2, 0, 2);
    assert_int_equal(f->report.kind, KIND_CATALOG);
    struct trace_price price;
    assert_int_equal(
        trace_on_demand_price(f->path, NULL, "us-east-1", "c3.xlarge", 0, &price, &f->err),
        STATUS_OK);
    assert_int_equal(price.micro_usd_per_hour, 210000);
    assert_int_equal(
        trace_on_demand_price(f->path, NULL, "us-east-1", "c9.xlarge", 0, &price, &f->err),
        STATUS_OK);
    assert_true(price.micro_usd_per_hour < 0);
    imports(f, "other.csv",
            "region,instance_type,vcpu,memory_gib,linux_on_demand_usd_per_hour\n"
            "us-east-1,c3.xlarge,4,7.5,0.1900\n",
            1, 0, 0);
    assert_int_equal(
        trace_on_demand_price(f->path, NULL, "us-east-1", "c3.xlarge", 0, &price, &f->err),
        STATUS_BAD_INPUT);
    assert_non_null(strstr(f->err.text, "disagree"));
    f->err = (struct error){0};
    assert_int_equal(
        trace_on_demand_price(f->path, "other", "us-east-1", "c3.xlarge", 0, &price, &f->err),
        STATUS_OK);
    assert_int_equal(price.micro_usd_per_hour, 190000);
}

static void demand(void **state)
{
    struct fixture *f = *state;
    imports(f, "web.csv.gz",
            "timestamp,value\n"
            "2014-02-14 14:27:00,51.846000000000004\n"
            "2014-02-14 14:32:00,62.055999999999997\n"
            "2014-02-14T14:37:00Z,4\n"
            "2014-02-14 14:37:00,5\n"
            "2014-02-14 14:42:00,-1\n"
            "2014-02-14 14:42:00,nan\n",
            3, 0, 3);
    assert_int_equal(f->report.kind, KIND_DEMAND);
    assert_int_equal(f->report.assumed_utc, 3); /* of the records */
    assert_int_equal(f->report.rounded, 2);
    struct demand_step *series = NULL;
    size_t count = 0;
    int64_t from_s = at("2014-02-14T14:30:00Z");
    assert_int_equal(trace_demand(f->path, "web", from_s, from_s + 600, &series, &count, &f->err),
                     STATUS_OK);
    assert_int_equal(count, 3);
    assert_int_equal(series[0].time_s, from_s - 180);
    assert_int_equal(series[0].required_micro, 51846000);
    assert_int_equal(series[1].required_micro, 62056000);
    assert_int_equal(series[2].required_micro, 4000000);
    free(series);
    assert_int_equal(trace_demand(f->path, "none", from_s, from_s + 600, &series, &count, &f->err),
                     STATUS_OK);
    assert_int_equal(count, 0);
    free(series);
}

static void why_a_row_is_refused(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *row;
        const char *reason;
    } rows[] = {
        {"\tc3.xlarge\tLinux/UNIX\t0.1\t" DAY "Z", "no availability zone"},
        {"us east\tc3.xlarge\tLinux/UNIX\t0.1\t" DAY "Z",
         "the availability zone is not a zone's name or id"},
        {"us-east-1a\t\tLinux/UNIX\t0.1\t" DAY "Z", "no instance type"},
        {"us-east-1a\t3c\tLinux/UNIX\t0.1\t" DAY "Z", "the instance type is not a type's name"},
        {"us-east-1a\tc3.xlarge\tLi\x01nux\t0.1\t" DAY "Z",
         "the product description is not a name"},
        {"us-east-1a\tc3.xlarge\tLinux/UNIX\t0.1\t", "no time"},
        {"us-east-1a\tc3.xlarge\tLinux/UNIX\t0.1\t12.3.2015",
         "the time is not ISO 8601, such as 2015-03-12T00:00:00Z"},
        {"us-east-1a\tc3.xlarge\tLinux/UNIX\t0.1\t2015-02-29T00:00:00Z", "there is no such time"},
        {"us-east-1a\tc3.xlarge\tLinux/UNIX\t0.1\t1969-12-31T23:59:59Z", "the time is before 1970"},
        {"us-east-1a\tc3.xlarge\tLinux/UNIX\t\t" DAY "Z", "no price"},
        {"us-east-1a\tc3.xlarge\tLinux/UNIX\t1,5\t" DAY "Z", "the price is not a number"},
        {"us-east-1a\tc3.xlarge\tLinux/UNIX\t0.1234567\t" DAY "Z",
         "the price has more than six decimals"},
        {"us-east-1a\tc3.xlarge\tLinux/UNIX\t0\t" DAY "Z", "the price is not above zero"},
        {"us-east-1a\tc3.xlarge\tLinux/UNIX\t-1\t" DAY "Z", "the price is not above zero"},
        {"us-east-1a\tc3.xlarge\tLinux/UNIX\t10001\t" DAY "Z",
         "the price is above 10,000 USD per hour"},
        {"us-east-1a\tc3.xlarge\tLinux/UNIX\t1e40\t" DAY "Z",
         "the price is above 10,000 USD per hour"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "us-east-1a\tok.type\tLinux/UNIX\t0.1\t" DAY "Z\n%s\n"
                 "us-east-1a\tok.type\tLinux/UNIX\t0.2\t2015-03-12T00:00:01Z\n",
                 rows[i].row);
        assert_int_equal(import_text(f, "a.tsv", text), STATUS_OK);
        assert_int_equal(f->report.taken + f->report.duplicate, 2);
        assert_int_equal(f->report.refused, 1);
        assert_int_equal(f->last_refused_line, 2);
        assert_string_equal(f->last_refusal, rows[i].reason);
    }
}

static void long_lines_are_refused(void **state)
{
    struct fixture *f = *state;
    size_t size = 300000;
    char *text = memory_new(size + 400, 1);
    static const char row[] = "us-east-1a\tc3.xlarge\tLinux/UNIX\t0.1\t" DAY "Z\n";
    strcpy(text, row);
    memset(text + strlen(row), 'x', size);
    strcpy(text + strlen(row) + size, "\nus-east-1b\tc3.xlarge\tLinux/UNIX\t0.1\t" DAY "Z\n");
    imports(f, "a.tsv", text, 2, 0, 1);
    assert_int_equal(f->last_refused_line, 2);
    free(text);
}

static void nothing_known_is_one_clear_error(void **state)
{
    struct fixture *f = *state;
    static const char *const texts[] = {
        "", "\n\n", "hello\nworld\n", "a,b,c\n1,2,3\n", "\xff\xfeS\0P\0", "<html></html>"};
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
        assert_int_equal(import_text(f, "a.txt", texts[i]), STATUS_BAD_INPUT);
        assert_null(strchr(f->err.text, '\n'));
        assert_non_null(strstr(f->err.text, "a.txt"));
    }
    assert_int_equal(query(f, "SELECT count(*) FROM source"), 0);
    assert_int_equal(import_path(f, "/nonexistent/file", (struct import_options){0}),
                     STATUS_BAD_INPUT);
    assert_int_equal(import_path(f, f->folder, (struct import_options){0}), STATUS_BAD_INPUT);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)
    const struct CMUnitTest tests[] = {
        CASE(json_as_printed),
        CASE(json_pages_keys_and_escapes),
        CASE(json_zone_id_alone),
        CASE(json_lists_and_bare_records),
        CASE(json_empty_is_no_error),
        CASE(json_bad_records_do_not_stop_the_rest),
        CASE(json_damage_names_its_line),
        CASE(json_nested_too_deeply),
        CASE(json_of_another_kind),
        CASE(cli_text),
        CASE(legacy_lines),
        CASE(tsv_without_header),
        CASE(csv_with_header),
        CASE(csv_columns_in_any_order_and_case),
        CASE(csv_headers_inside_the_file),
        CASE(csv_columns_named_by_the_user),
        CASE(catalogue),
        CASE(demand),
        CASE(why_a_row_is_refused),
        CASE(long_lines_are_refused),
        CASE(nothing_known_is_one_clear_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
