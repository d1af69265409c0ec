/* Catalogues and demand series: the first byte chooses. */
#include "traces_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    if (count > 0)
        fuzz_reader(bytes + 1, count - 1, bytes[0] % 2 ? KIND_CATALOG : KIND_DEMAND, NULL);
    return 0;
}
