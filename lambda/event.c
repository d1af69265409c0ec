#include "lambda/event.h"

#include "base/json.h"

#include <stdio.h>
#include <string.h>

static const cJSON *member(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

static bool is(const cJSON *node, const char *text)
{
    return cJSON_IsString(node) && strcmp(node->valuestring, text) == 0;
}

static int take_fleet(struct lambda_event *event, const cJSON *name, struct error *err)
{
    if (!cJSON_IsString(name) || name->valuestring[0] == '\0' ||
        strlen(name->valuestring) >= sizeof event->fleet_id)
        return error_set(err, STATUS_BAD_INPUT, "the event's fleet is not the name of one");
    snprintf(event->fleet_id, sizeof event->fleet_id, "%s", name->valuestring);
    return STATUS_OK;
}

/* An alarm, as CloudWatch puts it into the message of its topic. */
static int read_alarm(struct lambda_event *event, const char *message, struct error *err)
{
    struct json_document document;
    int status = json_parse(&document, "the alarm's message", message, strlen(message), err);
    if (status)
        return status;
    const cJSON *dimension = NULL;
    cJSON_ArrayForEach(dimension, member(member(document.root, "Trigger"), "Dimensions"))
    {
        if (is(member(dimension, "name"), "FleetRequestId"))
            break;
    }
    if (dimension)
        status = take_fleet(event, member(dimension, "value"), err);
    else
        status =
            error_set(err, STATUS_BAD_INPUT,
                      "the alarm's message names no FleetRequestId: is it an alarm on a metric "
                      "of the fleet?");
    json_clean_up(&document);
    return status;
}

int lambda_event_read(struct lambda_event *out_event, const char *text, size_t size,
                      struct error *err)
{
    struct json_document document;
    *out_event = (struct lambda_event){.trigger = BALLAST_SCHEDULE};
    int status = json_parse(&document, "the event", text, size, err);
    if (status)
        return status;
    const cJSON *fleet = member(document.root, "fleetID");
    const cJSON *source = member(document.root, "source");
    const cJSON *record = cJSON_GetArrayItem(member(document.root, "Records"), 0);
    const cJSON *message = member(member(record, "Sns"), "Message");
    if (fleet) {
        status = take_fleet(out_event, fleet, err);
    } else if (cJSON_IsString(message)) {
        out_event->trigger = BALLAST_ALARM;
        status = read_alarm(out_event, message->valuestring, err);
    } else if (!is(source, "aws.events") && !is(source, "aws.scheduler")) {
        status = error_set(err, STATUS_BAD_INPUT,
                           "the event is neither a schedule's {\"fleetID\": …} nor an alarm's "
                           "notification");
    }
    json_clean_up(&document);
    return status;
}
