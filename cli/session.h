/* One run as commands make it: read a scenario, load its traces, simulate, perhaps record. */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include "options.h"
#include "record/database.h"
#include "scenario/scenario.h"
#include "sim/sim.h"

/* What the user said beside the scenario file. */
struct session_options {
    const char *policy;            /* --policy, or NULL */
    const struct option_list *set; /* --set PATH=VALUE */
    bool no_interruptions;
    bool stepping;                       /* make every evaluation (sim/sim.h) */
    bool bounds;                         /* compute the bounds too (study/bound.h) */
    struct bounds_memory *bounds_memory; /* shared with other sessions; NULL: none */
};

struct session {
    struct scenario scenario;
    struct trace_set traces;
    struct figures figures;
    bool stepping; /* as it was asked for */
    bool bounds;
    struct bounds_memory *bounds_memory;
    const char *unbounded[2]; /* why lower_bound and full_service_bound are unknown, or NULL */
    struct session_schedule { /* what could have been bought, for these two */
        bool known;
        int128 cost_micro_usd;
        const char *reason; /* why none is known, though the bound is; or NULL */
    } schedules[2];
    char *folder;      /* absolute: what the scenario's relative paths start from */
    struct text notes; /* the scenario's, as a JSON array */
    char key[HASH_TEXT_SIZE];
    int64_t run;             /* number in the database, 0 if it was not recorded */
    bool known;              /* it was recorded before */
    struct error difference; /* it was, by another build, with other figures: those stay */
};

/* Read and load; nothing is simulated yet. On error nothing needs cleaning up. */
int session_open(struct session *out_session, const char *path,
                 const struct session_options *options, struct error *err);
/* The same from text, for the demo and for explain. */
int session_open_text(struct session *out_session, const char *name, const char *folder,
                      const char *text, const struct session_options *options, struct error *err);
/* Find the run's key; session_run does it too. */
void session_name(struct session *session);
/* Simulate `scenario` over `traces`, the session's own or others, as the session was asked to. */
int session_simulate(const struct session *session, const struct scenario *scenario,
                     const struct trace_set *traces, const struct record_sink *sink,
                     struct figures *out_figures, struct error *err);
/* Simulate; record into the database at `db` unless that is NULL. */
int session_run(struct session *session, const char *db, struct error *err);
/* Say on stderr what session_run found odd. */
void session_warn(const char *command, const struct session *session);
void session_close(struct session *session);

/* What identifies the run. */
struct run_identity session_identity(const struct session *session);

const char *session_interruptions(const struct scenario *scenario);

#endif
