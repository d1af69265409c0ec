#include "operate/notify.h"

#include "live/environment.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int connect_to(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t length = strlen(path);
    if ((path[0] != '/' && path[0] != '@') || length >= sizeof address.sun_path)
        return -1;
    memcpy(address.sun_path, path, length);
    if (path[0] == '@') /* the abstract namespace */
        address.sun_path[0] = '\0';
    int found = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
    if (found >= 0 && connect(found, (const struct sockaddr *)&address, size) < 0) {
        close(found);
        found = -1;
    }
    return found;
}

static int64_t number(char *const *environment, const char *name)
{
    const char *text = environment_get(environment, name);
    char *end = NULL;
    long long value = text ? strtoll(text, &end, 10) : 0;
    return text && *end == '\0' && value > 0 ? value : 0;
}

void service_open(struct service *out_service, char *const *environment)
{
    const char *path = environment_get(environment, "NOTIFY_SOCKET");
    int64_t process = number(environment, "WATCHDOG_PID");
    *out_service = (struct service){.socket = path ? connect_to(path) : -1};
    if (out_service->socket >= 0 && (process == 0 || process == getpid()))
        out_service->watchdog_ms = number(environment, "WATCHDOG_USEC") / 1000;
}

void service_close(struct service *service)
{
    if (service->socket >= 0)
        close(service->socket);
    *service = (struct service){.socket = -1};
}

void service_tell(const struct service *service, const char *text)
{
    /* What cannot be told is no reason to stop working. */
    if (service->socket >= 0)
        (void)!send(service->socket, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT);
}

int64_t service_pause_ms(const struct service *service)
{
    return service->watchdog_ms ? service->watchdog_ms / 2 : INT64_MAX;
}

void service_alive(struct service *service, int64_t monotonic_ms)
{
    if (service->watchdog_ms == 0 ||
        (service->fed_ms && monotonic_ms - service->fed_ms < service->watchdog_ms / 4))
        return;
    service->fed_ms = monotonic_ms;
    service_tell(service, "WATCHDOG=1");
}
