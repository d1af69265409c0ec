/* What the files of the hindcast share. Inside study/ only. */
#ifndef STUDY_HINDCAST_PARTS_H
#define STUDY_HINDCAST_PARTS_H

#include "record/record.h"
#include "study/hindcast.h"

/* FINE in a part (10^-10 USD), in a micro-USD-second an hour, and in 10^-16 USD. */
#define FINE_PER_PART        ((int128)3600 * 1000000)
#define FINE_PER_MICRO_USD_S ((int128)10000000000)
#define FINE_PER_TINY        ((int128)3600)

/* ---- the bill ----------------------------------------------------------------------------------
 */

enum { BILLED_SPOT_UNRECORDED = 0, BILLED_SPOT, BILLED_ON_DEMAND };

struct billed {
    char instance[CHARGE_INSTANCE_SIZE];
    int kind;
    size_t life; /* BILLED_SPOT: of the account */
    bool feed;
    bool own; /* BILLED_ON_DEMAND: tagged as the group's */
    int64_t start_s;
    int64_t end_s;
    int64_t used;
    int64_t rate;
    int64_t cost;
};

/* By kind, life, instance, start. */
const struct billed *hindcast_billed(const struct hindcast_bill *bill, size_t *out_count);

const struct hindcast_bill_about *hindcast_bill_told(const struct hindcast_bill *bill);

/* What of a line lies in the window. */
struct billed_share {
    int128 cost;   /* FINE */
    int128 used;   /* parts of an hour */
    int64_t rate;  /* parts of a USD an hour; from cost and use where the line has none */
    int128 valued; /* FINE: use × rate */
};
bool billed_in(const struct billed *line, int64_t from_s, int64_t to_s, struct billed_share *out);

/* ---- instances ---------------------------------------------------------------------------------
 */

enum { NO_POOL = -1 };

/* A spot instance, recorded or simulated. */
struct lived {
    int pool; /* of the scenario's fleet */
    int64_t start_s;
    int64_t end_s; /* INT64_MAX: it runs */
    bool ec2;      /* interrupted */
    bool before;   /* it ran when the simulation began */
    size_t life;   /* recorded: of the account */
    int128 cost;   /* FINE; simulated: as the simulation has it */
    size_t match;  /* the other one; SIZE_MAX: none */
};

/* A simulated on-demand instance that costs something: from its beginning in the window on. */
struct charged {
    int64_t start_s;
    int64_t seconds;
    int128 fine;
};

struct hindcast_work {
    const struct hindcast_input *input;
    const struct scenario *scenario;
    int64_t from_s; /* the window compared */
    int64_t to_s;
    const struct billed *billed;
    size_t billed_count;
    struct lived *actual;
    size_t actual_count;
    size_t actual_capacity;
    struct lived *simulated;
    size_t simulated_count;
    size_t simulated_capacity;
    int128 on_demand_cost; /* FINE, simulated */
    struct charged *charged;
    size_t charged_count;
    size_t charged_capacity;
    struct record_capacity *steps; /* simulated */
    size_t step_count;
    size_t step_capacity;
    struct hindcast_sample *seen; /* simulated, at the second of each of the input's samples */
    struct hindcast *out;
};

/* The pool of a place; NO_POOL. */
int hindcast_pool(const struct hindcast_work *work, const char *zone, const char *type);

/* What an instance costs by the model in the window, FINE; 0 without a pool. */
int128 hindcast_charge(const struct hindcast_work *work, int pool, int64_t start_s, int64_t end_s,
                       bool ec2);
/* The same, of another stretch of time than the window, as if it ran on: the price by its hours. */
int128 hindcast_charge_within(const struct hindcast_work *work, int pool, int64_t start_s,
                              int64_t from_s, int64_t to_s);
/* Seconds charged in the window by a rule. */
int64_t hindcast_charged_s(const struct hindcast_work *work, int64_t start_s, int64_t end_s,
                           bool ec2, bool per_second);

/* The bill's lines about an instance of the fleet, by start. */
const struct billed *hindcast_lines(const struct hindcast_work *work, size_t life,
                                    size_t *out_count);

/* The recorded instances, from the account's lives and, where their launch was not seen, the bill.
 */
void hindcast_recorded(struct hindcast_work *work);
/* Look at the simulated group when the real one was looked at. */
void hindcast_see(struct hindcast_work *work);
void hindcast_match(struct hindcast_work *work);
/* From billed to simulated: sources, and the values of spot. */
void hindcast_spot(struct hindcast_work *work);
void hindcast_on_demand(struct hindcast_work *work);
void hindcast_minutes(struct hindcast_work *work);
void hindcast_hours(struct hindcast_work *work);

static inline void hindcast_add(struct hindcast_work *work, enum hindcast_source source,
                                int128 fine)
{
    work->out->sources[source] += fine;
    work->out->cases[source] += fine != 0;
}

#endif
