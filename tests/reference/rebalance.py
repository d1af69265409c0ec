"""Rebalance recommendations and what the fleet does about them, as docs/model.md has both."""

from dataclasses import dataclass, field

import draws

SINCE = 1604534400  # 2020-11-05T00:00:00Z


@dataclass
class Recommendation:
    """One interruption that is announced."""

    time: int
    due: int
    of_limit: bool
    index: int  # among the records, or the limits
    place: tuple  # (zone, type)
    count: int  # of the record; of a limit what can run
    of: int
    marked: list = field(default_factory=list)


def announced(scenario, places):
    """All recommendations, in the order in which they come."""
    if not scenario.reads_records() or scenario.rebalance_permille == 0:
        return []
    wanted = []
    for index, (due, zone, instance_type, count, of) in enumerate(scenario.interruptions):
        wanted.append(Recommendation(due, due, False, index, (zone, instance_type), count, of))
    before = {}
    for index, (due, zone, instance_type, limit) in enumerate(scenario.limits):
        place = (zone, instance_type)
        if limit is not None and (before.get(place) is None or limit < before[place]):
            wanted.append(Recommendation(due, due, True, index, place, limit, 0))
        before[place] = limit
    found = []
    for one in wanted:
        market = draws.market_word(*one.place)
        if one.place not in places or not scenario.start <= one.due < scenario.end:
            continue
        key = (scenario.seed, draws.REBALANCE, market, one.due)
        if not draws.chance(scenario.rebalance_permille, *key):
            continue
        lead = scenario.rebalance_lead.draw(
            scenario.seed, draws.REBALANCE_LEAD, market, one.due, 0
        )
        one.time = max(scenario.start, one.due - lead)
        found.append(one)
    return sorted(found, key=lambda one: (one.time, one.due, one.of_limit, one.index))


class Rebalancing:
    def __init__(self, fleet):
        self.fleet = fleet
        self.account = fleet.account
        self.scenario = fleet.scenario
        places = {fleet.place(pool) for pool in self.scenario.pools}
        self.all = announced(self.scenario, places)
        self.left = list(self.all)

    # ---- recommendations ----------------------------------------------------------------------

    def recommend(self):
        """Those of this second: they mark instances."""
        while self.left and self.left[0].time <= self.account.now:
            one = self.left.pop(0)
            open_to_it = [
                instance
                for instance in self.fleet.staying(one.place)
                if instance.recommended is None and instance.requested >= SINCE
            ]
            up = len(open_to_it)
            at_risk = up - one.count if one.of_limit else self.fleet.share(one, up)
            one.marked = open_to_it[: max(0, at_risk)]
            for instance in one.marked:
                instance.recommended = self.account.now
                instance.mark_order = (self.account.now, len(self.fleet.marks))
                self.fleet.marks.append(instance)

    def of(self, of_limit, index):
        for one in self.all:
            if (one.of_limit, one.index) == (of_limit, index):
                return one
        return None

    @staticmethod
    def given_back(recommendation):
        """Of the marked ones, those that the fleet itself has ended, or told to end."""
        return sum(
            (one.ended is not None or one.notice is not None) and not one.interrupted
            for one in recommendation.marked
        )

    def is_at_risk(self, place):
        now = self.account.now
        return any(one.place == place and one.time <= now < one.due for one in self.all)

    # ---- the fleet ----------------------------------------------------------------------------

    def is_marked(self, one):
        return self.scenario.replacement is not None and one.recommended is not None

    def release(self):
        """At a tick: marked instances that the fleet can do without end after the delay."""
        if self.scenario.replacement != "launch-before-terminate":
            return
        there = [
            one
            for one in self.fleet.instances()
            if one.running is not None and one.notice is None and one.released is None
        ]
        kept = sum(one.weight for one in there)
        for one in [one for one in self.fleet.marks if one in there]:
            if kept - one.weight >= self.fleet.spot_target():
                kept -= one.weight
                one.released = self.account.now
                self.account.plan(self.account.now + self.scenario.termination_delay)

    def ends_now(self, one):
        """Whether its termination comes in this second."""
        return (
            one.released is not None
            and one.released + self.scenario.termination_delay == self.account.now
            and one.notice is None
            and self.fleet.is_active()
        )
