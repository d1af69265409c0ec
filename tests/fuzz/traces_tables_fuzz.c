/* Catalogues, demand series and lifetimes: the first byte chooses. */
#include "traces_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    static const enum trace_kind kinds[] = {KIND_LIFETIMES, KIND_CATALOG, KIND_DEMAND};
    if (count > 0)
        fuzz_reader(bytes + 1, count - 1, kinds[bytes[0] % 3], NULL);
    return 0;
}
