"""Interruption records made from the bands of the Spot Instance Advisor."""

import draws

MONTH_S = 30 * 86400
LOWEST = {"<5%": 0, "5-10%": 50, "10-15%": 100, "15-20%": 150, ">20%": 200}
HIGHEST = {"<5%": 50, "5-10%": 100, "10-15%": 150, "15-20%": 200}


def share(terms, band):
    """Of a type's instances, how many in a thousand are interrupted within a month."""
    low = LOWEST[band]
    high = HIGHEST.get(band, int(terms.get("open_band_permille", 300)))
    return {"low": low, "high": high, "middle": (low + high) // 2}[terms.get("frequency", "middle")]


def records(terms, places, seed, start, end):
    """[(second, zone, type, instances, of)] of all places [(zone, type)] whose band is known."""
    found = []
    bunch = int(terms.get("bunch_permille", 500))
    span = int(terms.get("bunch_span_s", 180))
    for zone, instance_type in dict.fromkeys(places):
        if instance_type not in terms.get("bands", {}):
            continue
        hit = share(terms, terms["bands"][instance_type])
        if hit == 0:
            continue
        mean = (MONTH_S * bunch << 32) // 1000 // draws.minus_ln((1000 - hit << 64) // 1000)
        market = draws.market_word(zone, instance_type)
        luck = draws.Generator(seed, draws.word("advisor"), market)
        now = start
        while True:
            now += 1 + luck.exponential(mean)
            if now >= end:
                break
            moments = sorted(now + luck.below(span + 1) for _ in range(3))
            for place, moment in enumerate(moments):
                if moment < end:
                    found.append((moment, zone, instance_type, bunch, 3000 - place * bunch))
    return found
