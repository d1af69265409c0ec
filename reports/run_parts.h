/* The parts of a run's page. Inside reports/ only. */
#ifndef REPORTS_RUN_PARTS_H
#define REPORTS_RUN_PARTS_H

#include "page.h"
#include "run_data.h"
#include "run_plot.h"
#include "run_prices.h"
#include "run_report.h"

/* A picture with its heading and a key (run_plot.c). */
int page_plot(struct text *page, const struct run_data *data, const struct run_prices *prices,
              enum plot plot, struct error *err);

/* What stands under them (run_tables.c). */
void table_periods(struct text *page, const struct run_data *data);
int table_reasons(struct text *page, struct results *results, int64_t run, struct error *err);
void table_costs(struct text *page, const struct run_data *data);
void table_prices(struct text *page, const struct run_prices *prices);

#endif
