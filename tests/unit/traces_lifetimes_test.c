/* Lifetimes of VMs: who is lost, who is only stopped, who came to the end of the longest life.
 * Proves docs/model.md, "Lack of capacity". */
#include "traces_fixture.h"

#define HEADER "name,zone,machine_type,insert_requested,insert_done,preempted,stopped\n"
#define VM(type, begin, preempted, stopped)                                                        \
    "n,us-x1-a," type ",2019-03-10T00:00:00-08:00," begin "," preempted "," stopped "\n"
/* Seconds since 09:00:00Z, by the clock before it is put forward and after. */
#define OLD(time) "2019-03-10T01:" time "-08:00"
#define NEW(time) "2019-03-10T03:" time "-07:00" /* an hour later */

static const struct import_options facts = {.stated[FACT_PROVIDER] = "gcp",
                                            .stated[FACT_MAX_LIFETIME] = "2h"};

static void import_vms(struct fixture *f, const char *text, int64_t taken, int64_t refused)
{
    if (import_path(f, file_of(f, "a.csv", text), facts))
        fail_msg("%s", f->err.text);
    assert_int_equal(f->report.kind, KIND_LIFETIMES);
    assert_int_equal(f->report.taken, taken);
    assert_int_equal(f->report.refused, refused);
}

/* The interruptions of a type, as "second:instances/of ...". */
static const char *losses(struct fixture *f, const char *type)
{
    static char text[256];
    struct trace_set set = {0};
    const struct market_key key = {"us-x1-a", type, "Linux/UNIX"};
    int64_t from_s = at("2019-03-10T09:00:00Z");
    assert_int_equal(trace_compile(&set, f->path, &key, 1, from_s, from_s + 86400, &f->err),
                     STATUS_OK);
    size_t length = 0;
    text[0] = '\0';
    for (size_t i = 0; i < set.interruption_count; i++)
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%lld:%lld/%lld",
                                   i ? " " : "", (long long)(set.interruptions[i].time_s - from_s),
                                   (long long)set.interruptions[i].instances,
                                   (long long)set.interruptions[i].of);
    trace_set_clean_up(&set);
    return text;
}

/* At 3700 two of the four up are lost, while a third is stopped; at 3800 the fourth of a new two;
 * the other type is a place of its own. */
static void lost_of_those_up(void **state)
{
    struct fixture *f = *state;
    import_vms(
        f,
        HEADER VM("big", OLD("00:00.9"), NEW("01:40.9"), "")
            VM("big", OLD("00:10"), NEW("01:40.1"), "") VM("big", OLD("00:20"), "", NEW("01:40"))
                VM("big", OLD("00:30"), NEW("03:20"), "") VM("big", NEW("01:41"), "", NEW("10:00"))
                    VM("odd", OLD("00:30"), OLD("00:30"), ""),
        3, 0);
    assert_string_equal(losses(f, "big"), "3700:2/4 3800:1/2");
    assert_string_equal(losses(f, "odd"), "30:1/1");
    assert_int_equal(f->report.stopped, 2);
    assert_int_equal(f->report.expired, 0);
    assert_int_equal(query(f, "SELECT count(*) FROM source WHERE provider='gcp'"), 1);
}

/* A second short of the longest life is lost; the longest is not, but was up until then. What came
 * first is how it ended. */
static void the_longest_life_is_no_loss(void **state)
{
    struct fixture *f = *state;
    import_vms(f,
               HEADER VM("big", OLD("00:00"), "2019-03-10T10:59:59Z", "")
                   VM("big", OLD("00:00"), "2019-03-10T11:00:00Z", "")
                       VM("odd", OLD("00:00"), OLD("01:00"), OLD("01:00"))
                           VM("odd", OLD("00:00"), OLD("03:00"), OLD("02:00")),
               2, 0);
    assert_string_equal(losses(f, "big"), "7199:1/2");
    assert_string_equal(losses(f, "odd"), "60:1/2");
    assert_int_equal(f->report.expired, 1);
    assert_int_equal(f->report.stopped, 1);
    assert_int_equal(query(f, "SELECT max(end_s) FROM coverage WHERE instance_type='odd'"),
                     at("2019-03-10T09:02:01Z"));
}

/* Nothing is known of the time in which no VM was up. */
static void known_while_any_was_up(void **state)
{
    struct fixture *f = *state;
    import_vms(
        f,
        HEADER VM("big", OLD("10:00"), "", OLD("20:00")) VM("big", OLD("00:00"), "", OLD("05:00"))
            VM("big", OLD("01:00"), "", OLD("02:00")) VM("big", OLD("05:01"), "", OLD("06:00")),
        0, 0);
    assert_int_equal(query(f, "SELECT count(*) FROM coverage"), 2);
    assert_int_equal(query(f, "SELECT sum(end_s - first_s) FROM coverage"), 361 + 601);
}

static void rows_that_do_not_tell(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *row, *why;
    } cases[] = {
        {VM("big", "", "", OLD("01:00")), "no insert_done"},
        {VM("big", OLD("01:00"), "", ""), "neither preempted nor stopped"},
        {VM("big", OLD("01:00"), OLD("00:59"), ""), "ends before it begins"},
        {VM("big", "2019-03-10T01:00:00", OLD("02:00"), ""), "ISO 8601 with a zone"},
        {VM("b g", OLD("01:00"), OLD("02:00"), ""), "machine type"},
        {"n,us x,big,,,,\n", "the zone"},
        {"n,us-x1-a,big\n", "not as many fields"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        char text[512];
        snprintf(text, sizeof text, HEADER "%s\n" HEADER, cases[i].row);
        import_vms(f, text, 0, 1);
        assert_int_equal(f->last_refused_line, 2);
        assert_non_null(strstr(f->last_refusal, cases[i].why));
    }
}

static void refuses(struct fixture *f, const char *provider, const char *life, const char *words)
{
    const struct import_options options = {.stated[FACT_PROVIDER] = provider,
                                           .stated[FACT_MAX_LIFETIME] = life};
    const char *path = file_of(f, "a.csv", HEADER VM("big", OLD("00:00"), OLD("01:00"), ""));
    assert_int_equal(import_path(f, path, options), STATUS_BAD_INPUT);
    if (!strstr(f->err.text, words))
        fail_msg("%s", f->err.text);
}

static void neither_is_guessed(void **state)
{
    struct fixture *f = *state;
    refuses(f, NULL, NULL, "state --provider, --max-lifetime (or");
    refuses(f, "gcp", NULL, "state --max-lifetime (or");
    refuses(f, NULL, "86400", "state --provider (or");
    refuses(f, "gcp", "h", "max-lifetime \"h\": must be a whole number");
    refuses(f, "gcp", "0", "must be a whole number");
    refuses(f, "gcp", "8785h", "must be a whole number from 1 to 8784");
    refuses(f, "gcp", "1d", "must be a whole number");
    assert_int_equal(query(f, "SELECT count(*) FROM source"), 0);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)
    const struct CMUnitTest tests[] = {
        CASE(lost_of_those_up),       CASE(the_longest_life_is_no_loss),
        CASE(known_while_any_was_up), CASE(rows_that_do_not_tell),
        CASE(neither_is_guessed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
