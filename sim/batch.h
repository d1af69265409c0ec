/* Many runs that have much in common, each with the figures that simulate() gives it.
 *
 * Runs that differ in their policy, controller and backup group only share what the fleet does
 * (sim/fleet_tape.h); it is simulated once. Those whose policy says what is needed before it looks
 * at the group (policy_sized), and that have it in common too, share what is found needed at each
 * evaluation (sim/needs.h), and most of it if they differ in a window (sim/windows.h); what is left
 * of such a run is its group (sim/lane.h). The others have
 * their evaluations to themselves (sim/follow.h). What is shared is made by the first run that
 * wants it and kept for the next ones, while there is room. Any number of threads may share a
 * batch.
 *
 * A run can be batched where nothing else ties the group to the fleet: no cluster with services, no
 * scaling of the fleet, no instances_distribution, no launches that fail; and where the policy
 * looks neither at each pool nor at the cluster. One that sets the fleet's target is made by
 * itself.
 */
#ifndef SIM_BATCH_H
#define SIM_BATCH_H

#include "base/hash.h"
#include "policy/builtin.h"
#include "sim/sim.h"

enum { SIM_BATCH_BYTES_MOST = 128 << 20 }; /* a good size for what is kept */

struct sim_batch;

/* What runs have in common: equal texts, equal things. */
struct sim_batch_key {
    bool possible; /* else nothing below is known, and the run is made by itself */
    char fleet[HASH_TEXT_SIZE];
    char needs[HASH_TEXT_SIZE];
    char windows[HASH_TEXT_SIZE]; /* as needs, but for the policy's window; the same text as needs:
                                     nothing is made for other windows, which takes longer than
                                     for one */
};

/* Whether the scenario's run can be batched. */
bool sim_batch_is_possible(const struct scenario *scenario);
/* How its policy says what is needed, where runs can share that: not beside faults, a jitter or
 * duration of the function, or the guard stale_after_s. Else NULL. */
sized_function *sim_batch_sized(const struct scenario *scenario);
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
