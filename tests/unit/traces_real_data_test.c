/* Real histories, where they are at hand: the counts and times that are known of them. */
#include "traces/statistics.h"
#include "traces_fixture.h"

static void import_real(struct fixture *f, const char *name, int64_t taken, int64_t duplicate)
{
    const char *path = real_data(name);
    if (!path)
        skip();
    int status = import_path(f, path, (struct import_options){0});
    if (status)
        print_error("%s\n", f->err.text);
    assert_int_equal(status, STATUS_OK);
    assert_int_equal(f->report.taken, taken);
    assert_int_equal(f->report.duplicate, duplicate);
    assert_int_equal(f->report.refused, 0);
}

static struct market_statistics statistics(struct fixture *f, const char *zone, const char *type,
                                           const char *from, const char *to, int64_t threshold)
{
    struct trace_set set = {0};
    const struct market_key key = {zone, type, "Linux/UNIX"};
    assert_int_equal(trace_compile(&set, f->path, &key, 1, at(from), at(to), &f->err), STATUS_OK);
    assert_int_equal(set.market_count, 1);
    struct market_statistics result;
    market_statistics(&set.markets[0], at(from), at(to), threshold, &result);
    trace_set_clean_up(&set);
    return result;
}

static void c3_xlarge_2015(void **state)
{
    struct fixture *f = *state;
    import_real(f, "prices-us-east-1-2015/c3.xlarge.json.gz", 79873, 0);
    assert_true(f->report.newest_first);
    assert_int_equal(f->report.markets, 2);
    import_real(f, "prices-us-east-1-2015/c3.xlarge.json.gz", 0, 79873);
    /* 803.84 h and 12.06 h of 4,128 h above on-demand */
    struct market_statistics a = statistics(f, "us-east-1a", "c3.xlarge", "2015-03-12T00:00:00Z",
                                            "2015-08-31T00:00:00Z", 210000);
    struct market_statistics b = statistics(f, "us-east-1b", "c3.xlarge", "2015-03-12T00:00:00Z",
                                            "2015-08-31T00:00:00Z", 210000);
    assert_int_equal(a.covered_s, 4128 * 3600);
    assert_int_equal(b.covered_s, 4128 * 3600);
    assert_int_equal(divide_half_even((int128)a.above_s * 100, 3600), 80384);
    assert_int_equal(divide_half_even((int128)b.above_s * 100, 3600), 1206);
    assert_int_equal(a.max_micro_usd, 2100000);
}

static void r3_large_2015(void **state)
{
    struct fixture *f = *state;
    import_real(f, "prices-us-east-1-2015/r3.large.txt.gz", 38633, 0);
    assert_true(f->report.newest_first);
    import_real(f, "prices-us-east-1-2015/r3.large.txt.gz", 0, 38633);
}

static void tsv_2015(void **state)
{
    struct fixture *f = *state;
    import_real(f, "prices-us-east-1-2015/g2.2xlarge-m3.medium.tsv.zst", 45786, 0);
    assert_false(f->report.newest_first);
    assert_int_equal(f->report.markets, 3);
    import_real(f, "prices-us-east-1-2015/m3.medium-1a.json.gz", 3755, 0);
}

/* Two objects one after the other, the second of which contains the first. */
static void t1_micro_2021(void **state)
{
    struct fixture *f = *state;
    import_real(f, "prices-us-east-1-2021/t1.micro.json.gz", 1843, 1263);
    import_real(f, "prices-us-east-1-2021/g4dn.12xlargem5.2xlarge.json.gz", 0, 0);
}

/* Restated every day: p3.2xlarge never changes its price. */
static void p3_2xlarge_2021(void **state)
{
    struct fixture *f = *state;
    import_real(f, "prices-us-east-1-2021/p3.2xlarge.json.gz", 1152, 0);
    char **zones = NULL;
    assert_int_equal(trace_zones(f->path, "p3.2xlarge", "Linux/UNIX", &zones, &f->err), STATUS_OK);
    assert_non_null(zones[0]);
    for (size_t i = 0; zones[i]; i++) {
        struct market_statistics s = statistics(f, zones[i], "p3.2xlarge", "2021-03-10T00:00:00Z",
                                                "2021-05-30T00:00:00Z", -1);
        assert_int_equal(s.changes, 0);
        assert_int_equal(s.min_micro_usd, s.max_micro_usd);
        free(zones[i]);
    }
    free(zones);
}

static void catalogues(void **state)
{
    struct fixture *f = *state;
    import_real(f, "catalog/ec2-2015-06.csv", 447, 0);
    import_real(f, "catalog/ec2-2019-04.csv", 2085, 0);
    import_real(f, "catalog/ec2-us-east-1-2022-06.csv", 545, 0);
    import_real(f, "catalog/ec2-us-east-1-2026-07.csv", 1367, 0);
    struct trace_price price;
    assert_int_equal(
        trace_on_demand_price(f->path, "ec2-2015-06", "us-east-1", "c3.xlarge", 0, &price, &f->err),
        STATUS_OK);
    assert_int_equal(price.micro_usd_per_hour, 210000);
}

static void demand_series(void **state)
{
    struct fixture *f = *state;
    import_real(f, "demand/worldcup98-requests-per-minute.csv.gz", 125300, 0);
    assert_int_equal(f->report.assumed_utc, 125300);
    import_real(f, "demand/nyc_taxi.csv.gz", 10320, 0);
    import_real(f, "demand/ec2_cpu_utilization_5f5533.csv", 4032, 0);
    assert_true(f->report.rounded > 0);
    /* Gaps of ten minutes, ticks that lie on no whole minute. */
    import_real(f, "demand/ec2_cpu_utilization_825cc2.csv", 4032, 0);
    import_real(f, "demand/elb_request_count_8c0756.csv", 4032, 0);
    import_real(f, "demand/grok_asg_anomaly.csv", 4621, 0);
    import_real(f, "demand/cpu_utilization_asg_misconfiguration.csv.gz", 18050, 0);
    import_real(f, "demand/Twitter_volume_GOOG.csv.gz", 15842, 0);
    import_real(f, "demand/Twitter_volume_AMZN.csv.gz", 15831, 0);
    assert_int_equal(f->report.first_s, at("2015-02-26T21:42:53Z"));
    struct demand_step *series = NULL;
    size_t count = 0;
    assert_int_equal(trace_demand(f->path, "worldcup98-requests-per-minute", 0, INT64_MAX, &series,
                                  &count, &f->err),
                     STATUS_OK);
    assert_int_equal(count, 125300);
    assert_int_equal(series[0].time_s, at("1998-04-30T21:30:00Z"));
    free(series);
}

/* Not what is read here: an error, and nothing kept. */
static void other_data(void **state)
{
    struct fixture *f = *state;
    static const char *const names[] = {"interruptions/bamboo-aws-p3-trace.csv",
                                        "interruptions/gcp-preemptions-2019.csv.gz"};
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        const char *path = real_data(names[i]);
        if (!path)
            skip();
        assert_int_equal(import_path(f, path, (struct import_options){0}), STATUS_BAD_INPUT);
    }
    assert_int_equal(query(f, "SELECT count(*) FROM source"), 0);
}

/* Real spot groups coming and going; seconds here, hours there; rows that run backwards. */
static void logs(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *name, *zone, *unit;
        int64_t refused;
    } files[] = {
        {"bamboo-aws-p3-trace.csv", "us-east-1a", NULL, 0},
        {"bamboo-aws-g4dn-trace.csv", "us-east-1b", NULL, 0},
        {"bamboo-aws-count-g4dn-xlarge-us-east-1c-2020-11-20-1930-to-2020-11-21-2200.csv",
         "us-east-1c", "s", 0},
        {"bamboo-aws-count-p2-xlarge-2020-11-20-to-2020-11-23.csv", "us-east-1d", "h", 0},
        {"bamboo-gcp-a100x1-east1b.txt", "us-east1-b", NULL, 0},
        {"bamboo-gcp-v100x1-east1c.txt", "us-east1-c", NULL, 15},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(files); i++) {
        char name[256];
        snprintf(name, sizeof name, "interruptions/%s", files[i].name);
        const char *path = real_data(name);
        if (!path)
            skip();
        const struct import_options options = {.stated[FACT_ZONE] = files[i].zone,
                                               .stated[FACT_TYPE] = "x1.any",
                                               .stated[FACT_START] = "2020-11-20",
                                               .stated[FACT_TIME_UNIT] = files[i].unit,
                                               .stated[FACT_UTC_OFFSET] = "-05:00"};
        assert_int_equal(import_path(f, path, options), STATUS_OK);
        assert_int_equal(f->report.refused, files[i].refused);
        assert_true(f->report.taken > 0);
    }
    assert_int_equal(query(f, "SELECT sum(instances) FROM interruption WHERE zone='us-east-1a'"),
                     167);
    assert_int_equal(query(f, "SELECT sum(instances) FROM interruption WHERE zone='us-east-1b'"),
                     74);
    assert_int_equal(query(f, "SELECT max(of_instances) FROM interruption WHERE zone='us-east-1b'"),
                     24);
}

/* Bands by their labels; catalogues that disagree on memory; a list without a region. */
static void sizes_and_advice(void **state)
{
    struct fixture *f = *state;
    import_real(f, "spot-advisor/spot-advisor-data-2021-02.json.gz", 7890 + 379, 0);
    import_real(f, "spot-advisor/spot-advisor-data-2025-06.json.gz", 25323 + 929, 0);
    import_real(f, "catalog/describe-instance-types-2021.json.gz", 257, 0);
    import_real(f, "catalog/ec2-2015-06.csv", 447, 0);
    struct trace_advice advice;
    assert_int_equal(trace_advisor(f->path, "spot-advisor-data-2021-02", "ap-southeast-1", "Linux",
                                   "i3.xlarge", &advice, &f->err),
                     STATUS_OK);
    assert_int_equal(advice.low_percent, 20);
    assert_int_equal(advice.high_percent, 100);
    assert_int_equal(advice.savings_percent, 70);
    assert_int_equal(query(f, "SELECT min(savings_percent) FROM advisor"), -62);
    assert_int_equal(query(f, "SELECT count(DISTINCT low_percent) FROM advisor"), 5);
    int64_t vcpu = 0;
    int64_t memory = 0;
    assert_int_equal(trace_instance_type(f->path, NULL, "r3.large", &vcpu, &memory, &f->err),
                     STATUS_BAD_INPUT);
    assert_int_equal(trace_instance_type(f->path, "describe-instance-types-2021", "r3.large", &vcpu,
                                         &memory, &f->err),
                     STATUS_OK);
    assert_int_equal(memory, 15360);
    assert_int_equal(
        trace_instance_type(f->path, "ec2-2015-06", "r3.large", &vcpu, &memory, &f->err),
        STATUS_OK);
    assert_int_equal(vcpu, 2 * MICRO);
    assert_true(memory == 15360 || memory == 15616);
}

/* Availability and preemptions at AWS in 2023; each file has its own time between two values. */
static void availability(void **state)
{
    struct fixture *f = *state;
    struct {
        const char *name, *zone, *type, *start, *polarity, *probed;
        int64_t taken, seconds;
    } files[] = {
        {"1-node_aws-02-15-2023_us-east-1a_v100_1", "us-east-1a", "p3.2xlarge", "2023-02-15",
         "available", "1", 507, 20158 * 195},
        {"1-node_aws-02-15-2023_us-west-2a_v100_1", "us-west-2a", "p3.2xlarge", "2023-02-15",
         "available", "1", 317, 20158 * 195},
        {"16-node_aws-08-27-2023_us-west-2a_v100_1", "us-west-2a", "p3.2xlarge", "2023-08-27",
         "available", "16", 278, 4736 * 300},
        {"1-node_aws-04-19-2023_us-east-1b_intel_64", "us-east-1b", "m6i.16xlarge", "2023-04-19",
         "up", NULL, 66, 16090 * 34},
        {"4-node_aws-08-03-2023_us-east-2a_v100_1", "us-east-2a", "p3.2xlarge", "2023-08-03", "up",
         "4", 60, 5131 * 300},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(files); i++) {
        char name[256];
        snprintf(name, sizeof name, "availability/%s_%s.json",
                 strcmp(files[i].polarity, "up") == 0 ? "preemption" : "availability",
                 files[i].name);
        const char *path = real_data(name);
        if (!path)
            skip();
        struct import_options options = {.stated[FACT_ZONE] = files[i].zone,
                                         .stated[FACT_TYPE] = files[i].type,
                                         .stated[FACT_START] = files[i].start,
                                         .stated[FACT_POLARITY] = files[i].polarity,
                                         .stated[FACT_PROBED] = files[i].probed};
        assert_int_equal(import_path(f, path, (struct import_options){0}), STATUS_BAD_INPUT);
        assert_int_equal(import_path(f, path, options), STATUS_OK);
        assert_int_equal(f->report.taken, files[i].taken);
        assert_int_equal(f->report.last_s - f->report.first_s, files[i].seconds);
        assert_int_equal(import_path(f, path, options), STATUS_OK);
        assert_int_equal(f->report.duplicate, files[i].taken);
    }
}

/* Counted apart from this reader. 351 reached Google's limit of a day; two never began. */
static void lifetimes(void **state)
{
    struct fixture *f = *state;
    const char *path = real_data("interruptions/gcp-preemptions-2019.csv.gz");
    if (!path)
        skip();
    const struct import_options options = {.stated[FACT_PROVIDER] = "gcp",
                                           .stated[FACT_MAX_LIFETIME] = "24h"};
    assert_int_equal(import_path(f, path, options), STATUS_OK);
    assert_int_equal(f->report.kind, KIND_LIFETIMES);
    assert_int_equal(f->report.taken, 363);
    assert_int_equal(f->report.refused, 2);
    assert_int_equal(f->report.expired, 351);
    assert_int_equal(f->report.stopped, 723);
    assert_int_equal(query(f, "SELECT sum(instances) FROM interruption"), 366);
    assert_int_equal(query(f, "SELECT max(of_instances) FROM interruption"), 55);
    assert_int_equal(query(f, "SELECT count(*) FROM coverage"), 158);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)
    const struct CMUnitTest tests[] = {
        CASE(c3_xlarge_2015),  CASE(r3_large_2015),    CASE(tsv_2015),      CASE(t1_micro_2021),
        CASE(p3_2xlarge_2021), CASE(catalogues),       CASE(demand_series), CASE(other_data),
        CASE(availability),    CASE(sizes_and_advice), CASE(logs),          CASE(lifetimes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
