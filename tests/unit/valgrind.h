/* Whether a test runs under valgrind, where everything takes twenty to fifty times as long. Bulk
 * that takes no other path than a little of it may be cut there: it is run whole plainly and under
 * the sanitizers. */
#ifndef TESTS_VALGRIND_H
#define TESTS_VALGRIND_H

#include <stdbool.h>
#include <stdlib.h>

static inline bool under_valgrind(void)
{
    return getenv("BALLAST_VALGRIND") != NULL; /* set by tests/CMakeLists.txt */
}

#endif
