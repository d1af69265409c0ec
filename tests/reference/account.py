"""A second implementation of the simulated account, written from docs/model.md alone.

It goes from `from` to `to` one second at a time and through the phases of every second in their order.
It is slow and keeps no totals, so that it can be compared with the text of the model line by line.
"""

from dataclasses import dataclass, field
from typing import Optional

import draws
import policies
from capacity import account_for
from cloudwatch import CloudWatch
from cluster import Cluster
from fleet import SpotFleet
from group import BackupGroup
from instance import SPOT, Instance
from invocations import Controller
from mixed_group import MixedGroup
from scaling import Scaler

@dataclass
class Member(Instance):
    """An instance and what is planned for it."""

    pool: int = -1
    run_at: Optional[int] = None
    join_at: Optional[int] = None
    end_at: Optional[int] = None
    cause: Optional[str] = None
    mark_order: tuple = ()


@dataclass
class Refusals:
    """Runs of refused scale-ins."""

    since: Optional[int] = None
    spans: list = field(default_factory=list)  # [(first refusal, end)]


class Account:
    def __init__(self, scenario):
        self.scenario = scenario
        self.now = scenario.start
        self.alive = []
        self.all_instances = []
        self.busy = set()  # seconds in which some instance runs, joins or ends
        self.fleet = SpotFleet(self)
        self.group = BackupGroup(self)
        self.mixed_group = MixedGroup(self)
        self.cluster = Cluster(self)
        self.cloudwatch = CloudWatch(self)
        self.scaler = Scaler(self)
        self.controller = Controller(self, policies.make(scenario.policy, scenario.parameters))
        self.launches = {}  # (kind, pool, second) -> launches so far; the group is pool -1
        self.targets = []  # [(second, the fleet's target from then on)]
        self.refusals = Refusals()
        self.events = dict.fromkeys(
            (
                "events.evaluations",
                "events.spot_launches",
                "events.spot_interruptions",
                "events.on_demand_launches",
                "events.on_demand_launch_failures",
                "events.scale_out",
                "events.scale_in",
                "events.scale_in_refused",
            ),
            0,
        )
        self.price_changes = {
            time for market in scenario.markets.values() for time, _ in market.steps
        }

    # ---- instances ----------------------------------------------------------------------------

    def count(self, name):
        if self.scenario.measure_from <= self.now < self.scenario.measure_to:
            self.events[name] += 1

    def plan(self, second):
        self.busy.add(second)

    def draw_delays(self, one):
        """Seconds to running, and from then to joined, of a launch accepted now."""
        if one.of_fleet:
            key = draws.market_word(one.zone, one.instance_type)
        else:
            key = draws.word(one.instance_type)
        counter = (one.kind, one.pool, self.now)
        index = self.launches.get(counter, 0)
        self.launches[counter] = index + 1
        account, seed = self.scenario.account, self.scenario.seed
        if one.kind == SPOT:
            delay, launch, join = account["spot_launch_delay_s"], draws.SPOT_LAUNCH, draws.SPOT_JOIN
        else:
            delay = account["on_demand_launch_delay_s"]
            launch, join = draws.ON_DEMAND_LAUNCH, draws.ON_DEMAND_JOIN
        return (
            delay.draw(seed, launch, key, self.now, index),
            account["join_delay_s"].draw(seed, join, key, self.now, index),
        )

    def launch(self, kind, instance_type, zone, weight, pool, slot, warm, of_fleet=True):
        one = Member(
            kind=kind,
            instance_type=instance_type,
            zone=zone,
            weight=weight,
            requested=self.now,
            slot=slot,
            warm=warm,
            number=len(self.all_instances) + 1,
            pool=pool,
            of_fleet=of_fleet,
        )
        delay, join_delay = 0, 0
        if not warm:
            delay, join_delay = self.draw_delays(one)
        one.run_at = self.now + delay
        one.join_at = one.run_at + join_delay
        self.all_instances.append(one)
        self.alive.append(one)
        self.plan(one.run_at)
        self.plan(one.join_at)
        # A delay of 0 means this very second.
        self.run_and_join(one)
        return one

    def run_and_join(self, one):
        if one.running is None and one.run_at <= self.now:
            one.running = one.run_at
        if one.joined is None and one.running is not None and one.join_at <= self.now:
            one.joined = one.join_at

    def end(self, one, cause):
        one.ended = self.now
        one.end = cause
        self.alive.remove(one)

    # ---- one second ---------------------------------------------------------------------------

    def instances_move_on(self):
        """Interruptions, terminations, instances running, joins."""
        if self.now not in self.busy:
            return
        for by_ec2 in (True, False):
            for one in list(self.alive):
                if one.end_at == self.now and one.interrupted == by_ec2:
                    self.end(one, one.cause)
        for one in list(self.alive):
            if self.fleet.rebalancing.ends_now(one):
                self.end(one, "rebalance")
        for one in self.alive:
            self.run_and_join(one)

    def note_refusal(self, was_refused):
        if was_refused:
            self.count("events.scale_in_refused")
            if self.refusals.since is None:
                self.refusals.since = self.now
        elif self.refusals.since is not None:
            self.refusals.spans.append((self.refusals.since, self.now))
            self.refusals.since = None

    @property
    def evaluations(self):
        return self.controller.evaluations

    def start(self):
        self.fleet.first_prices()
        self.fleet.read_limits()
        if self.scenario.follow_demand:
            required = self.scenario.required_at(self.now)
            self.fleet.target = -(-required // 1_000_000) * 1_000_000
        self.mixed_group.start()
        self.group.standing.append((self.now, self.group.desired))
        if self.scenario.cold:
            self.group.launch(self.group.desired)
            return
        self.group.launch(self.group.desired, warm=True)
        if self.fleet.is_active():
            self.fleet.launch_missing(warm=True)
            self.cloudwatch.fill_history()
        self.cluster.start()
        self.cloudwatch.fill_cluster_history()

    def second(self):
        if self.now in self.price_changes:
            self.fleet.read_prices()
        self.fleet.notices()
        self.instances_move_on()
        self.group.launches.activities_end()
        self.fleet.own_actions()
        self.cluster.second()
        self.cloudwatch.publish()
        self.scaler.second()
        self.controller.second()
        self.group.launches.activities_end()  # launches that failed at once, in this second
        self.cluster.count_unserved()

    def run(self):
        """Simulate; returns all figures. Instances and evaluations are left in the account."""
        self.start()
        self.targets.append((self.now, self.fleet.target))
        for self.now in range(self.scenario.start, self.scenario.end):
            self.second()
        if self.refusals.since is not None:
            self.refusals.spans.append((self.refusals.since, self.scenario.measure_to))
        figures = account_for(self.scenario, self.all_instances)
        for name, value in self.events.items():
            if figures.get(name, value) != value:
                raise AssertionError(f"{name}: counted {value}, instances say {figures[name]}")
            figures[name] = value
        figures.update(self.refusal_figures())
        if self.cluster.unserved_s is not None:
            figures["capacity.task_unserved_s"] = self.cluster.unserved_s
        return figures

    def refusal_figures(self):
        first, last = self.scenario.measure_from, self.scenario.measure_to
        blocked = sum(
            max(0, min(end, last) - max(since, first)) for since, end in self.refusals.spans
        )
        episodes = sum(first <= since < last for since, _ in self.refusals.spans)
        return {
            "events.scale_in_refused_episodes": episodes,
            "events.scale_in_blocked_s": blocked,
        }
