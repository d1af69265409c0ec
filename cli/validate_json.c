/* What ballast live validate says to machines. */
#include "base/timestamp.h"
#include "validate.h"

#include <string.h>

/* Costs in micro-USD, capacity in unit-seconds, service in instance-seconds. */
static void add_value(struct text *text, enum hindcast_unit unit, int128 value)
{
    char number[DECIMAL_TEXT_SIZE];
    if (unit == HINDCAST_FINE)
        int128_format(divide_half_even(value, HINDCAST_FINE_PER_MICRO_USD), number);
    else if (unit == HINDCAST_UNIT_S)
        decimal_format(value, number);
    else
        int128_format(value, number);
    text_add(text, number);
}

static const char *const unit_names[] = {[HINDCAST_FINE] = "micro_usd",
                                         [HINDCAST_UNIT_S] = "unit_s",
                                         [HINDCAST_INSTANCE_S] = "instance_s",
                                         [HINDCAST_COUNT] = "instances"};

static void add_components(const struct validation *validation, struct text *text)
{
    text_add(text, ",\"components\":[");
    for (int i = 0; i < HINDCAST_COMPONENTS; i++) {
        const struct hindcast_value *value = &validation->hindcast.values[i];
        const struct hindcast_component_about *about = &hindcast_components[i];
        int64_t ppm = hindcast_error_ppm(value);
        text_addf(text, "%s{\"name\":\"%s\",\"unit\":\"%s\",\"simulated\":", i ? "," : "",
                  about->name, unit_names[about->unit]);
        add_value(text, about->unit, value->simulated);
        if (!value->known) {
            text_add(text, ",\"actual\":null,\"error_ppm\":null,\"within\":null}");
            continue;
        }
        text_add(text, ",\"actual\":");
        add_value(text, about->unit, value->actual);
        if (ppm == INT64_MAX)
            text_add(text, ",\"error_ppm\":null");
        else
            text_addf(text, ",\"error_ppm\":%lld", (long long)ppm);
        text_addf(text, ",\"tolerance_ppm\":%lld,\"within\":%s}",
                  (long long)validation->tolerance_ppm[i],
                  validate_within(validation, (enum hindcast_component)i) ? "true" : "false");
    }
    text_add(text, "]");
}

static void add_sources(const struct hindcast *hindcast, struct text *text)
{
    bool any = false;
    text_add(text, ",\"sources\":[");
    for (int i = 0; i < HINDCAST_SOURCES; i++) {
        const struct hindcast_source_about *about = &hindcast_sources[i];
        enum hindcast_component component = hindcast_explains(hindcast, (enum hindcast_source)i);
        if (component == HINDCAST_COMPONENTS)
            continue;
        text_addf(text, "%s{\"component\":\"%s\",\"name\":\"%s\",\"micro_usd\":", any ? "," : "",
                  hindcast_components[component].name, about->name);
        add_value(text, HINDCAST_FINE, hindcast->sources[i]);
        text_addf(text, ",\"cases\":%lld}", (long long)hindcast->cases[i]);
        any = true;
    }
    text_add(text, "]");
}

static void add_minutes(const struct hindcast *hindcast, struct text *text)
{
    char number[DECIMAL_TEXT_SIZE];
    text_addf(text, ",\"minutes\":{\"compared\":%lld,\"equal\":%lld,\"spot_distance_units\":",
              (long long)hindcast->minutes_compared, (long long)hindcast->minutes_equal);
    text_addf(text, "%s,\"on_demand_distance\":", decimal_format(hindcast->spot_distance, number));
    text_addf(text, "%s}", int128_format(hindcast->on_demand_distance, number));
}

static void add_notes(const char *line, struct text *text)
{
    text_add(text, ",\"notes\":[");
    for (bool any = false; line && *line; any = true) {
        char note[1024];
        size_t length = strcspn(line, "\n");
        size_t kept = length < sizeof note ? length : sizeof note - 1;
        memcpy(note, line, kept);
        note[kept] = '\0';
        text_add(text, any ? "," : "");
        text_add_json_string(text, note);
        line += length + (line[length] == '\n');
    }
    text_add(text, "]");
}

void validate_json(const struct validation *validation, struct text *out_text)
{
    const struct scenario *scenario = &validation->scenario;
    char from[TIMESTAMP_TEXT_SIZE];
    char to[TIMESTAMP_TEXT_SIZE];
    bool within = true;
    for (int i = 0; i < HINDCAST_COMPONENTS; i++)
        within = within && (!validation->hindcast.values[i].known ||
                            validate_within(validation, (enum hindcast_component)i));
    text_add(out_text, "{\"fleet\":");
    text_add_json_string(out_text, validation->recording.fleet_id);
    text_add(out_text, ",\"group\":");
    text_add_json_string(out_text, validation->recording.group);
    text_add(out_text, ",\"policy\":");
    text_add_json_string(out_text, scenario->policy.name);
    text_addf(out_text, ",\"from\":\"%s\",\"to\":\"%s\",\"within\":%s",
              timestamp_format(scenario->measure_from_s, from),
              timestamp_format(scenario->measure_to_s, to), within ? "true" : "false");
    add_components(validation, out_text);
    add_sources(&validation->hindcast, out_text);
    add_minutes(&validation->hindcast, out_text);
    add_notes(validation->notes.data, out_text);
    text_add(out_text, "}\n");
}
