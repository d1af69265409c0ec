/* What is remembered between evaluations, and the lock; values of parameters as users write them.
 */
#include "live_fixture.h"

#include "live/state.h"
#include "policy/builtin.h"
#include "policy/parameters.h"

#include <unistd.h>

static const struct ballast_policy remembering = {
    .abi = BALLAST_POLICY_ABI, .name = "remembering", .state_version = 1, .state_size = 5};

struct fixture {
    char folder[64];
    char *path;
    char warned[1024];
};

static int open_fixture(void **state)
{
    struct fixture *f = memory_new(1, sizeof *f);
    strcpy(f->folder, "/tmp/ballast-state-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    f->path = memory_format("%s/state", f->folder);
    *state = f;
    return 0;
}

static int close_fixture(void **state)
{
    struct fixture *f = *state;
    static const char *const endings[] = {"", ".lock", ".new"};
    for (size_t i = 0; i < ARRAY_LENGTH(endings); i++) {
        char *path = memory_format("%s%s", f->path, endings[i]);
        unlink(path);
        free(path);
    }
    rmdir(f->folder);
    free(f->path);
    free(f);
    return 0;
}

static void warn(const char *text, void *context)
{
    struct fixture *f = context;
    snprintf(f->warned, sizeof f->warned, "%s", text);
}

static void survives(void **state)
{
    struct fixture *f = *state;
    const struct live_log log = {warn, f};
    const struct live_state_key key = {"sfr-1", "grp", &remembering, NULL};
    struct live_state kept;
    struct error err = {0};
    char memory[5] = {1, 2, 3, 4, 5};
    assert_int_equal(live_state_open(&kept, f->path, &key, memory, &log, &err), STATUS_OK);
    assert_int_equal(memory[4], 5); /* no file yet: as it was set up */
    kept.failures = 3;
    memory[4] = (char)0xfe;
    assert_int_equal(live_state_save(&kept, &key, memory, &err), STATUS_OK);
    live_state_close(&kept);
    memset(memory, 0, sizeof memory);
    assert_int_equal(live_state_open(&kept, f->path, &key, memory, &log, &err), STATUS_OK);
    assert_int_equal(kept.failures, 3);
    assert_int_equal(memory[0], 1);
    assert_int_equal(memory[4], (char)0xfe);
    assert_string_equal(f->warned, "");
    live_state_close(&kept);
}

static void one_at_a_time(void **state)
{
    struct fixture *f = *state;
    const struct live_state_key key = {"sfr-1", "grp", &remembering, NULL};
    struct live_state first;
    struct live_state second;
    struct error err = {0};
    char memory[5] = {0};
    assert_int_equal(live_state_open(&first, f->path, &key, memory, NULL, &err), STATUS_OK);
    assert_int_equal(live_state_open(&second, f->path, &key, memory, NULL, &err), STATUS_FAILURE);
    assert_non_null(strstr(err.text, "another evaluation with this state is going on"));
    live_state_close(&first);
    assert_int_equal(live_state_open(&second, f->path, &key, memory, NULL, &err), STATUS_OK);
    live_state_close(&second);
}

static void of_another(void **state)
{
    struct fixture *f = *state;
    const struct live_log log = {warn, f};
    struct live_state_key key = {"sfr-1", "grp", &remembering, NULL};
    struct ballast_policy newer = remembering;
    struct live_state kept;
    struct error err = {0};
    char memory[5] = {1, 1, 1, 1, 1};
    assert_int_equal(live_state_open(&kept, f->path, &key, memory, &log, &err), STATUS_OK);
    kept.failures = 2;
    assert_int_equal(live_state_save(&kept, &key, memory, &err), STATUS_OK);
    live_state_close(&kept);
    newer.state_version = 2;
    key.policy = &newer;
    memset(memory, 7, sizeof memory);
    assert_int_equal(live_state_open(&kept, f->path, &key, memory, &log, &err), STATUS_OK);
    assert_non_null(strstr(f->warned, "starts anew"));
    assert_int_equal(memory[0], 7);
    assert_int_equal(kept.failures, 2); /* failures are the account's, not the policy's */
    live_state_close(&kept);
    key.fleet_id = "sfr-2";
    assert_int_equal(live_state_open(&kept, f->path, &key, memory, &log, &err), STATUS_BAD_INPUT);
    assert_non_null(strstr(err.text, "is the state of another fleet or group"));
}

static void broken_files(void **state)
{
    struct fixture *f = *state;
    const struct live_state_key key = {"sfr-1", "grp", &remembering, NULL};
    static const char *const bad[] = {"", "{", "null", "[]", "{\"fleet\":1}"};
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
        struct live_state kept;
        struct error err = {0};
        char memory[5] = {0};
        FILE *file = fopen(f->path, "w");
        fputs(bad[i], file);
        fclose(file);
        assert_int_equal(live_state_open(&kept, f->path, &key, memory, NULL, &err),
                         STATUS_BAD_INPUT);
        assert_non_null(strstr(err.text, f->path));
    }
}

static void parameter_values(void **state)
{
    (void)state;
    static const char *const choices[] = {"a", "b", NULL};
    const struct ballast_parameter count = {
        .name = "n", .type = BALLAST_INTEGER, .min = -5, .max = 100};
    const struct ballast_parameter units = {
        .name = "u", .type = BALLAST_CAPACITY, .min = 0, .max = 50000000};
    const struct ballast_parameter on = {.name = "o", .type = BALLAST_BOOLEAN};
    const struct ballast_parameter choice = {
        .name = "c", .type = BALLAST_CHOICE, .choices = choices};
    const struct {
        const struct ballast_parameter *parameter;
        const char *text;
        int64_t value; /* -1000: refused */
    } cases[] = {
        {&count, "7", 7},       {&count, "-5", -5},           {&count, "-6", -1000},
        {&count, "101", -1000}, {&count, "1.5", -1000},       {&count, "x", -1000},
        {&count, "", -1000},    {&units, "12.5", 12500000},   {&units, "50", 50000000},
        {&units, "51", -1000},  {&units, "0.0000001", -1000}, {&on, "true", 1},
        {&on, "false", 0},      {&on, "yes", -1000},          {&choice, "b", 1},
        {&choice, "c", -1000},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        int64_t value = -1000;
        struct error err = {0};
        int status = policy_parse_value(cases[i].parameter, cases[i].text, &value, &err);
        if (value != cases[i].value || (status == STATUS_OK) != (cases[i].value != -1000))
            fail_msg("%s: %lld", cases[i].text, (long long)value);
        if (status)
            assert_int_equal(strncmp(err.text, cases[i].parameter->name, 1), 0);
    }
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, open_fixture, close_fixture)
    const struct CMUnitTest tests[] = {
        CASE(survives),
        CASE(one_at_a_time),
        CASE(of_another),
        CASE(broken_files),
        cmocka_unit_test(parameter_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
