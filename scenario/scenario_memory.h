/* What is remembered from one reading of a scenario to the next. Inside scenario/ only; its maker
 * and its end are in scenario.h. */
#ifndef SCENARIO_SCENARIO_MEMORY_H
#define SCENARIO_SCENARIO_MEMORY_H

#include "scenario/demand_memory.h"
#include "scenario/file_memory.h"

#include <pthread.h>

struct scenario_memory {
    struct demand_memory *demands;
    pthread_mutex_t using; /* of all below */
    struct kept_file *files[KEPT_FILES_MAX];
    size_t file_count;
    size_t bytes; /* of text in them */
};

#endif
