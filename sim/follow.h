/* One run beside others over the same fleet, whose policy looks at the group first: the fleet comes
 * from the tape, everything else is gone through as ever.
 */
#ifndef SIM_FOLLOW_H
#define SIM_FOLLOW_H

#include "fleet_tape.h"
#include "record/figures.h"

/* The figures that simulate() would give; `tape` is of a scenario that differs in its policy, its
 * controller and its group alone. *out_apart is false where the policy sets the fleet's target:
 * then the run has to be made by itself. */
int follow_run(const struct scenario *scenario, struct fleet_tape *tape,
               struct figures *out_figures, bool *out_apart, struct error *err);

#endif
