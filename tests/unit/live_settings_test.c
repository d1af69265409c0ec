/* Shared files, settings and endpoints: each is taken from where AWS's own clients take it. */
#include "live_fixture.h"

#include "live/environment.h"
#include "live/secret.h"
#include "live/settings.h"

#include <sys/stat.h>
#include <unistd.h>

struct fixture {
    char folder[64];
    char *variables[16];
    size_t count;
    char warned[1024];
    struct error err;
};

static void set(struct fixture *f, const char *name, const char *value)
{
    assert_true(f->count + 1 < ARRAY_LENGTH(f->variables));
    f->variables[f->count++] = memory_format("%s=%s", name, value);
}

static void write_file(struct fixture *f, const char *name, const char *text, mode_t mode)
{
    char *path = memory_format("%s/%s", f->folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    assert_int_equal(chmod(path, mode), 0);
    free(path);
}

static int open_fixture(void **state)
{
    struct fixture *f = memory_new(1, sizeof *f);
    strcpy(f->folder, "/tmp/ballast-settings-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    char *config = memory_format("%s/config", f->folder);
    char *credentials = memory_format("%s/credentials", f->folder);
    set(f, "AWS_CONFIG_FILE", config);
    set(f, "AWS_SHARED_CREDENTIALS_FILE", credentials);
    free(config);
    free(credentials);
    *state = f;
    return 0;
}

static int close_fixture(void **state)
{
    struct fixture *f = *state;
    static const char *const names[] = {"config", "credentials"};
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        char *path = memory_format("%s/%s", f->folder, names[i]);
        unlink(path);
        free(path);
    }
    rmdir(f->folder);
    for (size_t i = 0; i < f->count; i++)
        free(f->variables[i]);
    free(f);
    return 0;
}

static void warn(const char *text, void *context)
{
    struct fixture *f = context;
    snprintf(f->warned, sizeof f->warned, "%s", text);
}

static int read_settings(struct fixture *f, struct settings_options options,
                         struct settings *out_settings)
{
    const struct live_log log = {warn, f};
    return settings_read(out_settings, &options, f->variables, &log, &f->err);
}

static int parse(struct ini *ini, const char *text, struct error *err)
{
    return ini_parse(ini, "file", secret_copy(text), strlen(text), err);
}

static void ini_forms(void **state)
{
    (void)state;
    struct ini ini;
    struct error err = {0};
    assert_int_equal(parse(&ini,
                           "# comment\n; another\n[ profile \t a ]  # why not\r\n"
                           "Region = eu-west-1 ; not a comment\r\nkey=a=b\n\n"
                           "s3 =\n  max_queue = 5\n  nested_two=x\nlast = 1\nlast = 2\n"
                           "many = one\n   two = more of it\n[empty]",
                           &err),
                     STATUS_OK);
    assert_string_equal(ini_get(&ini, "profile a", NULL, "region"), "eu-west-1 ; not a comment");
    assert_string_equal(ini_get(&ini, "profile a", NULL, "key"), "a=b");
    assert_string_equal(ini_get(&ini, "profile a", "s3", "max_queue"), "5");
    assert_string_equal(ini_get(&ini, "profile a", "s3", "nested_two"), "x");
    assert_null(ini_get(&ini, "profile a", NULL, "max_queue"));
    assert_null(ini_get(&ini, "profile a", NULL, "two"));
    assert_string_equal(ini_get(&ini, "profile a", NULL, "last"), "2");
    assert_true(ini_has_section(&ini, "empty"));
    assert_false(ini_has_section(&ini, "a"));
    ini_clean_up(&ini);
}

static void ini_refusals(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *says;
    } cases[] = {
        {"[a]\nAKIASECRET\n", "file:2: expected"},
        {"key = secret\n", "file:1: a setting stands before any [section]"},
        {"[a\n", "file:1: a section's name ends with ]"},
        {"[]\n", "file:1: a section has no name"},
        {"[a] b\n", "file:1: only a comment"},
        {"[a]\n = secret\n", "file:2"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct ini ini;
        struct error err = {0};
        int status = parse(&ini, cases[i].text, &err);
        if (strncmp(cases[i].text, "[a]\n =", 6) == 0) {
            assert_int_equal(status, STATUS_OK); /* an indented line below no setting is skipped */
            ini_clean_up(&ini);
            continue;
        }
        assert_int_equal(status, STATUS_BAD_INPUT);
        assert_non_null(strstr(err.text, cases[i].says));
        assert_null(strstr(err.text, "SECRET"));
        assert_null(strstr(err.text, "secret"));
    }
    struct ini ini;
    struct error err = {0};
    char *text = secret_new(4);
    memcpy(text, "[a]", 4);
    assert_int_equal(ini_parse(&ini, "file", text, 4, &err), STATUS_BAD_INPUT);
}

static void regions(void **state)
{
    struct fixture *f = *state;
    struct settings settings;
    assert_int_equal(read_settings(f, (struct settings_options){0}, &settings), STATUS_BAD_INPUT);
    assert_non_null(strstr(f->err.text, "no region: give --region"));
    write_file(f, "config", "[default]\nregion = eu-west-1\n[profile other]\nregion=ap-south-1\n",
               0644);
    assert_int_equal(read_settings(f, (struct settings_options){0}, &settings), STATUS_OK);
    assert_string_equal(settings.region, "eu-west-1");
    assert_string_equal(f->warned, ""); /* no key in it: open to others is fine */
    settings_clean_up(&settings);
    assert_int_equal(read_settings(f, (struct settings_options){.profile = "other"}, &settings),
                     STATUS_OK);
    assert_string_equal(settings.region, "ap-south-1");
    settings_clean_up(&settings);
    set(f, "AWS_DEFAULT_REGION", "us-west-1");
    assert_int_equal(read_settings(f, (struct settings_options){0}, &settings), STATUS_OK);
    assert_string_equal(settings.region, "us-west-1");
    settings_clean_up(&settings);
    set(f, "AWS_REGION", "us-west-2");
    assert_int_equal(read_settings(f, (struct settings_options){0}, &settings), STATUS_OK);
    assert_string_equal(settings.region, "us-west-2");
    settings_clean_up(&settings);
    assert_int_equal(read_settings(f, (struct settings_options){.region = "cn-north-1"}, &settings),
                     STATUS_OK);
    struct endpoint endpoint;
    assert_int_equal(settings_endpoint(&settings, AWS_CLOUDWATCH, &endpoint, &f->err), STATUS_OK);
    assert_string_equal(endpoint.base, "https://monitoring.cn-north-1.amazonaws.com.cn");
    assert_string_equal(endpoint.path, "/");
    endpoint_clean_up(&endpoint);
    settings_clean_up(&settings);
    assert_int_equal(
        read_settings(f, (struct settings_options){.region = "x.evil.org/"}, &settings),
        STATUS_BAD_INPUT);
}

static void expect_endpoint(const struct settings *settings, enum aws_service service,
                            const char *base, const char *path)
{
    struct endpoint endpoint;
    struct error err = {0};
    if (settings_endpoint(settings, service, &endpoint, &err))
        fail_msg("%s", err.text);
    assert_string_equal(endpoint.base, base);
    assert_string_equal(endpoint.path, path);
    endpoint_clean_up(&endpoint);
}

static void endpoints(void **state)
{
    struct fixture *f = *state;
    struct settings settings;
    write_file(f, "config",
               "[default]\nregion = us-east-1\nendpoint_url = http://all.example:8000\n"
               "services = mine\n[services mine]\nauto_scaling =\n"
               "  endpoint_url = https://asg.example:443/twin/\n",
               0644);
    assert_int_equal(read_settings(f, (struct settings_options){0}, &settings), STATUS_OK);
    expect_endpoint(&settings, AWS_AUTO_SCALING, "https://asg.example", "/twin/");
    expect_endpoint(&settings, AWS_EC2, "http://all.example:8000", "/");
    settings_clean_up(&settings);
    set(f, "AWS_ENDPOINT_URL", "http://127.0.0.1:4000");
    set(f, "AWS_ENDPOINT_URL_EC2", "http://127.0.0.1:4001/x");
    assert_int_equal(read_settings(f, (struct settings_options){0}, &settings), STATUS_OK);
    expect_endpoint(&settings, AWS_AUTO_SCALING, "http://127.0.0.1:4000", "/");
    expect_endpoint(&settings, AWS_EC2, "http://127.0.0.1:4001", "/x");
    settings_clean_up(&settings);
    set(f, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");
    assert_int_equal(read_settings(f, (struct settings_options){0}, &settings), STATUS_OK);
    expect_endpoint(&settings, AWS_EC2, "https://ec2.us-east-1.amazonaws.com", "/");
    settings_clean_up(&settings);
    assert_int_equal(
        read_settings(f, (struct settings_options){.endpoint_url = "http://[::1]:9"}, &settings),
        STATUS_OK);
    expect_endpoint(&settings, AWS_ECS, "http://[::1]:9", "/");
    settings_clean_up(&settings);
}

static void bad_endpoints(void **state)
{
    (void)state;
    static const char *const bad[] = {"",          "ftp://h/",       "http://",     "http:///x",
                                      "h:80",      "https://u:p@h/", "http://h/?q", "http://h/#f",
                                      "http://h h"};
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
        struct endpoint endpoint;
        struct error err = {0};
        if (endpoint_parse(&endpoint, bad[i], &err) != STATUS_BAD_INPUT)
            fail_msg("%s was accepted", bad[i]);
    }
}

static void open_files_are_warned_of(void **state)
{
    struct fixture *f = *state;
    struct settings settings;
    set(f, "AWS_REGION", "us-east-1");
    write_file(f, "credentials", "[default]\naws_secret_access_key = QQQQ\n", 0644);
    assert_int_equal(read_settings(f, (struct settings_options){0}, &settings), STATUS_OK);
    assert_non_null(strstr(f->warned, "open to others (mode 644): chmod 600"));
    assert_null(strstr(f->warned, "QQQQ"));
    settings_clean_up(&settings);
    f->warned[0] = '\0';
    write_file(f, "credentials", "[default]\naws_secret_access_key = QQQQ\n", 0600);
    assert_int_equal(read_settings(f, (struct settings_options){0}, &settings), STATUS_OK);
    assert_string_equal(f->warned, "");
    settings_clean_up(&settings);
}

static void refusals(void **state)
{
    struct fixture *f = *state;
    struct settings settings;
    assert_int_equal(
        read_settings(f, (struct settings_options){.profile = "p", .region = "r"}, &settings),
        STATUS_BAD_INPUT);
    assert_non_null(strstr(f->err.text, "there is no profile \"p\""));
    set(f, "AWS_MAX_ATTEMPTS", "0");
    assert_int_equal(read_settings(f, (struct settings_options){.region = "r"}, &settings),
                     STATUS_BAD_INPUT);
    assert_non_null(strstr(f->err.text, "AWS_MAX_ATTEMPTS"));
    strcpy(strchr(f->variables[f->count - 1], '=') + 1, "5");
    set(f, "AWS_USE_FIPS_ENDPOINT", "true");
    assert_int_equal(read_settings(f, (struct settings_options){.region = "r"}, &settings),
                     STATUS_BAD_INPUT);
    assert_non_null(strstr(f->err.text, "AWS_USE_FIPS_ENDPOINT is not supported"));
}

/* Pages of a secret are marked not to be dumped ("dd" in the kernel's list of mappings). */
static void secrets_are_not_dumped(void **state)
{
    (void)state;
    char *secret = secret_copy("hunter2");
    FILE *maps = fopen("/proc/self/smaps", "r");
    if (!maps)
        skip();
    char line[512];
    bool inside = false;
    bool marked = false;
    while (fgets(line, sizeof line, maps)) {
        char *rest = NULL;
        unsigned long start = strtoul(line, &rest, 16);
        if (rest > line && *rest == '-') {
            unsigned long end = strtoul(rest + 1, NULL, 16);
            inside = (uintptr_t)secret >= start && (uintptr_t)secret < end;
        } else if (inside && strncmp(line, "VmFlags:", 8) == 0) {
            marked = marked || strstr(line, " dd") != NULL;
        }
    }
    fclose(maps);
    secret_free(secret);
    assert_true(marked);
}

static void environments(void **state)
{
    (void)state;
    char a[] = "A=1";
    char b[] = "AB=";
    char c[] = "B=True";
    char *const list[] = {a, b, c, NULL};
    assert_string_equal(environment_get(list, "A"), "1");
    assert_null(environment_get(list, "AB"));
    assert_null(environment_get(list, "C"));
    assert_true(environment_true(list, "B"));
    assert_false(environment_true(list, "A"));
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, open_fixture, close_fixture)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ini_forms),
        cmocka_unit_test(ini_refusals),
        CASE(regions),
        CASE(endpoints),
        cmocka_unit_test(bad_endpoints),
        CASE(open_files_are_warned_of),
        CASE(refusals),
        cmocka_unit_test(secrets_are_not_dumped),
        cmocka_unit_test(environments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
