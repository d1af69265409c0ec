/* Instance types and Spot Advisor data: the first byte chooses. */
#include "traces_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    if (count > 0)
        fuzz_reader(bytes + 1, count - 1, bytes[0] % 2 ? KIND_ADVISOR : KIND_TYPES, NULL);
    return 0;
}
