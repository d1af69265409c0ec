/* Billing files: reports and the data feed, told apart by their first bytes. */
#include "traces_fuzz.h"

#include "traces/charges.h"

static int take(const struct charge *charge, int64_t line, void *context)
{
    (void)context;
    must(line >= 1 && charge->start_s >= 0 && charge->end_s >= charge->start_s);
    must(charge->used >= 0 && charge->rate >= CHARGE_NO_RATE);
    must(strncmp(charge->instance, "i-", 2) == 0 &&
         strnlen(charge->instance, CHARGE_INSTANCE_SIZE) < CHARGE_INSTANCE_SIZE);
    must_be_name(charge->instance_type, false);
    must(strnlen(charge->group, NAME_LIMIT) < NAME_LIMIT &&
         strnlen(charge->fleet, NAME_LIMIT) < NAME_LIMIT);
    return STATUS_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct charges_file file;
    struct error err = {0};
    int status = charges_read_bytes("fuzz", bytes, count, take, NULL, &file, &err);
    must(status == STATUS_OK || (status == STATUS_BAD_INPUT && err.text[0]));
    must(status == STATUS_OK || !strchr(err.text, '\n'));
    must(status || (file.taken >= 0 && file.taken + file.other <= file.lines));
    return 0;
}
