/* Inside record/ only: what recorded.c, which reads rows, recorded_settings.c, which reads what
 * they were made with, and recorded_cloud.c, which answers from them, share. */
#ifndef RECORD_RECORDED_ROWS_H
#define RECORD_RECORDED_ROWS_H

#include "record/recorded.h"
#include "record/series.h"

#include <sqlite3.h>

struct recorded {
    struct results *results;
    char *account; /* in words */
    struct recorded_settings *settings;
    size_t settings_count;
    size_t settings_capacity;
    sqlite3_stmt *evaluations;
    sqlite3_stmt *reads;
    struct recorded_evaluation row; /* the evaluation read last */
    struct series *series;          /* of all evaluations so far */
    size_t series_count;
    size_t series_capacity;
    int64_t unanswered;
};

/* All settings of the account that is chosen, with their policies; more than one account is an
 * error. Also after one they are to be cleaned up. */
int recorded_read_settings(struct recorded *recorded, const struct recorded_choice *choice,
                           struct error *err);
void recorded_settings_clean_up(struct recorded *recorded);

/* Take what the evaluation read last has seen into the series. */
void recorded_remember(struct recorded *recorded);

/* A column of capacity in millionths; 0 if it is none. */
int64_t row_micro(sqlite3_stmt *statement, int column);

#endif
