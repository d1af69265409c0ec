/* The chain of credentials, place by place, against servers that speak as the real ones do. */
#include "live_fixture.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "live/credentials.h"
#include "live/providers.h"
#include "live_server.h"

/* What came of asking the chain: the keys as "access/secret/token@expiry", or the error. */
static const char *ask_as(struct world *world, const char *profile, char out[1200])
{
    struct settings settings;
    struct http http;
    const struct live_log log = {world_warn, world};
    const struct settings_options options = {.profile = profile};
    if (settings_read(&settings, &options, world->variables, &log, &world->err))
        fail_msg("%s", world->err.text);
    assert_int_equal(http_curl_open(&http, NULL, &world->err), STATUS_OK);
    struct credential_chain *chain = credential_chain_new(&settings, &http, &world->clock, &log);
    const struct credential_source source = credential_chain_source(chain);
    const struct credentials *found = NULL;
    server_start(&world->server);
    int status = source.get(false, &found, &world->err, source.context);
    server_close(&world->server);
    if (status)
        snprintf(out, 1200, "%s", world->err.text);
    else
        snprintf(out, 1200, "%s: %s/%s/%s@%lld", found->source, found->access_key,
                 found->secret_key, found->session_token ? found->session_token : "-",
                 found->expires_s == INT64_MAX ? -1LL : (long long)found->expires_s);
    assert_null(strstr(world->err.text, "HUSH"));
    credential_chain_destroy(chain);
    http_curl_close(&http);
    settings_clean_up(&settings);
    return out;
}

#define EXPECT(world, profile, text)                                                               \
    do {                                                                                           \
        char out_text[1200];                                                                       \
        assert_string_equal(ask_as(world, profile, out_text), text);                               \
    } while (0)

static void plan(struct world *world, const char *expect, const char *status, const char *body)
{
    server_plan(&world->server, (struct exchange){expect, status, NULL, body, 0, 0});
}

static const char STS_KEYS[] =
    "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult>"
    "<Credentials><AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>HUSH1</SecretAccessKey>"
    "<SessionToken>T/+=</SessionToken><Expiration>2026-11-25T13:00:00Z</Expiration></Credentials>"
    "</AssumeRoleResult></AssumeRoleResponse>";
static const char AGENT_KEYS[] =
    "{\"AccessKeyId\":\"ASIA2\",\"SecretAccessKey\":\"HUSH2\",\"Token\":\"T2\","
    "\"Expiration\":\"2026-11-25T18:00:00Z\",\"RoleArn\":\"r\"}";

static void environment_first(void **state)
{
    struct world *world = *state;
    world_set(world, "AWS_ACCESS_KEY_ID", "AK");
    world_set(world, "AWS_SECRET_ACCESS_KEY", "HUSH");
    world_set(world, "AWS_SESSION_TOKEN", "TOK");
    world_file(world, "credentials", "[p]\naws_access_key_id=PK\naws_secret_access_key=HUSHP\n");
    EXPECT(world, NULL, "environment: AK/HUSH/TOK@-1");
}

/* A profile named by the option comes before the environment's keys. */
static void a_named_profile_comes_first(void **state)
{
    struct world *world = *state;
    world_set(world, "AWS_ACCESS_KEY_ID", "AK");
    world_set(world, "AWS_SECRET_ACCESS_KEY", "HUSH");
    world_file(world, "credentials", "[p]\naws_access_key_id=PK\naws_secret_access_key=HUSHP\n");
    EXPECT(world, "p", "credentials file: PK/HUSHP/-@-1");
}

static void half_a_key(void **state)
{
    struct world *world = *state;
    world_set(world, "AWS_ACCESS_KEY_ID", "AK");
    EXPECT(world, NULL, "AWS_ACCESS_KEY_ID is set without AWS_SECRET_ACCESS_KEY: set both");
}

/* The credentials file, then the process, then the config file. */
static void order_within_a_profile(void **state)
{
    struct world *world = *state;
    world_file(world, "config",
               "[default]\naws_access_key_id=CK\naws_secret_access_key=HUSHC\n"
               "credential_process = /bin/echo '{\"Version\":1,\"AccessKeyId\":\"PK\","
               "\"SecretAccessKey\":\"HUSHP\",\"SessionToken\":\"T\"}'\n");
    EXPECT(world, NULL, "credential_process: PK/HUSHP/T@-1");
}

static void config_file_last(void **state)
{
    struct world *world = *state;
    world_file(world, "config", "[default]\naws_access_key_id=CK\naws_secret_access_key=HUSHC\n");
    EXPECT(world, NULL, "config file: CK/HUSHC/-@-1");
}

static void processes_that_fail(void **state)
{
    struct world *world = *state;
    static const struct {
        const char *command;
        const char *says;
    } cases[] = {
        {"/bin/false", "credential_process /bin/false: failed (exit code 1)"},
        {"/bin/sh -c 'kill -9 $$'", "credential_process /bin/sh: failed (signal 9)"},
        {"/no/such", "credential_process /no/such: "}, /* valgrind's vfork cannot tell why */
        {"/bin/echo HUSH", "credential_process /bin/echo: what it gave is not a JSON object"},
        {"/bin/echo '{\"Version\":2,\"AccessKeyId\":\"HUSH\"}'",
         "credential_process /bin/echo: what it gave is not of Version 1"},
        {"/bin/echo '{\"Version\":1,\"AccessKeyId\":\"HUSH\"}'",
         "credential_process /bin/echo: what it gave has no AccessKeyId or no SecretAccessKey"},
        {"/bin/echo 'x", "credential_process is empty, or a quote in it is not closed"},
        {"/usr/bin/yes",
         "credential_process /usr/bin/yes: gave no answer within 2 s, or one without end"},
        {"/bin/sh -c 'exec >&-; exec sleep 60'",
         "credential_process /bin/sh: closed its output and did not end within 2 s"},
        /* Its signals are those a shell gives it, not those of a daemon. */
        {"/bin/sh -c 'kill -TERM $$; exit 7'", "credential_process /bin/sh: failed (signal 15)"},
        {"/bin/sh -c 'kill -PIPE $$; exit 7'", "credential_process /bin/sh: failed (signal 13)"},
        {"/bin/sh -c 'exit $(ls /proc/self/fd | wc -w)'", /* and the one that ls opens */
         "credential_process /bin/sh: failed (exit code 4)"},
    };
    sigset_t ends;
    sigset_t before;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigprocmask(SIG_BLOCK, &ends, &before);
    void (*at_pipe)(int) = signal(SIGPIPE, SIG_IGN);
    int left_open = open("/dev/null", O_RDONLY);
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct credentials credentials = {0};
        struct error err = {0};
        /* Only who is to take too long may be ended for it. */
        int64_t limit_ms = strstr(cases[i].says, "within 2 s") ? 2000 : 60000;
        assert_int_not_equal(credentials_from_process(&credentials, cases[i].command,
                                                      world->variables, limit_ms, &err),
                             STATUS_OK);
        if (strncmp(err.text, cases[i].says, strlen(cases[i].says)) != 0)
            fail_msg("%s", err.text);
    }
    close(left_open);
    signal(SIGPIPE, at_pipe);
    sigprocmask(SIG_SETMASK, &before, NULL);
}

static void words(void **state)
{
    (void)state;
    char **list = command_words("  /a/b  'c d'\"e\\\"f\" g\\ h '' \"i\\j\"");
    static const char *const wanted[] = {"/a/b", "c de\"f", "g h", "", "i\\j"};
    for (size_t i = 0; i < ARRAY_LENGTH(wanted); i++)
        assert_string_equal(list[i], wanted[i]);
    assert_null(list[ARRAY_LENGTH(wanted)]);
    free(list);
    assert_null(command_words("  "));
    assert_null(command_words("a \"b"));
    list = command_words("a b c d e f g");
    assert_string_equal(list[6], "g");
    free(list);
}

static void role_from_another_profile(void **state)
{
    struct world *world = *state;
    world_file(world, "config",
               "[profile r]\nrole_arn=arn:aws:iam::1:role/r\nsource_profile=base\n"
               "external_id=e 1\nduration_seconds=900\n");
    world_file(world, "credentials", "[base]\naws_access_key_id=BK\naws_secret_access_key=HUSHB\n");
    plan(world,
         "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr"
         "&RoleSessionName=ballast-1795608000&DurationSeconds=900&ExternalId=e%201",
         "200 OK", STS_KEYS);
    EXPECT(world, "r", "role: ASIA1/HUSH1/T/+=@1795611600");
    assert_non_null(strstr(world->server.seen[0], "Credential=BK/20261125/us-east-1/sts/"));
}

/* Through two roles, the first of which an instance's identity assumes. */
static void roles_in_a_row(void **state)
{
    struct world *world = *state;
    char *base = memory_format("http://127.0.0.1:%d/", world->server.port);
    world_set(world, "AWS_EC2_METADATA_SERVICE_ENDPOINT", base);
    free(base);
    world_file(world, "config",
               "[profile a]\nrole_arn=arn:a\nsource_profile=b\n"
               "[profile b]\nrole_arn=arn:b\ncredential_source=Ec2InstanceMetadata\n");
    plan(world, "PUT /latest/api/token HTTP/1.1", "200 OK", "TTT==");
    plan(world, "GET /latest/meta-data/iam/security-credentials/ HTTP", "200 OK", "my-role");
    plan(world, "GET /latest/meta-data/iam/security-credentials/my-role HTTP", "200 OK",
         AGENT_KEYS);
    plan(world, "RoleArn=arn%3Ab", "200 OK", STS_KEYS);
    plan(world, "RoleArn=arn%3Aa", "200 OK", STS_KEYS);
    EXPECT(world, "a", "role: ASIA1/HUSH1/T/+=@1795611600");
    const char *first = world->server.seen[0];
    assert_non_null(strstr(first, "X-aws-ec2-metadata-token-ttl-seconds: 21600"));
    assert_non_null(strstr(world->server.seen[2], "X-aws-ec2-metadata-token: TTT=="));
    assert_non_null(strstr(world->server.seen[3], "X-Amz-Security-Token: T2"));
    assert_non_null(strstr(world->server.seen[4], "Credential=ASIA1/"));
}

static void roles_that_cannot_be(void **state)
{
    struct world *world = *state;
    world_file(world, "config",
               "[profile loop]\nrole_arn=a\nsource_profile=loop2\n"
               "[profile loop2]\nrole_arn=a\nsource_profile=loop\n"
               "[profile mfa]\nrole_arn=a\nsource_profile=x\nmfa_serial=m\n"
               "[profile alone]\nrole_arn=a\n"
               "[profile lost]\nrole_arn=a\nsource_profile=nobody\n"
               "[profile both]\nrole_arn=a\nsource_profile=x\ncredential_source=Environment\n"
               "[profile odd]\nrole_arn=a\ncredential_source=Moon\n"
               "[profile sso]\nsso_start_url=https://x\n");
    static const char *const cases[][2] = {
        {"loop", "source_profile leads in a circle"},
        {"mfa", "profile mfa wants a code from an MFA device"},
        {"alone", "profile alone has a role_arn without source_profile"},
        {"lost", "source_profile of profile lost: there is no \"nobody\""},
        {"both", "profile both has both source_profile and credential_source"},
        {"odd", "credential_source is Environment, EcsContainer or Ec2InstanceMetadata"},
        {"sso", "profile sso signs in through sso_start_url, which is not supported"},
    };
    struct settings settings;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        const struct settings_options options = {.profile = cases[i][0]};
        assert_int_equal(settings_read(&settings, &options, world->variables, NULL, &world->err),
                         STATUS_OK);
        struct credential_chain *chain = credential_chain_new(&settings, NULL, &world->clock, NULL);
        const struct credential_source source = credential_chain_source(chain);
        const struct credentials *found = NULL;
        assert_int_not_equal(source.get(false, &found, &world->err, source.context), STATUS_OK);
        if (strncmp(world->err.text, cases[i][1], strlen(cases[i][1])) != 0)
            fail_msg("%s: %s", cases[i][0], world->err.text);
        credential_chain_destroy(chain);
        settings_clean_up(&settings);
    }
    close(world->server.listener);
}

static void refused_role(void **state)
{
    struct world *world = *state;
    world_set(world, "AWS_ACCESS_KEY_ID", "AK");
    world_set(world, "AWS_SECRET_ACCESS_KEY", "HUSH");
    world_file(world, "config", "[profile r]\nrole_arn=a\ncredential_source=Environment\n");
    plan(world, "Action=AssumeRole&", "403 Forbidden",
         "<ErrorResponse><Error><Code>AccessDenied</Code><Message>not you</Message></Error>"
         "</ErrorResponse>");
    EXPECT(world, "r", "AssumeRole: AccessDenied: not you");
}

static void web_identity(void **state)
{
    struct world *world = *state;
    char *path = world_path(world, "token");
    world_file(world, "token", "eyJ.HUSH.x\n");
    world_set(world, "AWS_WEB_IDENTITY_TOKEN_FILE", path);
    world_set(world, "AWS_ROLE_ARN", "arn:w");
    world_set(world, "AWS_ROLE_SESSION_NAME", "me");
    free(path);
    char *keys = memory_copy_text(STS_KEYS);
    char *renamed = memory_format(
        "<R><AssumeRoleWithWebIdentityResult>%.*s</AssumeRoleWithWebIdentityResult></R>",
        (int)(strstr(keys, "</AssumeRoleResult>") - strstr(keys, "<Credentials>")),
        strstr(keys, "<Credentials>"));
    plan(world,
         "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Aw&RoleSessionName=me"
         "&WebIdentityToken=eyJ.HUSH.x",
         "200 OK", renamed);
    EXPECT(world, NULL, "web identity: ASIA1/HUSH1/T/+=@1795611600");
    assert_null(strstr(world->server.seen[0], "Authorization:"));
    assert_null(strstr(world->server.seen[0], "X-Amz-Date:"));
    free(renamed);
    free(keys);
}

static void container(void **state)
{
    struct world *world = *state;
    char *url = memory_format("http://127.0.0.1:%d/v1/creds?id=7", world->server.port);
    char *path = world_path(world, "token");
    world_file(world, "token", "Basic abc\n");
    world_set(world, "AWS_CONTAINER_CREDENTIALS_FULL_URI", url);
    world_set(world, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", path);
    free(url);
    free(path);
    plan(world, "GET /v1/creds?id=7 HTTP/1.1", "500 Oops", "");
    plan(world, "Authorization: Basic abc\r\n", "200 OK", AGENT_KEYS);
    EXPECT(world, NULL, "container: ASIA2/HUSH2/T2@1795629600");
}

static void containers_far_away(void **state)
{
    struct world *world = *state;
    world_set(world, "AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1.evil.example/x");
    EXPECT(world, NULL,
           "credentials of the container: AWS_CONTAINER_CREDENTIALS_FULL_URI: plain http may only "
           "lead to this machine or to AWS's own agents, not to 127.0.0.1.evil.example" +
               strlen("credentials of the container: "));
}

static void instance(void **state)
{
    struct world *world = *state;
    char *base = memory_format("http://127.0.0.1:%d", world->server.port);
    world_set(world, "AWS_EC2_METADATA_SERVICE_ENDPOINT", base);
    free(base);
    plan(world, "PUT /latest/api/token", "200 OK", "TTT");
    plan(world, "GET /latest/meta-data/iam/security-credentials/ ", "200 OK", "../../evil");
    EXPECT(world, NULL, "credentials of the instance: its role has no proper name");
}

static void an_instance_without_a_role(void **state)
{
    struct world *world = *state;
    char *base = memory_format("http://127.0.0.1:%d", world->server.port);
    world_set(world, "AWS_EC2_METADATA_SERVICE_ENDPOINT", base);
    free(base);
    plan(world, "PUT /latest/api/token", "200 OK", "TTT");
    plan(world, "GET /latest/meta-data/iam/security-credentials/ ", "404 Not Found", "");
    char out[1200];
    assert_non_null(strstr(ask_as(world, NULL, out), "no credentials: neither in the environment"));
}

/* Those that run out are fetched anew in time; what still lasts is used if that fails, and is not
 * asked for at every call. */
static void renewed_before_they_expire(void **state)
{
    struct world *world = *state;
    char *url = memory_format("http://127.0.0.1:%d/c", world->server.port);
    world_set(world, "AWS_CONTAINER_CREDENTIALS_FULL_URI", url);
    free(url);
    static const char *const replies[] = {
        "{\"AccessKeyId\":\"A1\",\"SecretAccessKey\":\"HUSH\",\"Token\":\"T\","
        "\"Expiration\":\"2026-11-25T13:00:00Z\"}",
        "{}",
        "{\"AccessKeyId\":\"A2\",\"SecretAccessKey\":\"HUSH\",\"Token\":\"T\","
        "\"Expiration\":\"2026-11-25T19:00:00Z\"}",
        "{\"AccessKeyId\":\"A3\",\"SecretAccessKey\":\"HUSH\",\"Token\":\"T\","
        "\"Expiration\":\"2026-11-25T20:00:00Z\"}",
    };
    for (size_t i = 0; i < ARRAY_LENGTH(replies); i++)
        plan(world, "GET /c ", "200 OK", replies[i]);
    struct settings settings;
    struct http http;
    const struct live_log log = {world_warn, world};
    const struct settings_options options = {0};
    assert_int_equal(settings_read(&settings, &options, world->variables, &log, &world->err),
                     STATUS_OK);
    assert_int_equal(http_curl_open(&http, NULL, &world->err), STATUS_OK);
    struct credential_chain *chain = credential_chain_new(&settings, &http, &world->clock, &log);
    const struct credential_source source = credential_chain_source(chain);
    const struct credentials *found = NULL;
    static const struct {
        int64_t time_s;
        bool refresh;
        const char *access_key;
    } steps[] = {{0, false, "A1"},    {2640, false, "A1"}, {2760, false, "A1"}, {2761, false, "A1"},
                 {2819, false, "A1"}, {2820, false, "A2"}, {2880, false, "A2"}, {2881, true, "A3"}};
    int64_t start = world->fake.now_ms;
    server_start(&world->server);
    for (size_t i = 0; i < ARRAY_LENGTH(steps); i++) {
        world->fake.now_ms = start + steps[i].time_s * 1000;
        assert_int_equal(source.get(steps[i].refresh, &found, &world->err, source.context),
                         STATUS_OK);
        assert_string_equal(found->access_key, steps[i].access_key);
    }
    server_close(&world->server);
    assert_non_null(strstr(world->warned, "the old ones last 840 s"));
    credential_chain_destroy(chain);
    http_curl_close(&http);
    settings_clean_up(&settings);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, world_open, world_close)
    const struct CMUnitTest tests[] = {
        CASE(environment_first),
        CASE(a_named_profile_comes_first),
        CASE(half_a_key),
        CASE(order_within_a_profile),
        CASE(config_file_last),
        CASE(processes_that_fail),
        cmocka_unit_test(words),
        CASE(role_from_another_profile),
        CASE(roles_in_a_row),
        CASE(roles_that_cannot_be),
        CASE(refused_role),
        CASE(web_identity),
        CASE(container),
        CASE(containers_far_away),
        CASE(instance),
        CASE(an_instance_without_a_role),
        CASE(renewed_before_they_expire),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
