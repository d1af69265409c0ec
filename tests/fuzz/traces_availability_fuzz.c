/* Series of availability and of preemptions. */
#include "traces_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    fuzz_reader(bytes, count, KIND_AVAILABILITY, NULL);
    return 0;
}
