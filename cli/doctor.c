#include "doctor.h"

#include "base/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void doctor_add(struct doctor *doctor, const char *step, enum doctor_verdict verdict,
                const char *remedy, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    const struct doctor_line line = {step, verdict, memory_copy_text(text), remedy};
    ARRAY_PUSH(doctor->lines, doctor->line_count, doctor->line_capacity, line);
}

void doctor_called(struct doctor *doctor, const char *step, const char *action, bool needed,
                   const struct aws_error *error, const struct error *err)
{
    bool denied = error && aws_error_denied(error);
    if (needed && !denied)
        doctor->allowed++;
    if (!error)
        return;
    if (denied && needed) {
        doctor->denied++;
        doctor_add(doctor, step, DOCTOR_FINDING,
                   "allow it to the identity above (docs/live.md, \"What it asks of IAM\")",
                   "%s is denied, and the controller needs it", action);
    } else if (denied) {
        doctor_add(doctor, step, DOCTOR_NOT_LOOKED,
                   "allow it, for this look only: the controller itself does not call it",
                   "%s is denied", action);
    } else {
        doctor_add(doctor, step, DOCTOR_NOT_LOOKED,
                   "try again; if it stays, see whether network, region and endpoint are right",
                   "could not look: %s", err->text);
    }
}

size_t doctor_count(const struct doctor *doctor, enum doctor_verdict verdict)
{
    size_t count = 0;
    for (size_t i = 0; i < doctor->line_count; i++)
        count += doctor->lines[i].verdict == verdict;
    return count;
}

bool doctor_reads(const struct doctor *doctor, enum ballast_read_kind kind)
{
    const struct ballast_policy *policy = doctor->policy->policy;
    for (size_t i = 0; i < policy->read_count; i++) {
        if (policy->reads[i].kind == kind)
            return true;
    }
    return false;
}

void doctor_examine(struct doctor *doctor)
{
    if (!doctor_credentials(doctor))
        return;
    doctor_clock(doctor);
    doctor_fleet(doctor);
    doctor_group(doctor);
    doctor_cooldown(doctor);
    doctor_apart(doctor);
    doctor_metrics(doctor);
    doctor_launches(doctor);
    doctor_permissions(doctor);
}

void doctor_clean_up(struct doctor *doctor)
{
    for (size_t i = 0; i < doctor->line_count; i++)
        free(doctor->lines[i].what);
    free(doctor->lines);
    aws_spot_fleet_clean_up(&doctor->fleet);
    aws_spot_fleet_clean_up(&doctor->pools);
    free(doctor->launch.user_data);
}
