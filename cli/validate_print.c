/* What ballast live validate says to people. */
#include "base/timestamp.h"
#include "show.h"
#include "validate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_WIDTH = 30, COLUMN_WIDTH = 16, SOURCE_WIDTH = 22 };

/* FINE as USD of four decimals: hours of one instance are cents. */
static char *show_fine(int128 fine, bool sign, char out[SHOW_SIZE])
{
    int128 parts = divide_half_even(fine, HINDCAST_FINE_PER_MICRO_USD * 100);
    bool negative = parts < 0;
    char whole[SHOW_SIZE];
    if (negative)
        parts = -parts;
    show_count(parts / 10000, whole);
    snprintf(out, SHOW_SIZE, "%s%.40s.%04d",
             negative        ? "-"
             : sign && parts ? "+"
                             : "",
             whole, (int)(parts % 10000));
    return out;
}

static char *show_value(enum hindcast_unit unit, int128 value, char out[SHOW_SIZE])
{
    switch (unit) {
    case HINDCAST_FINE:
        return show_fine(value, false, out);
    case HINDCAST_UNIT_S:
        return show_unit_hours(value, out);
    case HINDCAST_INSTANCE_S:
        return show_unit_hours(value * MICRO, out);
    case HINDCAST_COUNT:
        break;
    }
    return show_count(value, out);
}

static char *show_error(const struct hindcast_value *value, char out[SHOW_SIZE])
{
    int64_t ppm = hindcast_error_ppm(value);
    if (ppm == INT64_MAX)
        snprintf(out, SHOW_SIZE, "from nothing");
    else
        show_percent(ppm, MICRO, out);
    return out;
}

static void print_table(const struct validation *validation, FILE *out)
{
    fprintf(out, "%-*s%*s%*s%*s%14s\n", NAME_WIDTH, "", COLUMN_WIDTH, "simulated", COLUMN_WIDTH,
            "actual", COLUMN_WIDTH, "error", "tolerance");
    for (int i = 0; i < HINDCAST_COMPONENTS; i++) {
        const struct hindcast_value *value = &validation->hindcast.values[i];
        const struct hindcast_component_about *about = &hindcast_components[i];
        char simulated[SHOW_SIZE];
        char actual[SHOW_SIZE] = "not known";
        char error[SHOW_SIZE] = "";
        char tolerance[SHOW_SIZE] = "";
        if (value->known) {
            show_value(about->unit, value->actual, actual);
            show_error(value, error);
            show_percent(validation->tolerance_ppm[i], MICRO, tolerance);
        }
        fprintf(out, "%-*s%*s%*s%*s%14s%s\n", NAME_WIDTH, about->words, COLUMN_WIDTH,
                show_value(about->unit, value->simulated, simulated), COLUMN_WIDTH, actual,
                COLUMN_WIDTH, error, tolerance,
                value->known && !validate_within(validation, (enum hindcast_component)i)
                    ? "  outside"
                    : "");
    }
}

static int128 size_of(const struct hindcast *hindcast, int source)
{
    int128 fine = hindcast->sources[source];
    return fine < 0 ? -fine : fine;
}

/* The largest source of a component that is not printed yet; -1: none is left. */
static int largest(const struct hindcast *hindcast, enum hindcast_component component,
                   const bool printed[HINDCAST_SOURCES])
{
    int best = -1;
    for (int i = 0; i < HINDCAST_SOURCES; i++) {
        if (!printed[i] && hindcast->sources[i] &&
            hindcast_explains(hindcast, (enum hindcast_source)i) == component &&
            (best < 0 || size_of(hindcast, i) > size_of(hindcast, best)))
            best = i;
    }
    return best;
}

/* Sources of one component, the largest first; in one line those that are no hundredth of a cent.
 */
static void print_sources(const struct hindcast *hindcast, enum hindcast_component component,
                          FILE *out)
{
    const int128 least = HINDCAST_FINE_PER_MICRO_USD * 100;
    bool printed[HINDCAST_SOURCES] = {false};
    bool small = false;
    char text[SHOW_SIZE];
    char count[SHOW_SIZE];
    int128 sum = 0;
    int128 gross = 0;
    bool any = false;
    for (int i = 0; i < HINDCAST_SOURCES; i++) {
        if (hindcast_explains(hindcast, (enum hindcast_source)i) != component)
            continue;
        any = true;
        sum += hindcast->sources[i];
        gross += size_of(hindcast, i);
    }
    if (!any)
        return;
    fprintf(out, "\nWhere the error of %s comes from%s: %s in all, %s if nothing cancelled out\n",
            hindcast_components[component].words,
            component == HINDCAST_ON_DEMAND_SERVICE ? ", in USD at the scenario's price" : "",
            show_fine(sum, true, text), show_fine(gross, false, count));
    for (int next = 0; (next = largest(hindcast, component, printed)) >= 0; printed[next] = true) {
        if (size_of(hindcast, next) < least) {
            fprintf(out, "%s%s", small ? ", " : "   under 0.0001: ", hindcast_sources[next].name);
            small = true;
            continue;
        }
        fprintf(out, "%14s  %-*s %s", show_fine(hindcast->sources[next], true, text), SOURCE_WIDTH,
                hindcast_sources[next].name, hindcast_sources[next].words);
        if (component == HINDCAST_SPOT_COST)
            fprintf(out, " (%s)", show_count(hindcast->cases[next], count));
        fputs("\n", out);
    }
    if (small)
        fputs("\n", out);
}

static void print_minutes_summary(const struct hindcast *hindcast, FILE *out)
{
    char counts[2][SHOW_SIZE];
    char means[2][SHOW_SIZE];
    char worst[TIMESTAMP_TEXT_SIZE];
    int128 minutes = hindcast->minutes_compared;
    if (minutes == 0)
        return;
    fprintf(out,
            "\nOf %s minutes %s are equal in capacity; the mean distance is %s units of spot and "
            "%s instances on demand",
            show_count(minutes, counts[0]), show_count(hindcast->minutes_equal, counts[1]),
            show_micro(divide_half_even(hindcast->spot_distance, minutes), means[0]),
            show_micro(divide_half_even(hindcast->on_demand_distance * MICRO, minutes), means[1]));
    if (hindcast->spot_distance)
        fprintf(out, ";\nspot is furthest off at %s", timestamp_format(hindcast->worst_s, worst));
    fputs(". --minutes lists them.\n", out);
}

/* Mean error of an hour, and the worst. */
static void print_hours_summary(const struct validation *validation, FILE *out)
{
    const struct hindcast *hindcast = &validation->hindcast;
    bool all = hindcast->values[HINDCAST_TOTAL_COST].known;
    int128 billed = 0;
    int128 distances = 0;
    int128 most = 0;
    size_t worst = 0;
    char texts[4][SHOW_SIZE];
    char time[TIMESTAMP_TEXT_SIZE];
    int128 sums[2] = {0};
    for (size_t i = 0; i < hindcast->hour_count; i++) {
        const struct hindcast_hour *hour = &hindcast->hours[i];
        int128 distance = hour->spot[0] - hour->spot[1];
        if (all)
            distance += hour->on_demand[0] - hour->on_demand[1];
        distance = distance < 0 ? -distance : distance;
        distances += distance;
        billed += hour->spot[1] + (all ? hour->on_demand[1] : 0);
        if (i == 0 || distance > most) {
            most = distance;
            worst = i;
            sums[0] = hour->spot[0] + (all ? hour->on_demand[0] : 0);
            sums[1] = hour->spot[1] + (all ? hour->on_demand[1] : 0);
        }
    }
    if (hindcast->hour_count == 0)
        return;
    fprintf(out,
            "\nOf %s hour%s the cost%s is off by %s on the mean, most at %s (%s simulated, %s "
            "billed). --hours lists them.\n",
            show_count((int128)hindcast->hour_count, texts[0]),
            hindcast->hour_count == 1 ? "" : "s", all ? "" : " of spot",
            show_percent(distances / HINDCAST_FINE_PER_MICRO_USD,
                         billed / HINDCAST_FINE_PER_MICRO_USD, texts[1]),
            timestamp_format(hindcast->hours[worst].time_s, time),
            show_fine(sums[0], false, texts[2]), show_fine(sums[1], false, texts[3]));
}

static void print_assumptions(const struct validation *validation, FILE *out)
{
    const char *line = validation->notes.data;
    fputs("\nWhat this rests on\n", out);
    while (line && *line) {
        char text[1024];
        size_t length = strcspn(line, "\n");
        snprintf(text, sizeof text, "%.*s", (int)(length < 1000 ? length : 1000), line);
        show_wrapped(out, "- ", text);
        line += length + (line[length] == '\n');
    }
}

void validate_print(const struct validation *validation, FILE *out)
{
    const struct validate_recording *recording = &validation->recording;
    const struct scenario *scenario = &validation->scenario;
    char from[TIMESTAMP_TEXT_SIZE];
    char to[TIMESTAMP_TEXT_SIZE];
    char length[SHOW_SIZE];
    fprintf(out, "fleet %s, group %s, %s to %s (%s)\n\n", recording->fleet_id, recording->group,
            timestamp_format(scenario->measure_from_s, from),
            timestamp_format(scenario->measure_to_s, to),
            show_duration(scenario->measure_to_s - scenario->measure_from_s, length));
    print_table(validation, out);
    print_sources(&validation->hindcast, HINDCAST_SPOT_COST, out);
    print_sources(&validation->hindcast, HINDCAST_ON_DEMAND_COST, out);
    print_sources(&validation->hindcast, HINDCAST_ON_DEMAND_SERVICE, out);
    print_hours_summary(validation, out);
    print_minutes_summary(&validation->hindcast, out);
    print_assumptions(validation, out);
}

void validate_print_minutes(const struct validation *validation, FILE *out)
{
    const struct hindcast *hindcast = &validation->hindcast;
    fputs("time,spot_units_simulated,spot_units_actual,on_demand_simulated,on_demand_actual\n",
          out);
    for (size_t i = 0; i < hindcast->minute_count; i++) {
        const struct hindcast_minute *minute = &hindcast->minutes[i];
        char time[TIMESTAMP_TEXT_SIZE];
        char units[2][DECIMAL_TEXT_SIZE];
        fprintf(out, "%s,%s,%s,%lld,%lld\n", timestamp_format(minute->time_s, time),
                decimal_format(minute->spot_micro[0], units[0]),
                decimal_format(minute->spot_micro[1], units[1]), (long long)minute->on_demand[0],
                (long long)minute->on_demand[1]);
    }
}

/* micro-USD; empty where nothing was billed by the hour. */
static void print_pair(const int128 pair[2], bool known, FILE *out)
{
    char text[DECIMAL_TEXT_SIZE];
    fprintf(out, ",%s,",
            int128_format(divide_half_even(pair[0], HINDCAST_FINE_PER_MICRO_USD), text));
    if (known)
        fputs(int128_format(divide_half_even(pair[1], HINDCAST_FINE_PER_MICRO_USD), text), out);
}

void validate_print_hours(const struct validation *validation, FILE *out)
{
    const struct hindcast *hindcast = &validation->hindcast;
    fputs("time,spot_micro_usd_simulated,spot_micro_usd_billed,on_demand_micro_usd_simulated,"
          "on_demand_micro_usd_billed\n",
          out);
    for (size_t i = 0; i < hindcast->hour_count; i++) {
        char time[TIMESTAMP_TEXT_SIZE];
        fputs(timestamp_format(hindcast->hours[i].time_s, time), out);
        print_pair(hindcast->hours[i].spot, true, out);
        print_pair(hindcast->hours[i].on_demand, hindcast->values[HINDCAST_ON_DEMAND_COST].known,
                   out);
        fputs("\n", out);
    }
}
