/* A small server on this machine for the tests of live/: it is told which requests to expect and
 * what to answer, byte for byte, so that it can also answer wrongly. */
#ifndef TESTS_LIVE_SERVER_H
#define TESTS_LIVE_SERVER_H

#include "live/clock.h"
#include "live/settings.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EXCHANGES_MAX = 16 };

struct exchange {
    const char *expect;  /* part of the request: "PUT /latest/api/token" */
    const char *status;  /* "200 OK"; NULL: `body` is all that is sent */
    const char *headers; /* further lines, each ended by \r\n; NULL for none */
    const char *body;
    long announced; /* Content-Length where it is not the body's; 0: the body's */
    int delay_ms;   /* before the answer */
};

struct server {
    int listener;
    int port;
    pthread_t thread;
    struct exchange script[EXCHANGES_MAX];
    size_t planned;
    char *seen[EXCHANGES_MAX]; /* requests as they came */
    size_t count;              /* how many came */
};

static inline void server_reply(int connection, const struct exchange *exchange)
{
    if (exchange->delay_ms)
        usleep((unsigned)exchange->delay_ms * 1000);
    char *reply = NULL;
    if (exchange->status) {
        const char *body = exchange->body ? exchange->body : "";
        long length = exchange->announced ? exchange->announced : (long)strlen(body);
        reply = memory_format("HTTP/1.1 %s\r\nContent-Length: %ld\r\nConnection: close\r\n%s\r\n%s",
                              exchange->status, length, exchange->headers ? exchange->headers : "",
                              body);
    } else {
        reply = memory_copy_text(exchange->body);
    }
    size_t size = strlen(reply);
    for (size_t sent = 0; sent < size;) {
        ssize_t count = send(connection, reply + sent, size - sent, MSG_NOSIGNAL);
        if (count <= 0)
            break;
        sent += (size_t)count;
    }
    free(reply);
}

/* One request, whole. */
static inline char *server_read(int connection)
{
    enum { LIMIT = 65536 };
    char *request = memory_new(LIMIT, 1);
    size_t size = 0;
    while (size < LIMIT - 1) {
        char *end = strstr(request, "\r\n\r\n");
        if (end) {
            const char *length = strcasestr(request, "\r\nContent-Length:");
            size_t wanted = length && length < end ? (size_t)strtoul(length + 17, NULL, 10) : 0;
            if (size - (size_t)(end + 4 - request) >= wanted)
                break;
        }
        struct pollfd wait = {.fd = connection, .events = POLLIN};
        ssize_t count =
            poll(&wait, 1, 60000) > 0 ? read(connection, request + size, LIMIT - 1 - size) : 0;
        if (count <= 0)
            break;
        size += (size_t)count;
    }
    return request;
}

static inline void *server_run(void *context)
{
    struct server *server = context;
    while (true) {
        int connection = accept(server->listener, NULL, NULL);
        if (connection < 0)
            return NULL;
        char *request = server_read(connection);
        size_t i = server->count;
        static const struct exchange unplanned = {NULL, "418 Unplanned", NULL, "", 0, 0};
        if (i < EXCHANGES_MAX) {
            server->seen[i] = request;
            server->count++;
        } else {
            free(request);
        }
        server_reply(connection, i < server->planned ? &server->script[i] : &unplanned);
        close(connection);
    }
}

static inline void server_open(struct server *server)
{
    *server = (struct server){.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    assert_int_equal(bind(server->listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(server->listener, 8), 0);
    assert_int_equal(getsockname(server->listener, (struct sockaddr *)&address, &size), 0);
    server->port = ntohs(address.sin_port);
}

/* From here on it answers; plan first. */
static inline void server_start(struct server *server)
{
    assert_int_equal(pthread_create(&server->thread, NULL, server_run, server), 0);
}

static inline void server_plan(struct server *server, struct exchange exchange)
{
    assert_true(server->planned < EXCHANGES_MAX);
    server->script[server->planned++] = exchange;
}

/* Stop, and see that exactly what was planned was asked. */
static inline void server_close(struct server *server)
{
    shutdown(server->listener, SHUT_RDWR);
    pthread_join(server->thread, NULL);
    close(server->listener);
    assert_int_equal(server->count, server->planned);
    for (size_t i = 0; i < server->count; i++) {
        if (server->script[i].expect && !strstr(server->seen[i], server->script[i].expect))
            fail_msg("request %zu is not %s:\n%s", i, server->script[i].expect, server->seen[i]);
    }
}

static inline void server_clean_up(struct server *server)
{
    for (size_t i = 0; i < server->count; i++)
        free(server->seen[i]);
    server->count = 0;
}

/* ---- a clock that stands still unless one sleeps, or looks ---- */

struct fake_clock {
    int64_t now_ms;
    int64_t step_ms; /* how far a look at the monotonic one takes it */
    int64_t slept_ms;
    int64_t sleeps;
};

static inline int64_t fake_now_s(void *context)
{
    const struct fake_clock *fake = context;
    return fake->now_ms / 1000;
}

static inline int64_t fake_monotonic_ms(void *context)
{
    struct fake_clock *fake = context;
    fake->now_ms += fake->step_ms;
    return fake->now_ms;
}

static inline void fake_sleep_ms(int64_t duration_ms, void *context)
{
    struct fake_clock *fake = context;
    fake->now_ms += duration_ms;
    fake->slept_ms += duration_ms;
    fake->sleeps++;
}

static inline uint64_t fake_luck(void *context)
{
    (void)context;
    return 999;
}

static inline struct live_clock fake_clock(struct fake_clock *fake)
{
    return (struct live_clock){fake_now_s, fake_monotonic_ms, fake_sleep_ms, fake_luck, fake};
}

/* ---- an environment of its own, with a folder for files ---- */

struct world {
    struct server server;
    struct fake_clock fake;
    struct live_clock clock;
    char folder[64];
    char *variables[32];
    size_t variable_count;
    char warned[1024];
    struct error err;
};

static inline void world_set(struct world *world, const char *name, const char *value)
{
    assert_true(world->variable_count + 1 < ARRAY_LENGTH(world->variables));
    world->variables[world->variable_count++] = memory_format("%s=%s", name, value);
}

static inline char *world_path(const struct world *world, const char *name)
{
    return memory_format("%s/%s", world->folder, name);
}

static inline void world_file(const struct world *world, const char *name, const char *text)
{
    char *path = world_path(world, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    assert_int_equal(chmod(path, 0600), 0);
    free(path);
}

static inline void world_warn(const char *text, void *context)
{
    struct world *world = context;
    snprintf(world->warned, sizeof world->warned, "%s", text);
}

/* Wall time 2026-11-25T12:00:00Z; the server's address in AWS_ENDPOINT_URL. */
static inline int world_open(void **state)
{
    struct world *world = memory_new(1, sizeof *world);
    signal(SIGPIPE, SIG_IGN);
    strcpy(world->folder, "/tmp/ballast-live-XXXXXX");
    assert_non_null(mkdtemp(world->folder));
    world->fake.now_ms = INT64_C(1795608000000);
    world->clock = fake_clock(&world->fake);
    server_open(&world->server);
    char *text = memory_format("http://127.0.0.1:%d", world->server.port);
    world_set(world, "AWS_ENDPOINT_URL", text);
    free(text);
    text = world_path(world, "config");
    world_set(world, "AWS_CONFIG_FILE", text);
    free(text);
    text = world_path(world, "credentials");
    world_set(world, "AWS_SHARED_CREDENTIALS_FILE", text);
    free(text);
    world_set(world, "AWS_REGION", "us-east-1");
    /* By default it is a second, which a busy machine may take. */
    world_set(world, "AWS_METADATA_SERVICE_TIMEOUT", "300");
    *state = world;
    return 0;
}

static inline int world_close(void **state)
{
    struct world *world = *state;
    static const char *const names[] = {"config", "credentials", "token", "process"};
    server_clean_up(&world->server);
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        char *path = world_path(world, names[i]);
        unlink(path);
        free(path);
    }
    rmdir(world->folder);
    for (size_t i = 0; i < world->variable_count; i++)
        free(world->variables[i]);
    free(world);
    return 0;
}

#endif
