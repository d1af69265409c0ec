/* Many runs that have much in common, each with the figures that simulate() gives it.
 *
 * No policy that can be batched touches the fleet, so runs that differ in their policy, controller
 * and backup group only share what the fleet does (sim/fleet_tape.h); and those that have the
 * policy in common too share what it finds needed at each evaluation (sim/needs.h). What is left of
 * a run is its backup group (sim/lane.h). Both are made by the first run that wants them and kept
 * for the next ones, while there is room. Any number of threads may share a batch.
 *
 * A run can be batched when its policy is one whose need does not depend on the group
 * (policy_sized), and nothing else ties the group to the fleet: no cluster with services, no
 * scaling of the fleet, no instances_distribution, no launches that fail, no injected faults,
 * jitter or duration of the function, no guard stale_after_s.
 */
#ifndef SIM_BATCH_H
#define SIM_BATCH_H

#include "base/hash.h"
#include "sim/sim.h"

enum { SIM_BATCH_BYTES_MOST = 128 << 20 }; /* a good size for what is kept */

struct sim_batch;

/* What runs have in common: equal texts, equal things. */
struct sim_batch_key {
    bool possible; /* else nothing below is known, and the run is made by itself */
    char fleet[HASH_TEXT_SIZE];
    char needs[HASH_TEXT_SIZE];
};

/* Whether the scenario's run can be batched. */
bool sim_batch_is_possible(const struct scenario *scenario);
void sim_batch_key_of(const struct scenario *scenario, const struct trace_set *traces,
                      struct sim_batch_key *out_key);

/* At most about bytes_most are kept, and besides what the running ones use. */
struct sim_batch *sim_batch_new(size_t bytes_most);
void sim_batch_free(struct sim_batch *batch); /* or NULL */

/* simulate() without a sink. `key` is the scenario's; without batch or a possible key it is
 * simulate(). */
int sim_batch_simulate(struct sim_batch *batch, const struct sim_batch_key *key,
                       const struct scenario *scenario, const struct trace_set *traces,
                       struct figures *out_figures, struct error *err);

#endif
