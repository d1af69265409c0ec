/* What the service manager is told (sd_notify(3)): one datagram on the socket NOTIFY_SOCKET names.
 *
 * Where no service manager listens, nothing is sent and nothing fails. A watchdog (WATCHDOG_USEC,
 * for this process if WATCHDOG_PID says so) is fed by service_alive at most four times in its time;
 * who waits lets no more than service_pause_ms pass between two calls.
 */
#ifndef OPERATE_NOTIFY_H
#define OPERATE_NOTIFY_H

#include <stdint.h>

struct service {
    int socket;          /* descriptor; -1: nobody listens */
    int64_t watchdog_ms; /* 0: no watchdog */
    int64_t fed_ms;      /* when last, by the monotonic clock */
};

/* From the environment, as live/environment.h has it. */
void service_open(struct service *out_service, char *const *environment);
void service_close(struct service *service);

/* "READY=1", "STOPPING=1", "STATUS=…"; several with line ends between. */
void service_tell(const struct service *service, const char *text);
/* The process gets on: the watchdog is fed if it is time. */
void service_alive(struct service *service, int64_t monotonic_ms);
/* INT64_MAX without a watchdog. */
int64_t service_pause_ms(const struct service *service);

#endif
