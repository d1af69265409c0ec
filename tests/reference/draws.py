"""Luck, as docs/model.md (Draws) has it: PCG64 seeded by a key, and what is made of its outputs."""

from dataclasses import dataclass, field

WORD = (1 << 64) - 1
WIDE = (1 << 128) - 1
GOLDEN = 0x9E3779B97F4A7C15
SALTS = (0x243F6A8885A308D3, 0x13198A2E03707344, 0xA4093822299F31D0, 0x082EFA98EC4E6C89)
MULTIPLIER = (2549297995355413924 << 64) | 4865540595714422341
LN2_Q32 = 2977044471

# What a draw is for.
SPOT_LAUNCH, SPOT_JOIN, ON_DEMAND_LAUNCH, ON_DEMAND_JOIN, METRIC, JITTER, METRIC_GAP = range(1, 8)
FAULT, DURATION = 9, 18
INTERRUPTION_SHARE = 8
REBALANCE, REBALANCE_LEAD = 10, 11
TASK_START, TASK_REGISTRATION, PLACEMENT = 12, 13, 14
SHORTAGE, LAUNCH_FAILURE, NOTICE_LOST = 15, 16, 17


def mix(x):
    x ^= x >> 30
    x = x * 0xBF58476D1CE4E5B9 & WORD
    x ^= x >> 27
    x = x * 0x94D049BB133111EB & WORD
    return x ^ x >> 31


def minus_ln(u):
    """The negative logarithm of u / 2^64, times 2^32."""
    zeros = 64 - u.bit_length()
    x = u << zeros
    digits = 0
    for _ in range(32):
        square = x * x
        digit = square >> 127
        digits = 2 * digits + digit
        x = square >> (64 if digit else 63)
    minus_log2 = (zeros + 1 << 32) - digits
    return minus_log2 * LN2_Q32 >> 32


class Generator:
    """PCG64, XSL-RR 128/64."""

    def __init__(self, *key):
        lanes = []
        for salt in SALTS:
            h = salt + len(key) & WORD
            for word in key:
                h = mix(h + (word & WORD) * GOLDEN + salt & WORD) + 2 * h & WORD
            lanes.append(mix(h))
        self.start(lanes[0] << 64 | lanes[1], lanes[2] << 64 | lanes[3])

    def start(self, state, stream):
        self.increment = (stream << 1 | 1) & WIDE
        self.state = 0
        self.step()
        self.state = self.state + state & WIDE
        self.step()

    def step(self):
        self.state = self.state * MULTIPLIER + self.increment & WIDE

    def output(self):
        self.step()
        folded = self.state >> 64 ^ self.state & WORD
        turn = self.state >> 122
        return (folded >> turn | folded << 64 - turn) & WORD

    def below(self, bound):
        product = self.output() * bound
        while product & WORD < (1 << 64) % bound:
            product = self.output() * bound
        return product >> 64

    def exponential(self, mean):
        return mean * minus_ln(self.output() | 1) >> 32


def word(name):
    """A name as a word of a key: FNV-1a."""
    h = 0xCBF29CE484222325
    for byte in name.encode():
        h = (h ^ byte) * 0x100000001B3 & WORD
    return h


def market_word(zone, instance_type):
    return Generator(word(instance_type), word(zone)).output()


def chance(permille, *key):
    return permille > 0 and Generator(*key).below(1000) < permille


@dataclass
class Delay:
    kind: str
    low: int
    high: int = 0  # uniform: the most; exponential: the mean
    values: list = field(default_factory=list)

    def draw(self, *key):
        if self.kind == "constant":
            return self.low
        generator = Generator(*key)
        if self.kind == "uniform":
            return self.low + generator.below(self.high - self.low + 1)
        if self.kind == "exponential":
            return self.low + generator.exponential(self.high - self.low)
        return self.values[generator.below(len(self.values))]


def read_delay(value):
    if not isinstance(value, dict):
        return Delay("constant", int(value))
    kind = value["distribution"]
    if kind == "constant":
        return Delay(kind, int(value["value_s"]))
    if kind == "uniform":
        return Delay(kind, int(value["min_s"]), int(value["max_s"]))
    if kind == "exponential":
        return Delay(kind, int(value["min_s"]), int(value["mean_s"]))
    return Delay(kind, 0, values=[int(one) for one in value["values_s"]])


def in_order_drawn(points, seed, now, metric_number):
    """What GetMetricStatistics makes of points given newest last."""
    if len(points) < 2:
        return points
    luck = mix(seed + now * GOLDEN + metric_number * 0xD1B54A32D192ED03 & WORD)
    place = luck * len(points) >> 64
    newest_first = points[::-1]
    step = -1 if luck % 2 else 1
    return [newest_first[(place + step * turn) % len(points)] for turn in range(len(points))]
