/* What happens around the fleet, looked at now and then and recorded. */
#ifndef OPERATE_WATCH_H
#define OPERATE_WATCH_H

#include "live/account.h"
#include "operate/metrics.h"
#include "record/recording.h"

struct live_watch_task {
    struct client *client;
    struct live_account *account;
    const struct live_account_names *names;
    struct recording *recording;
    const struct live_log *log;
    int64_t every_s;
    struct live_metrics *metrics; /* is told what spot costs; NULL: nobody is */
};

/* Look, and record it, if that was last tried `every_s` ago or earlier; 0 is never. What fails is
 * told to `log`, and recorded where that can be done. */
void live_watch_and_record(const struct live_watch_task *task, int64_t now_s);

#endif
