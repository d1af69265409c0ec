/* Histories of one record a line: the first byte, modulo 3, chooses the form. */
#include "traces_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    static const enum trace_kind kinds[] = {KIND_PRICES_TEXT, KIND_PRICES_LEGACY, KIND_PRICES_TSV};
    if (count > 0)
        fuzz_reader(bytes + 1, count - 1, kinds[bytes[0] % 3], NULL);
    return 0;
}
