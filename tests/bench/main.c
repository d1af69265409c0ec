/* usage: ballast_bench [RUNS [PART [PYTHON]]]
 *
 * One table: rates as medians of RUNS, the spread, each beside the machine's own limit measured in
 * the same minutes, and the peak memory of the process that did it. PART is one of the table's
 * parts, or all. PYTHON has SimPy 4.
 */
#include "base/memory.h"
#include "bench.h"
#include "policy/builtin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

static char folder[4096];
static pid_t main_process;

static char *in_folder(const char *name)
{
    return memory_format("%s/%s", folder, name);
}

/* Also when a job failed. Its own process leaves the folder to this one. */
static void remove_folder(void)
{
    if (getpid() != main_process)
        return;
    const char *const names[] = {"results.db", "traces.db",  "limit.db", "prices.json",
                                 "prices.tsv", "world.json", "sweep.db"};
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        char *path = in_folder(names[i]);
        unlink(path);
        free(path);
    }
    rmdir(folder);
}

static void make_folder(void)
{
    main_process = getpid();
    const char *parent = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/ballast-bench-XXXXXX", parent ? parent : "/tmp");
    if (!mkdtemp(folder))
        job_fail("no temporary folder");
    atexit(remove_folder);
}

static void tell_machine(int runs)
{
    char model[256] = "unknown processor";
    FILE *file = fopen("/proc/cpuinfo", "r");
    char line[512];
    while (file && fgets(line, sizeof line, file)) {
        if (strncmp(line, "model name", 10) == 0 && strchr(line, ':')) {
            snprintf(model, sizeof model, "%s", strchr(line, ':') + 2);
            model[strcspn(model, "\n")] = '\0';
            break;
        }
    }
    if (file)
        fclose(file);
    struct utsname name;
    uname(&name);
    printf("machine: %s, %ld cores, %s %s, gcc %s\n", model, sysconf(_SC_NPROCESSORS_ONLN),
           name.sysname, name.machine, __VERSION__);
    printf(
        "each rate is the median of %d runs, one after the other, each in a process of its own; of "
        "scans and years per second of the processor's time, else of a clock's\n\n",
        runs);
    printf("%-58s %14s  %-25s %11s  %s\n", "", "per second", "lowest to highest", "peak memory",
           "beside the limit");
}

void tell(const char *what, struct measured measured, const char *beside)
{
    char spread[64];
    int decimals = measured.median < 1 ? 3 : measured.median < 1000 ? 1 : 0;
    snprintf(spread, sizeof spread, "%.*f to %.*f", decimals, measured.lowest, decimals,
             measured.highest);
    printf("%-58s %14.*f  %-25s %7.1f MiB  %s\n", what, decimals, measured.median, spread,
           (double)measured.peak_kib / 1024, beside);
    fflush(stdout);
}

static void bench_queue(int runs)
{
    static const int pending[] = {16, 1000};
    for (size_t i = 0; i < ARRAY_LENGTH(pending); i++) {
        struct measured measured = measure(pass_events, &pending[i], runs);
        char what[96];
        char beside[96];
        snprintf(what, sizeof what, "limit: events out of the queue and in again, %d pending",
                 pending[i]);
        snprintf(beside, sizeof beside, "%.1f ns each", 1e9 / measured.median);
        tell(what, measured, beside);
    }
}

/* A year has to look at every minute and every price change at least once. */
static void bench_years(int runs, double scan_rate)
{
    char *results = in_folder("results.db");
    const struct {
        const char *what;
        struct year year;
    } rows[] = {
        {"years, stepped every minute: pending-capacity", {.policy = "pending-capacity"}},
        {"the same, demand and target move every 5 min",
         {.policy = "pending-capacity", .demand_every_s = 300}},
        {"the same, demand constant, recorded in a database",
         {.policy = "pending-capacity", .results = results}},
        {"years, stepped every minute: none", {.policy = "none"}},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        int64_t evaluations = 0;
        size_t changes = 0;
        year_size(&rows[i].year, &evaluations, &changes);
        struct measured measured = measure(simulate_years, &rows[i].year, runs);
        char beside[160];
        snprintf(beside, sizeof beside,
                 "%lld evaluations, %zu price changes: %.0f ns each, %.0fx a scanned record",
                 (long long)evaluations, changes,
                 1e9 / (measured.median * (double)(evaluations + (int64_t)changes)),
                 scan_rate / (measured.median * (double)(evaluations + (int64_t)changes)));
        tell(rows[i].what, measured, beside);
    }
    free(results);
}

/* What skipping gains where the fleet's target follows the demand, for every policy: each pair
 * measured one after the other. */
static void bench_skipping(int runs)
{
    static const struct {
        const char *what;
        int64_t every_s;
    } demands[] = {{"constant", 0}, {"every hour", 3600}, {"every 5 min", 300}};
    for (size_t p = 0; policy_builtin[p]; p++) {
        const char *policy = policy_builtin[p]->name;
        for (size_t d = 0; d < ARRAY_LENGTH(demands); d++) {
            struct year year = {.policy = policy, .demand_every_s = demands[d].every_s};
            struct measured stepping = measure(simulate_years, &year, runs);
            year.skipping = true;
            struct measured skipping = measure(simulate_years, &year, runs);
            char what[96];
            char beside[96];
            snprintf(what, sizeof what, "years, skipping: %s, target %s", policy, demands[d].what);
            snprintf(beside, sizeof beside, "%.1fx stepping (%.1f a second)",
                     skipping.median / stepping.median, stepping.median);
            tell(what, skipping, beside);
        }
    }
}

/* Points that come at another age each time foretell nothing: who reads metrics is asked every
 * minute; who reads none is not, but the alarm looks at each point in its second. */
static void bench_drawn_delay(int runs)
{
    static const char *const policies[] = {"pending-capacity", "always-on-demand"};
    for (size_t p = 0; p < ARRAY_LENGTH(policies); p++) {
        struct year year = {.policy = policies[p], .skipping = true};
        struct measured fixed = measure(simulate_years, &year, runs);
        year.drawn_delay = true;
        struct measured drawn = measure(simulate_years, &year, runs);
        year.skipping = false;
        struct measured stepping = measure(simulate_years, &year, runs);
        char what[96];
        char beside[96];
        snprintf(what, sizeof what, "years, skipping: %s, metric delay drawn", policies[p]);
        snprintf(beside, sizeof beside, "%.3f of a fixed delay's (%.1f a second), %.1fx stepping",
                 drawn.median / fixed.median, fixed.median, drawn.median / stepping.median);
        tell(what, drawn, beside);
    }
}

static void bench_import(int runs, double insert_rate)
{
    const struct {
        const char *what;
        const char *name;
        void (*write)(const char *path);
    } rows[] = {
        {"records imported, JSON as the AWS CLI prints it", "prices.json", write_aws_json},
        {"records imported, TSV dump", "prices.tsv", write_tsv},
    };
    char *database = in_folder("traces.db");
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        char *file = in_folder(rows[i].name);
        rows[i].write(file);
        struct stat info = {0};
        stat(file, &info);
        struct import_job job = {.file = file, .database = database};
        struct measured measured = measure(import_records, &job, runs);
        char beside[160];
        snprintf(beside, sizeof beside, "%d records, %.0f MB: %.2f of the inserts", IMPORT_RECORDS,
                 (double)info.st_size / 1e6, measured.median / insert_rate);
        tell(rows[i].what, measured, beside);
        unlink(file);
        free(file);
    }
    free(database);
}

static const char *const parts[] = {"all",    "years",  "skipping", "batches",
                                    "sweeps", "growth", "import",   "simpy"};

static int usage(const char *program)
{
    fprintf(stderr, "usage: %s [RUNS [PART [PYTHON]]]   (1 to %d runs; PART is", program,
            RUNS_AT_MOST);
    for (size_t i = 0; i < ARRAY_LENGTH(parts); i++)
        fprintf(stderr, "%s %s", i ? "," : "", parts[i]);
    fprintf(stderr, ")\n");
    return 2;
}

static bool is_part(const char *name)
{
    for (size_t i = 0; i < ARRAY_LENGTH(parts); i++) {
        if (strcmp(parts[i], name) == 0)
            return true;
    }
    return false;
}

int main(int argc, char **argv)
{
    int runs = argc > 1 ? atoi(argv[1]) : 5;
    const char *part = argc > 2 ? argv[2] : "all";
    bool all = strcmp(part, "all") == 0;
    if (argc > 4 || runs < 1 || runs > RUNS_AT_MOST || !is_part(part))
        return usage(argv[0]);
    make_folder();
    tell_machine(runs);
    struct measured scan = measure(scan_records, NULL, runs);
    tell("limit: 16-byte records of a year's tape scanned", scan, "");
    bench_queue(runs);
    struct measured insert = measure(insert_rows, folder, runs);
    tell("limit: rows of 3 columns into SQLite, no index", insert, "");
    if (all || strcmp(part, "years") == 0)
        bench_years(runs, scan.median);
    if (all || strcmp(part, "skipping") == 0) {
        bench_skipping(runs);
        bench_drawn_delay(runs);
    }
    if (all || strcmp(part, "batches") == 0)
        bench_batches(runs);
    if (all || strcmp(part, "sweeps") == 0)
        bench_sweeps(runs, folder);
    if (all || strcmp(part, "growth") == 0)
        bench_growth(runs, folder);
    if (all || strcmp(part, "import") == 0)
        bench_import(runs, insert.median);
    if (all || strcmp(part, "simpy") == 0) {
        char *world = in_folder("world.json");
        bench_simpy(runs, argc > 3 ? argv[3] : NULL, world);
        free(world);
    }
    return 0;
}
