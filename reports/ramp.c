#include "ramp.h"

#include "base/memory.h"

enum { PARTS = 1000000, STOPS = 5, BRIGHT = 140 };

static const uint8_t stops[STOPS][3] = {
    {68, 1, 84}, {59, 82, 139}, {33, 145, 140}, {94, 201, 98}, {253, 231, 37}};

struct ramp ramp_of(const int128 *values, size_t count)
{
    struct ramp ramp = {.least = values[0], .most = values[count - 1]};
    ramp.root = values[count / 2] - ramp.least < (ramp.most - ramp.least) / 10;
    return ramp;
}

/* The largest whole number whose square is at most `square`. */
static int64_t root_of(int64_t square)
{
    int64_t root = 0;
    for (int64_t bit = (int64_t)1 << 30; bit > 0; bit >>= 1) {
        if ((root + bit) * (root + bit) <= square)
            root += bit;
    }
    return root;
}

/* 0 to PARTS. */
static int64_t place(const struct ramp *ramp, int128 value)
{
    if (ramp->most <= ramp->least)
        return 0;
    int128 above = value - ramp->least;
    int128 all = ramp->most - ramp->least;
    if (!ramp->root)
        return (int64_t)(above * PARTS / all);
    return root_of((int64_t)(above * PARTS / all) * PARTS);
}

static int64_t channel(const struct ramp *ramp, int128 value, size_t which)
{
    int64_t at = place(ramp, value) * (STOPS - 1);
    int64_t stop = at / PARTS < STOPS - 1 ? at / PARTS : STOPS - 2;
    int64_t part = at - stop * PARTS;
    int64_t from = stops[stop][which];
    return from + (stops[stop + 1][which] - from) * part / PARTS;
}

uint32_t ramp_colour(const struct ramp *ramp, int128 value)
{
    uint32_t colour = 0;
    for (size_t i = 0; i < 3; i++)
        colour = colour << 8 | (uint32_t)channel(ramp, value, i);
    return colour;
}

uint32_t ramp_ink(const struct ramp *ramp, int128 value)
{
    int64_t light = (channel(ramp, value, 0) * 299 + channel(ramp, value, 1) * 587 +
                     channel(ramp, value, 2) * 114) /
                    1000;
    return light > BRIGHT ? 0x111111 : 0xFFFFFF;
}

int128 ramp_value(const struct ramp *ramp, int quarters)
{
    int128 all = ramp->most - ramp->least;
    return ramp->least + (ramp->root ? all * quarters * quarters / 16 : all * quarters / 4);
}
