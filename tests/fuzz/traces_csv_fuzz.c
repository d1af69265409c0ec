/* Price tables: with a header, or, after a zero byte, with columns named by the first line. */
#include "traces_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    if (count == 0 || bytes[0] != 0) {
        fuzz_reader(bytes, count, KIND_PRICES_CSV, NULL);
        return 0;
    }
    const uint8_t *end = memchr(bytes + 1, 0x0a, count - 1);
    size_t length = end ? (size_t)(end - bytes) - 1 : count - 1;
    char *columns = strndup((const char *)bytes + 1, length);
    if (columns)
        fuzz_reader(bytes + 1 + length, count - 1 - length, KIND_PRICES_CSV, columns);
    free(columns);
    return 0;
}
