/* Whole files: unpacked, told apart, read. */
#include "traces_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    fuzz_reader(bytes, count, KIND_UNKNOWN, NULL);
    return 0;
}
