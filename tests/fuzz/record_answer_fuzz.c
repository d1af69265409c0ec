/* Answers as a recording keeps them: what can be read is written again as it was understood. */
#include "record/answer.h"

#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static struct ballast_answer answer_of(const struct stored_answer *stored)
{
    return (struct ballast_answer){.points = stored->points,
                                   .point_count = stored->point_count,
                                   .fleet = &stored->fleet,
                                   .cluster = &stored->cluster,
                                   .spot_prices = stored->prices,
                                   .spot_price_count = stored->price_count};
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    if (count == 0)
        return 0;
    const enum ballast_read_kind kind =
        (enum ballast_read_kind)(BALLAST_READ_METRIC + bytes[0] % 4);
    char *text = memory_copy_bytes((const char *)bytes + 1, count - 1);
    struct stored_answer first = {0};
    struct stored_answer second = {0};
    struct text once = {0};
    struct text twice = {0};
    struct error err = {0};
    if (answer_read(&first, kind, "fuzz", text, &err) == STATUS_OK) {
        const struct ballast_answer answer = answer_of(&first);
        answer_write(&once, kind, &answer);
        if (answer_read(&second, kind, "again", once.data, &err))
            abort();
        const struct ballast_answer again = answer_of(&second);
        answer_write(&twice, kind, &again);
        /* Bytes that are not UTF-8 are replaced, written in one way first and in another later. */
        if (!strstr(once.data, "\\ufffd") && strcmp(once.data, twice.data) != 0)
            abort();
    } else if (!err.text[0]) {
        abort();
    }
    answer_clean_up(&first);
    answer_clean_up(&second);
    text_clean_up(&once);
    text_clean_up(&twice);
    free(text);
    return 0;
}
