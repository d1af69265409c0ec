/* What is remembered from one reading of a scenario to the next. Inside scenario/ only; its maker
 * and its end are in scenario.h. */
#ifndef SCENARIO_SCENARIO_MEMORY_H
#define SCENARIO_SCENARIO_MEMORY_H

#include "scenario/demand_memory.h"
#include "scenario/file_memory.h"
#include "scenario/made_demand.h"
#include "scenario/trace_answers.h"

#include <pthread.h>
#include <sys/stat.h>

/* A trace database of which something is kept, and the file as it was before. */
struct kept_database {
    char *path;
    struct stat seen;
};

struct scenario_memory {
    struct demand_memory *demands;
    struct made_demands *made_demands;
    pthread_mutex_t using; /* of all below */
    struct trace_answers *answers;
    struct kept_database *databases;
    size_t database_count;
    size_t database_capacity;
    struct kept_file *files[KEPT_FILES_MAX];
    size_t file_count;
    size_t bytes; /* of text in them */
};

/* Before something of the database is kept; the lock is held. */
void scenario_memory_watch(struct scenario_memory *memory, const char *path);

#endif
