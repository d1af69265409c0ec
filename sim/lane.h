/* One run beside others over the same fleet, with the same needs: only its backup group is gone
 * through, second by second where something happens to it, and evaluation by evaluation where one
 * can change it.
 */
#ifndef SIM_LANE_H
#define SIM_LANE_H

#include "needs.h"
#include "record/figures.h"

/* The figures that simulate() would give. `tape` and `needs` are of a scenario that differs in its
 * group, or the guards, alone. */
void lane_run(const struct scenario *scenario, struct fleet_tape *tape, const struct needs *needs,
              struct figures *out_figures);

#endif
