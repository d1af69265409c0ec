/* Keys of `account` that say how launches of the backup fail; all of them are written to the
 * resolved scenario once one is given. */
#include "scenario/fields.h"
#include "scenario/parts.h"
#include "scenario/writer.h"

#include <stddef.h>

#define TERM(member) offsetof(struct launch_failures, member)

enum { RETRY_MAX_S = 86400 };

const struct field launch_failure_fields[] = {
    {"on_demand_failure_permille", FIELD_INTEGER, TERM(permille), 0, 0, 1000, NULL},
    {"launch_failure_s", FIELD_INTEGER, TERM(failure_s), 5, 0, 3600, NULL},
    {"launch_retry_s", FIELD_INTEGER, TERM(retry_s), 60, 1, RETRY_MAX_S, NULL},
    {"launch_retry_max_s", FIELD_INTEGER, TERM(retry_max_s), 900, 1, RETRY_MAX_S, NULL},
    {"failed_launch_cools", FIELD_BOOLEAN, TERM(cools), 0, 0, 0, NULL},
    {NULL, FIELD_INTEGER, 0, 0, 0, 0, NULL},
};

int read_launch_failures(struct reader *reader)
{
    struct scenario *scenario = reader->scenario;
    struct launch_failures *failures = &scenario->launch_failures;
    const cJSON *object = member(reader->root, "account");
    int status = read_given_fields(reader, launch_failure_fields, object, failures);
    if (!status && failures->retry_max_s < failures->retry_s) {
        const cJSON *given = member(object, "launch_retry_max_s");
        status = reader_fail(reader, given ? given : member(object, "launch_retry_s"),
                             "launch_retry_max_s %lld is below launch_retry_s %lld",
                             (long long)failures->retry_max_s, (long long)failures->retry_s);
    }
    if (!status && failures->permille > 0 && scenario->interruptions == INTERRUPTIONS_NONE)
        add_note(scenario, true,
                 "account.on_demand_failure_permille: with interruptions.source \"none\" nothing "
                 "is ever short, so no launch fails");
    return status;
}

void write_launch_failures(struct writer *writer)
{
    const cJSON *object = member(writer->reader->root, "account");
    for (const struct field *field = launch_failure_fields; field->key; field++) {
        if (!member(object, field->key))
            continue;
        write_fields(writer, launch_failure_fields, &writer->reader->scenario->launch_failures,
                     object, false);
        return;
    }
}
