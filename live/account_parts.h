/* The account, inside. account.c is the cloud port, account_prices.c what it takes to say the spot
 * prices of the fleet's pools. Nobody else includes this header.
 */
#ifndef LIVE_ACCOUNT_PARTS_H
#define LIVE_ACCOUNT_PARTS_H

#include "live/account.h"

enum { CODES_MAX = BALLAST_READS_MAX + 2 };

struct live_account {
    struct client *client;
    struct live_account_names names;
    const struct live_log *log;
    char codes[CODES_MAX][128]; /* of this evaluation's errors */
    size_t code_count;
    int64_t failures;
    struct aws_spot_price *prices; /* whose texts the answer borrows */
    struct aws_subnet *subnets;    /* the zones of those the fleet's request names, once asked */
    size_t subnet_count;
    bool told; /* the time, which is */
    int64_t now_s;
};

int64_t account_time(const struct live_account *account);

/* Note a failure; the code, kept for as long as the answer holds. */
const char *account_failed(struct live_account *account, const struct aws_error *error,
                           const struct error *err);

/* Of the cloud port. */
bool account_spot_prices(struct ballast_spot_price *out_prices, size_t capacity,
                         struct ballast_answer *out_answer, void *context);

#endif
