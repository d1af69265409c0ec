/* The twin behind a port (libmicrohttpd): one thread answers, one request after the other.
 *
 * A body of more than SERVER_BODY_MAX bytes is answered 413. A connection that says nothing for
 * half a minute is closed. Replies bear the wall clock's Date.
 */
#ifndef TWIN_SERVER_H
#define TWIN_SERVER_H

#include "base/error.h"
#include "twin/twin.h"

enum { SERVER_BODY_MAX = 8 * 1024 * 1024 };

struct server;

/* Listen at "127.0.0.1:8080" or "[::1]:8080"; port 0 takes a free one. The twin is the server's
 * thread's from now on until server_close. */
int server_open(struct server **out_server, struct twin *twin, const char *listen,
                struct error *err);
/* "127.0.0.1:43211", with the port it got. */
const char *server_address(const struct server *server);
void server_close(struct server *server);

#endif
