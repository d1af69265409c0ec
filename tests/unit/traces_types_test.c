/* Instance types, Spot Advisor data, and catalogues that hold from a date. */
#include "traces_fixture.h"

#define RANGES                                                                                     \
    "\"ranges\":[{\"index\":0,\"label\":\"<5%\",\"max\":5},{\"index\":1,\"label\":\"5-10%\","      \
    "\"max\":11},{\"index\":2,\"label\":\">20%\",\"max\":100}]"
#define ADVICE                                                                                     \
    "\"spot_advisor\":{\"xx-east-1\":{\"Linux\":{\"m9.big\":{\"r\":1,\"s\":70},"                   \
    "\"m9.odd\":{\"r\":2,\"s\":-62}},\"Windows\":{\"m9.big\":{\"r\":0,\"s\":5}}}}"
#define ADVISOR                                                                                    \
    "{" ADVICE "," RANGES ",\"instance_types\":{\"m9.big\":{\"cores\":2,\"ram_gb\":1.7}}}"
#define HEADER "region,instance_type,vcpu,memory_gib,linux_on_demand_usd_per_hour\n"

static struct trace_advice advice(struct fixture *f, const char *name, const char *os,
                                  const char *type)
{
    struct trace_advice found;
    assert_int_equal(trace_advisor(f->path, name, "xx-east-1", os, type, &found, &f->err),
                     STATUS_OK);
    return found;
}

static void advisor_bands_are_their_labels(void **state)
{
    struct fixture *f = *state;
    imports(f, "old.json", ADVISOR, 4, 0, 0);
    assert_int_equal(f->report.kind, KIND_ADVISOR);
    imports(f, "old.json", ADVISOR, 0, 4, 0);
    struct trace_advice found = advice(f, NULL, "Linux", "m9.big");
    assert_true(found.found);
    assert_int_equal(found.low_percent, 5);
    assert_int_equal(found.high_percent, 10);
    assert_int_equal(found.savings_percent, 70);
    found = advice(f, "old", "Linux", "m9.odd");
    assert_int_equal(found.low_percent, 20);
    assert_int_equal(found.high_percent, 100);
    assert_int_equal(found.savings_percent, -62);
    assert_int_equal(advice(f, NULL, "Windows", "m9.big").high_percent, 5);
    assert_false(advice(f, NULL, "Windows", "m9.odd").found);
    assert_false(advice(f, "new", "Linux", "m9.big").found);
    /* Two of them: one must be named. */
    imports(f, "new.json", "{" ADVICE "," RANGES "}", 3, 0, 0);
    assert_int_equal(trace_advisor(f->path, NULL, "xx-east-1", "Linux", "m9.big", &found, &f->err),
                     STATUS_BAD_INPUT);
    assert_non_null(strstr(f->err.text, "\"new\" and \"old\""));
    assert_string_equal(advice(f, "old", "Linux", "m9.big").name, "old");
}

static void refuses(struct fixture *f, const char *text, const char *why)
{
    assert_int_equal(import_text(f, "b.json", text), STATUS_BAD_INPUT);
    if (!strstr(f->err.text, why))
        print_error("\"%s\" is not in: %s\n", why, f->err.text);
    assert_non_null(strstr(f->err.text, why));
}

static void broken_advisor(void **state)
{
    struct fixture *f = *state;
    refuses(f, "{" RANGES "}", "no object \"spot_advisor\"");
    refuses(f, "{" ADVICE "}", "no list \"ranges\"");
    refuses(f, "{" ADVICE ",\"ranges\":[{\"index\":0,\"label\":\"few\"}]}", "is not a band");
    refuses(f, "{" ADVICE ",\"ranges\":[{\"index\":0,\"label\":\"10-5%\"}]}", "is not a band");
    refuses(f, "{" ADVICE ",\"ranges\":[{\"index\":1,\"label\":\"<5%\"}]}", "not in order");
    refuses(f, "{" ADVICE ",\"ranges\":[{\"index\":0,\"label\":\"<5%\"}]}", "b.json:1:");
    refuses(f, "{\"spot_advisor\":{\"xx\":{\"Linux\":[1]}}," RANGES "}", "not an entry");
    refuses(f, "{\"spot_advisor\":{\"xx\":{\"Linux\":{\"a b\":{\"r\":0,\"s\":0}}}}," RANGES "}",
            "is not an instance type");
    refuses(f, "{\"InstanceTypes\":{}}", "no list");
    refuses(f, "{\"InstanceTypes\":[{}]}", "no InstanceType");
    refuses(f, "{\"InstanceTypes\":[{\"InstanceType\":\"m\",\"VCpuInfo\":{\"DefaultVCpus\":0}}]}",
            "DefaultVCpus");
    assert_int_equal(query(f, "SELECT count(*) FROM source"), 0);
}

static void size(struct fixture *f, const char *catalog, const char *type, int64_t vcpu_micro,
                 int64_t memory_mib)
{
    int64_t vcpu = 0;
    int64_t memory = 0;
    assert_int_equal(trace_instance_type(f->path, catalog, type, &vcpu, &memory, &f->err),
                     STATUS_OK);
    assert_int_equal(vcpu, vcpu_micro);
    assert_int_equal(memory, memory_mib);
}

static void sizes_must_agree(void **state)
{
    struct fixture *f = *state;
    imports(f, "list.json",
            "{\"InstanceTypes\":[{\"InstanceType\":\"m9.big\",\"VCpuInfo\":{\"DefaultVCpus\":2},"
            "\"MemoryInfo\":{\"SizeInMiB\":1740}},{\"InstanceType\":\"r9.big\",\"MemoryInfo\":"
            "{\"SizeInMiB\":15360}},{\"InstanceType\":\"m9.odd\"}]}",
            3, 0, 0);
    assert_int_equal(f->report.kind, KIND_TYPES);
    imports(f, "cat.csv",
            HEADER "xx-east-1,m9.big,2,1.7,0.1\nxx-east-1,r9.big,2,15.25,0.2\n"
                   "xx-east-1,m9.odd,,,0.3\n",
            3, 0, 0);
    size(f, NULL, "m9.big", 2000000, 1740);
    size(f, NULL, "m9.odd", -1, -1);
    size(f, NULL, "m9.none", -1, -1);
    size(f, "cat", "r9.big", 2000000, 15616);
    size(f, "list", "r9.big", -1, 15360);
    int64_t vcpu = 0;
    int64_t memory = 0;
    assert_int_equal(trace_instance_type(f->path, NULL, "r9.big", &vcpu, &memory, &f->err),
                     STATUS_BAD_INPUT);
    assert_non_null(strstr(f->err.text, "\"cat\" and \"list\" disagree"));
}

static void price(struct fixture *f, const char *catalog, const char *at_text, int64_t micro_usd,
                  const char *from)
{
    struct trace_price found;
    assert_int_equal(trace_on_demand_price(f->path, catalog, "xx-east-1", "m9.big", at(at_text),
                                           &found, &f->err),
                     STATUS_OK);
    assert_int_equal(found.micro_usd_per_hour, micro_usd);
    assert_string_equal(found.catalog, from);
}

static void import_dated(struct fixture *f, const char *name, const char *row, const char *date)
{
    char text[256];
    snprintf(text, sizeof text, HEADER "%s\n", row);
    const struct import_options options = {.stated[FACT_DATE] = date};
    int status = import_path(f, file_of(f, name, text), options);
    assert_int_equal(status, STATUS_OK);
}

static void the_newest_catalogue_at_from(void **state)
{
    struct fixture *f = *state;
    import_dated(f, "c15.csv", "xx-east-1,m9.big,2,4,0.20", "2015-06-01");
    price(f, NULL, "2015-05-31T23:59:59Z", -1, "");
    price(f, NULL, "2015-06-01T00:00:00Z", 200000, "c15");
    import_dated(f, "c19.csv", "xx-east-1,m9.big,2,4,0.10", "2019-04-01");
    import_dated(f, "c20.csv", "xx-east-1,m9.other,2,4,0.30", "2020-01-01");
    import_dated(f, "any.csv", "xx-east-1,m9.big,2,4,0.40", NULL);
    price(f, NULL, "2015-05-31T23:59:59Z", 400000, "any");
    price(f, NULL, "2019-03-31T23:59:59Z", 200000, "c15");
    price(f, NULL, "2021-01-01T00:00:00Z", 100000, "c19");
    price(f, "c15", "2000-01-01T00:00:00Z", 200000, "c15");
    /* Two of one date disagree. */
    import_dated(f, "d19.csv", "xx-east-1,m9.big,2,4,0.11", "2019-04-01");
    struct trace_price found;
    assert_int_equal(trace_on_demand_price(f->path, NULL, "xx-east-1", "m9.big",
                                           at("2021-01-01T00:00:00Z"), &found, &f->err),
                     STATUS_BAD_INPUT);
    assert_non_null(strstr(f->err.text, "\"c19\" and \"d19\" disagree"));
    price(f, NULL, "2018-01-01T00:00:00Z", 200000, "c15");
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)
    const struct CMUnitTest tests[] = {
        CASE(advisor_bands_are_their_labels),
        CASE(broken_advisor),
        CASE(sizes_must_agree),
        CASE(the_newest_catalogue_at_from),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
