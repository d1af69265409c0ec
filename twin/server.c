#include "twin/server.h"

#include "base/memory.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { SILENCE_S = 30, CONNECTIONS_MAX = 256, HEADERS_MAX = 64 };

struct server {
    struct twin *twin;
    struct MHD_Daemon *daemon;
    char address[128];
};

/* A request as it comes in. */
struct incoming {
    char *path;  /* as sent */
    char *query; /* in the same block */
    struct text body;
    bool too_large;
};

/* ---- requests -----------------------------------------------------------------------------------
 */

/* Before anything is decoded. */
static void *begin(void *context, const char *uri, struct MHD_Connection *connection)
{
    (void)context;
    (void)connection;
    struct incoming *incoming = memory_new(1, sizeof *incoming);
    incoming->body.limit = SERVER_BODY_MAX;
    incoming->path = memory_copy_text(uri);
    size_t length = strcspn(incoming->path, "?");
    incoming->query = incoming->path + length + (incoming->path[length] == '?');
    incoming->path[length] = '\0';
    return incoming;
}

static void end(void *context, struct MHD_Connection *connection, void **state,
                enum MHD_RequestTerminationCode code)
{
    (void)context;
    (void)connection;
    (void)code;
    struct incoming *incoming = *state;
    if (!incoming)
        return;
    free(incoming->path);
    text_clean_up(&incoming->body);
    free(incoming);
    *state = NULL;
}

struct header_list {
    struct sigv4_header list[HEADERS_MAX];
    size_t count;
};

static enum MHD_Result add_header(void *context, enum MHD_ValueKind kind, const char *name,
                                  const char *value)
{
    struct header_list *headers = context;
    (void)kind;
    if (headers->count == HEADERS_MAX)
        return MHD_NO;
    headers->list[headers->count++] = (struct sigv4_header){name, value ? value : ""};
    return MHD_YES;
}

static enum MHD_Result send_reply(struct MHD_Connection *connection, struct wire_reply *reply)
{
    /* libmicrohttpd frees what it is given. */
    struct MHD_Response *response = MHD_create_response_from_buffer(
        reply->body.size, reply->body.size ? reply->body.data : "",
        reply->body.size ? MHD_RESPMEM_MUST_FREE : MHD_RESPMEM_PERSISTENT);
    if (!response) {
        text_clean_up(&reply->body);
        return MHD_NO;
    }
    for (size_t i = 0; i < reply->header_count; i++)
        MHD_add_response_header(response, reply->headers[i].name, reply->headers[i].value);
    enum MHD_Result result = MHD_queue_response(connection, (unsigned)reply->status, response);
    MHD_destroy_response(response);
    return result;
}

static void plain(struct wire_reply *reply, int status, const char *words)
{
    *reply = (struct wire_reply){.status = status};
    wire_reply_header(reply, "Content-Type", "text/plain");
    text_add(&reply->body, words);
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **state)
{
    struct server *server = context;
    struct incoming *incoming = *state;
    struct wire_reply reply;
    (void)url;
    (void)version;
    if (!incoming)
        return MHD_NO;
    /* Called once before the body, with each piece of it, and once after it. */
    if (!incoming->body.data && !incoming->too_large && *upload_size == 0) {
        text_add(&incoming->body, "");
        return MHD_YES;
    }
    if (*upload_size) {
        text_add_bytes(&incoming->body, upload, *upload_size);
        incoming->too_large = incoming->too_large || text_status(&incoming->body, NULL);
        *upload_size = 0;
        return MHD_YES;
    }
    struct header_list headers = {.count = 0};
    int known = MHD_get_connection_values(connection, MHD_HEADER_KIND, NULL, NULL);
    MHD_get_connection_values(connection, MHD_HEADER_KIND, add_header, &headers);
    if (incoming->too_large) {
        plain(&reply, 413, "The body is larger than the twin takes.\n");
    } else if (known > HEADERS_MAX) {
        plain(&reply, 431, "There are more headers than the twin takes.\n");
    } else {
        const struct wire_request request = {.method = method,
                                             .path = incoming->path,
                                             .query = incoming->query,
                                             .headers = headers.list,
                                             .header_count = headers.count,
                                             .body = incoming->body.data,
                                             .body_size = incoming->body.size};
        twin_answer(server->twin, &request, &reply);
    }
    return send_reply(connection, &reply);
}

/* ---- the port -----------------------------------------------------------------------------------
 */

/* getaddrinfo takes the lowest 16 bits of any number. */
static bool is_port(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    return digits > 0 && digits <= 5 && !text[digits] && strtol(text, NULL, 10) <= 65535;
}

/* "HOST:PORT" or "[HOST]:PORT", both numbers; NULL: it is neither. For freeaddrinfo. */
static struct addrinfo *parse_address(const char *listen)
{
    const char *colon = strrchr(listen, ':');
    const struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
                                   .ai_socktype = SOCK_STREAM};
    struct addrinfo *address = NULL;
    char host[64] = "";
    if (colon && listen[0] == '[' && colon > listen + 1 && colon[-1] == ']')
        snprintf(host, sizeof host, "%.*s", (int)(colon - listen - 2), listen + 1);
    else if (colon)
        snprintf(host, sizeof host, "%.*s", (int)(colon - listen), listen);
    if (!host[0] || !is_port(colon + 1) || getaddrinfo(host, colon + 1, &hints, &address))
        return NULL;
    return address;
}

static void name_address(struct server *server, const struct addrinfo *address)
{
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    char host[64] = "";
    getnameinfo(address->ai_addr, address->ai_addrlen, host, sizeof host, NULL, 0, NI_NUMERICHOST);
    snprintf(server->address, sizeof server->address,
             address->ai_family == AF_INET6 ? "[%s]:%u" : "%s:%u", host,
             info ? (unsigned)info->port : 0);
}

int server_open(struct server **out_server, struct twin *twin, const char *listen,
                struct error *err)
{
    int status = STATUS_OK;
    struct addrinfo *address = parse_address(listen);
    if (!address)
        return error_set(err, STATUS_BAD_INPUT,
                         "\"%s\" is no address to listen at; give a number and a port, such as "
                         "127.0.0.1:8080 (port 0 takes a free one)",
                         listen);
    struct server *server = memory_new(1, sizeof *server);
    server->twin = twin;
    unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_AUTO;
    if (address->ai_family == AF_INET6)
        flags |= MHD_USE_IPv6;
    server->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, handle, server, MHD_OPTION_SOCK_ADDR, address->ai_addr,
        MHD_OPTION_URI_LOG_CALLBACK, begin, server, MHD_OPTION_NOTIFY_COMPLETED, end, server,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)SILENCE_S, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)CONNECTIONS_MAX, MHD_OPTION_END);
    if (!server->daemon) {
        status = error_set(err, STATUS_FAILURE, "cannot listen at %s: %s", listen, strerror(errno));
        free(server);
    } else {
        name_address(server, address);
        *out_server = server;
    }
    freeaddrinfo(address);
    return status;
}

const char *server_address(const struct server *server)
{
    return server->address;
}

void server_close(struct server *server)
{
    MHD_stop_daemon(server->daemon);
    free(server);
}
