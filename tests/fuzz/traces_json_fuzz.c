/* The scanner of describe-spot-price-history output. */
#include "traces_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    fuzz_reader(bytes, count, KIND_PRICES_JSON, NULL);
    return 0;
}
