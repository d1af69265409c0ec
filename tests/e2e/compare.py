"""What `ballast compare --json` says, found again from its worlds' figures in another way; and mirrored.

usage: compare.py CHECK FILE     every figure of the comparison in FILE
       compare.py MIRROR A B     the comparison in B is that in A with its sides exchanged
"""
import itertools
import json
import math
import sys
from fractions import Fraction


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file, parse_float=Fraction, parse_int=Fraction)


def differences(comparison, figure):
    """By world: a sum over its points."""
    group, leaf = figure["figure"].split(".")
    found = {}
    for pair in comparison["worlds"]:
        found.setdefault(pair["world"], []).append(pair)
    worlds = [pairs for pairs in found.values() if not all(pair["repeats"] for pair in pairs)]
    return [sum(pair["new"][group][leaf] - pair["old"][group][leaf] for pair in pairs) for pairs in worlds]


def p_of(d):
    """The share of all choices of signs with a sum as far out as the one seen, for both sides; zeros change nothing."""
    scale = math.lcm(*(x.denominator for x in d))
    d = [int(x * scale) for x in d if x]
    sums = [sum(sign * x for sign, x in zip(signs, d)) for signs in itertools.product((1, -1), repeat=len(d))]
    fewer = min(sum(s >= sum(d) for s in sums), sum(s <= sum(d) for s in sums))
    return min(Fraction(1), Fraction(2 * fewer, len(sums)))


def refused(d, centre):
    return p_of([x - centre for x in d]) <= Fraction(1, 20)


def near(a, b):
    return abs(a - b) <= Fraction(1, 10**6)


def check(path):
    comparison = load(path)
    for figure in comparison["figures"]:
        name, d = figure["figure"], differences(comparison, figure)
        assert figure["n"] == len(d) == comparison["counted"], name
        assert near(figure["difference"], Fraction(sum(d), len(d))), name
        assert near(figure["new"] - figure["old"], figure["difference"]) or len(d) > 1, name
        assert (figure["lower"], figure["higher"], figure["same"]) == (
            sum(x < 0 for x in d), sum(x > 0 for x in d), sum(x == 0 for x in d)), name
        if len(d) < 6:
            assert figure["p"] is None and figure["interval"] is None and not figure["significant"], name
            continue
        p, (low, high) = p_of(d), figure["interval"]
        assert near(figure["p"], p) and figure["significant"] == (p <= Fraction(1, 20)), (name, figure["p"], p)
        assert figure["significant"] == (low > 0 or high < 0), name
        step = Fraction(1, 10**5)
        assert refused(d, low - step) and refused(d, high + step), name
        assert not refused(d, low + step) or low + step > high, name
        assert not figure["holm"] or figure["significant"], name
    print(f"{path}: {len(comparison['figures'])} figures found again")


def mirror(path_a, path_b):
    a, b = load(path_a), load(path_b)
    assert a["old"]["policy"] == b["new"]["policy"] and a["new"]["policy"] == b["old"]["policy"]
    assert a["shortage_episodes"]["old"] == b["shortage_episodes"]["new"]
    assert a["shortage_episodes"]["independent"] == b["shortage_episodes"]["independent"]
    for x, y in zip(a["figures"], b["figures"], strict=True):
        assert x["figure"] == y["figure"] and x["n"] == y["n"]
        assert (x["old"], x["new"], x["difference"]) == (y["new"], y["old"], -y["difference"]), x["figure"]
        assert (x["p"], x["significant"], x["holm"]) == (y["p"], y["significant"], y["holm"]), x["figure"]
        assert x["interval"] == [-end for end in reversed(y["interval"])], x["figure"]


if __name__ == "__main__":
    {"CHECK": check, "MIRROR": mirror}[sys.argv[1]](*sys.argv[2:])
