#!/usr/bin/env python3
"""Spot Fleet, backup group, metrics and policy of docs/model.md, written for SimPy 4.

    model.py SCENARIO

Prints the figures as `ballast run --json` names them, and on a second line the seconds of the processor that the
simulation took, reading not counted. Each market, the demand, the fleet, each instance, the metrics and the controller are processes.
Who has nothing to do is not woken: the fleet waits for an event until something is missing, and nothing but the
metrics and the policy comes every minute. What is asked often is kept, not summed again.
"""

import gc
import json
import sys
import time

import simpy
from control import Controller, Metrics
from fleet import Fleet
from group import Group
from instance import Instance
from ledger import Ledger
from world_file import Scenario


class Account:
    """What all parts share."""

    def __init__(self, scenario):
        self.scenario = scenario
        self.env = simpy.Environment(initial_time=scenario.start)
        self.ledger = Ledger(scenario)
        self.numbers = 0
        self.fleet = Fleet(self)
        self.group = Group(self)
        self.metrics = Metrics(self)
        self.controller = Controller(self)

    def instance(self, pool, zone):
        self.numbers += 1
        return Instance(self.numbers, pool, zone)

    def run(self):
        self.env.run(until=self.scenario.end)
        self.fleet.settle()
        self.group.settle()
        self.controller.settle()
        self.ledger.settle(self.scenario.end)


def main():
    scenario = Scenario(sys.argv[1])
    gc.collect()
    gc.freeze()  # what was read is not looked through again and again
    started = time.process_time()
    account = Account(scenario)
    account.run()
    seconds = time.process_time() - started
    print(json.dumps(account.ledger.figures(), separators=(",", ":")))
    print(f"{seconds:.6f}")


if __name__ == "__main__":
    main()
