/* What a run says to people, and to machines. */
#ifndef CLI_SUMMARY_H
#define CLI_SUMMARY_H

#include "session.h"

#include <stdio.h>

/* The assumptions that carry the result, one line each, ready to print. */
void summary_assumptions(const struct session *session, struct text *out_lines);

/* The assumptions, under a heading, wrapped. */
void summary_print_assumptions(const struct session *session, FILE *out);

/* The table people read: assumptions and warnings above, then cost, capacity, events. */
void summary_print(const struct session *session, const char *db, FILE *out);

/* The object that --json prints. */
void summary_json(const struct session *session, struct text *out_text);

#endif
