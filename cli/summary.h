/* What a run says to people, and to machines. */
#ifndef CLI_SUMMARY_H
#define CLI_SUMMARY_H

#include "session.h"

#include <stdio.h>

/* summary_assumptions.c: the assumptions that carry the result, one line each, ready to print. */
void summary_assumptions(const struct session *session, struct text *out_lines);

/* The assumptions, under a heading, wrapped. */
void summary_print_assumptions(const struct session *session, FILE *out);

/* Name, policy and measured window; then the scenario's warnings and notes, with a line after them.
 */
void summary_print_title(const struct session *session, FILE *out);
void summary_print_notes(const struct session *session, FILE *out);

/* The table people read: assumptions and warnings above, then cost, capacity, events. */
void summary_print(const struct session *session, const char *db, FILE *out);

/* The member "run" of what --json prints: what was run. session_run has been called, or
 * session_name. */
void summary_add_run(const struct session *session, struct text *out_text);

/* The object that --json prints. */
void summary_json(const struct session *session, struct text *out_text);

#endif
