/* ballast report --compare: two recorded runs. */
#include "base/memory.h"
#include "compare_print.h"
#include "report.h"
#include "reports/compare_report.h"
#include "stored.h"
#include "summary.h"

#include <stdlib.h>
#include <string.h>

/* Open the sides' databases and find their runs. */
static int open_runs(const struct comparison *comparison, struct results **results,
                     struct stored_run *runs, struct error *err)
{
    int status = STATUS_OK;
    for (size_t which = 0; which < COMPARE_SIDES && !status; which++) {
        char number[DECIMAL_TEXT_SIZE];
        status = results_open(&results[which], comparison->sides[which].database, false, err);
        if (!status)
            status = results_find(results[which],
                                  int128_format(comparison->worlds[0].numbers[which], number),
                                  &runs[which], err);
    }
    return status;
}

/* Where they part, as ballast compare says it. */
static int tell_parting(const struct comparison *comparison, char **out_lines, struct error *err)
{
    struct parting parting = {0};
    size_t size = 0;
    int status = parting_tell(&parting, comparison, err);
    FILE *lines = status ? NULL : open_memstream(out_lines, &size);
    if (!status && !lines)
        status = error_set(err, STATUS_FAILURE, "no memory is left");
    if (!status) {
        parting_print(&parting, comparison, lines);
        fclose(lines);
    }
    parting_clean_up(&parting);
    return status;
}

static int write_page(const struct comparison *comparison, struct text *out_page, struct error *err)
{
    struct results *results[COMPARE_SIDES] = {0};
    struct stored_run runs[COMPARE_SIDES] = {0};
    struct text assumptions[COMPARE_SIDES] = {0};
    char *parting = NULL;
    int status = open_runs(comparison, results, runs, err);
    if (!status)
        status = tell_parting(comparison, &parting, err);
    if (!status) {
        struct compare_report_request request = {.comparison = comparison,
                                                 .parting = parting + strspn(parting, "\n")};
        for (size_t which = 0; which < COMPARE_SIDES; which++) {
            struct stored_market market;
            stored_market_open(&runs[which], &market);
            if (market.market.scenario)
                summary_assumptions(&market.session, &assumptions[which]);
            stored_market_close(&market);
            request.results[which] = results[which];
            request.runs[which] = &runs[which];
            request.assumptions[which] = assumptions[which].data;
        }
        status = compare_report(&request, out_page, err);
    }
    for (size_t which = 0; which < COMPARE_SIDES; which++) {
        text_clean_up(&assumptions[which]);
        stored_run_clean_up(&runs[which]);
        results_close(results[which]);
    }
    free(parting);
    return status;
}

int report_compare(const char *old_path, const char *new_path, struct text *out_page,
                   struct error *err)
{
    const struct compare_request request = {.sources = {{.path = old_path}, {.path = new_path}},
                                            .recorded = true};
    struct comparison comparison;
    int status = compare_run(&comparison, &request, err);
    if (!status && comparison.sides[COMPARE_OLD].swept)
        status = error_set(err, STATUS_BAD_INPUT,
                           "%s: holds points of a sweep, of which only the figures are kept: "
                           "compare them with ballast compare",
                           old_path);
    if (!status && comparison.world_count != 1)
        status = error_set(err, STATUS_BAD_INPUT,
                           "%s and %s: hold %zu pairs of runs: say which, as RESULTS.db#RUN",
                           old_path, new_path, comparison.world_count);
    if (!status)
        status = compare_judge(&comparison, NULL, 0, err);
    if (!status)
        status = write_page(&comparison, out_page, err);
    compare_clean_up(&comparison);
    return status;
}
