/* Logs of instances: the first byte chooses the form. */
#include "traces_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    if (count > 0)
        fuzz_reader(bytes + 1, count - 1, (enum trace_kind)(KIND_EVENTS + bytes[0] % 3), NULL);
    return 0;
}
