/* What instances have for tasks where only the traces say it.
 * Proves docs/model.md, "ECS cluster". */
#include "scenario_imports.h"

#include "scenario/trace_answers.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define HEADER "region,instance_type,vcpu,memory_gib,linux_on_demand_usd_per_hour\n"
#define LIST(type, vcpu, mib)                                                                      \
    "{\"InstanceTypes\":[{\"InstanceType\":\"" type "\",\"VCpuInfo\":{\"DefaultVCpus\":" vcpu      \
    "},\"MemoryInfo\":{\"SizeInMiB\":" mib "}}]}"
#define PRICES "{\"prices\":{\"us-east-1a/c3.xlarge\":[[\"2015-03-01\",0.05]]}}"
#define SERVICES                                                                                   \
    "demand={\"services\":[{\"service\":{\"serviceName\":\"web\",\"desiredCount\":2},"             \
    "\"task\":{\"cpu\":\"1024\",\"memory\":\"512\"}}]}"

struct place {
    char folder[40];
    char one[80]; /* two databases */
    char two[80];
    char traces[400]; /* a scenario's `traces` with both */
};

static int open_place(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    assert_non_null(place);
    strcpy(place->folder, "/tmp/ballast-sizes-XXXXXX");
    assert_non_null(mkdtemp(place->folder));
    snprintf(place->one, sizeof place->one, "%s/one.db", place->folder);
    snprintf(place->two, sizeof place->two, "%s/two.db", place->folder);
    for (int i = 0; i < 2; i++) {
        sqlite3 *database = NULL;
        struct error err;
        assert_int_equal(trace_database_open(&database, i ? place->two : place->one, true, &err),
                         STATUS_OK);
        sqlite3_close(database);
    }
    snprintf(place->traces, sizeof place->traces, "traces=[\"%s\",\"%s\"," PRICES "]", place->one,
             place->two);
    *state = place;
    return 0;
}

static int close_place(void **state)
{
    struct place *place = *state;
    unlink(place->one);
    unlink(place->two);
    rmdir(place->folder);
    free(place);
    return 0;
}

static void has(const struct scenario *s, const char *type, int64_t vcpu, int64_t memory_mib)
{
    for (size_t i = 0; i < s->cluster.type_count; i++) {
        if (strcmp(s->cluster.types[i].instance_type, type) == 0) {
            assert_int_equal(s->cluster.types[i].vcpu, vcpu);
            assert_int_equal(s->cluster.types[i].memory_mib, memory_mib);
            return;
        }
    }
    fail_msg("no %s", type);
}

static const struct scenario_value *value(const struct scenario *s, const char *path)
{
    for (size_t i = 0; i < s->value_count; i++) {
        if (strcmp(s->values[i].path, path) == 0)
            return &s->values[i];
    }
    fail_msg("no %s", path);
    return NULL;
}

/* A catalogue's GiB in one database, EC2's own list in the other. */
static void the_traces_say_it(void **state)
{
    const struct place *place = *state;
    import_text(place->one, "cat.csv", HEADER "us-east-1,c3.xlarge,4,7.5,0.21\n");
    import_text(place->two, "list.json", LIST("m4.xlarge", "4", "16384"));
    struct scenario s;
    READ(&s, place->traces, SERVICES);
    assert_int_equal(s.cluster.type_count, 2);
    has(&s, "c3.xlarge", 4, 7680);
    has(&s, "m4.xlarge", 4, 16384);
    const struct scenario_value *leaf = value(&s, "cluster.instance_types.c3.xlarge.memory_mib");
    assert_int_equal(leaf->source, VALUE_DERIVED);
    assert_non_null(strstr(leaf->why, "the traces: their catalogues"));
    assert_string_equal(leaf->value, "7680");
    struct scenario again;
    struct error err = {0};
    const struct scenario_options none = {0};
    if (scenario_parse(&again, "again", ".", s.resolved.data, s.resolved.size, &none, &err))
        fail_msg("%s", err.text);
    assert_string_equal(again.resolved.data, s.resolved.data);
    assert_int_equal(value(&again, "cluster.instance_types.c3.xlarge.vcpu")->source, VALUE_USER);
    scenario_clean_up(&again);
    scenario_clean_up(&s);
    /* What the scenario says itself wins; the rest is looked up. */
    READ(&s, place->traces, SERVICES,
         "cluster={\"instance_types\":{\"c3.xlarge\":{\"vcpu\":5,\"memory_mib\":900}}}");
    has(&s, "c3.xlarge", 5, 900);
    has(&s, "m4.xlarge", 4, 16384);
    assert_int_equal(value(&s, "cluster.instance_types.c3.xlarge.vcpu")->source, VALUE_SET);
    assert_int_equal(value(&s, "cluster.instance_types.m4.xlarge.vcpu")->source, VALUE_DERIVED);
    scenario_clean_up(&s);
}

static void the_catalog_is_asked_first(void **state)
{
    const struct place *place = *state;
    import_text(place->one, "cat.csv",
                HEADER "us-east-1,c3.xlarge,4,7.5,0.21\nus-east-1,m4.xlarge,,,0.252\n");
    import_text(place->one, "list.json", LIST("m4.xlarge", "4", "16384"));
    import_text(place->one, "odd.json", LIST("c3.xlarge", "4", "7000"));
    const char *const all[] = {place->traces, SERVICES};
    expect_refusal(all, 2, "\"cat\" and \"odd\" disagree on the vCPU or memory of c3.xlarge");
    struct scenario s;
    READ(&s, place->traces, SERVICES, "catalog=cat");
    has(&s, "c3.xlarge", 4, 7680);
    assert_non_null(
        strstr(value(&s, "cluster.instance_types.c3.xlarge.vcpu")->why, "the scenario's catalog"));
    /* Of this one it has the price alone. */
    has(&s, "m4.xlarge", 4, 16384);
    assert_non_null(
        strstr(value(&s, "cluster.instance_types.m4.xlarge.vcpu")->why, "their catalogues"));
    scenario_clean_up(&s);
    /* Nothing is looked up that no task asks for. */
    READ(&s, place->traces);
    assert_int_equal(s.cluster.type_count, 0);
    assert_null(strstr(s.resolved.data, "cluster"));
    scenario_clean_up(&s);
}

static void databases_must_agree(void **state)
{
    const struct place *place = *state;
    import_text(place->one, "a.json", LIST("c3.xlarge", "4", "7680"));
    import_text(place->two, "b.json", LIST("c3.xlarge", "8", "7680"));
    const char *const sets[] = {place->traces, SERVICES};
    expect_refusal(sets, 2, "two.db: it disagrees with another of the scenario's traces");
}

static void what_they_do_not_know_is_refused(void **state)
{
    const struct place *place = *state;
    const char *const sets[] = {place->traces, SERVICES};
    import_text(place->one, "m4.json", LIST("m4.xlarge", "4", "16384"));
    expect_refusal(sets, 2, "what an instance of c3.xlarge has for tasks is not known");
    expect_refusal(sets, 2, "import a catalogue");
    /* Memory alone, then a share of a vCPU: neither is a size. */
    import_text(place->one, "half.csv", HEADER "us-east-1,c3.xlarge,,7.5,0.21\n");
    expect_refusal(sets, 2, "what an instance of c3.xlarge has for tasks is not known");
    import_text(place->two, "share.csv", HEADER "us-east-1,c3.xlarge,2.5,7.5,0.21\n");
    expect_refusal(sets, 2, "what an instance of c3.xlarge has for tasks is not known");
}

/* What was asked once is remembered, and it is told when the database would say something else. */
static void answers_are_kept(void **state)
{
    const struct place *place = *state;
    const struct trace_question price = {.kind = QUESTION_PRICE,
                                         .path = place->one,
                                         .region = "us-east-1",
                                         .instance_type = "c3.xlarge",
                                         .at_s = 1426118400};
    const struct trace_question size = {
        .kind = QUESTION_SIZE, .path = place->one, .instance_type = "c3.xlarge"};
    const struct trace_question zones = {.kind = QUESTION_ZONES,
                                         .path = place->two,
                                         .instance_type = "c3.xlarge",
                                         .product = "Linux/UNIX"};
    const struct trace_question *const questions[] = {&price, &size, &zones};
    struct scenario_memory *memory = scenario_memory_new();
    struct trace_answer answer;
    struct error err = {0};
    bool kept = true;
    import_text(place->one, "cat.csv", HEADER "us-east-1,c3.xlarge,4,7.5,0.21\n");
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < sizeof questions / sizeof questions[0]; i++) {
            if (trace_ask(memory, questions[i], &answer, &kept, &err))
                fail_msg("%s", err.text);
            if (i == 0)
                assert_int_equal(answer.price.micro_usd_per_hour, 210000);
            if (i == 1)
                assert_int_equal(answer.memory_mib, 7680);
            if (i == 2)
                assert_true(!answer.zones || !answer.zones[0]);
            trace_answer_clean_up(&answer);
        }
        assert_true(kept);
        if (round == 0) { /* what nobody asked for */
            import_text(place->one, "other.csv", HEADER "us-east-1,m4.xlarge,4,16,0.25\n");
            assert_true(scenario_memory_is_current(memory));
        } else if (round == 1) { /* catalogues that do not agree */
            import_text(place->one, "third.csv", HEADER "us-east-1,c3.xlarge,4,7.5,0.3\n");
            assert_false(scenario_memory_is_current(memory));
        }
    }
    assert_int_not_equal(trace_ask(NULL, &price, &answer, &kept, &err), STATUS_OK);
    assert_false(kept);
    scenario_memory_free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_traces_say_it, open_place, close_place),
        cmocka_unit_test_setup_teardown(the_catalog_is_asked_first, open_place, close_place),
        cmocka_unit_test_setup_teardown(databases_must_agree, open_place, close_place),
        cmocka_unit_test_setup_teardown(what_they_do_not_know_is_refused, open_place, close_place),
        cmocka_unit_test_setup_teardown(answers_are_kept, open_place, close_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
