"""Instances, and the order of what happens to them within a second."""

import simpy

# SimPy's priorities, after its own (0 and 1). A metric's point is of the end of the second before.
METRICS, WORLD, INTERRUPTIONS, TERMINATIONS, RUNNING, JOINED, MODIFICATION, TICK, ALARM, EVALUATION = range(2, 12)


class At(simpy.Event):
    """A timeout that comes in a given phase of its second."""

    def __init__(self, env, delay, phase):
        self.env = env
        self.callbacks = []
        self._ok = True
        self._value = None
        env.schedule(self, phase, delay)


class Instance:
    """`pool` is the fleet's, and None for the backup group's, which have a zone instead."""

    __slots__ = ("number", "pool", "zone", "booting", "running", "joined", "noticed")

    def __init__(self, number, pool, zone):
        self.number = number
        self.pool = pool
        self.zone = zone
        self.booting = None  # its process, until it has joined
        self.running = None  # second
        self.joined = self.noticed = False


def boot(owner, one, launch_delay):
    """The process of an instance from its launch on; the owner is told, and interrupts it if it ends before."""
    try:
        yield At(owner.env, launch_delay, RUNNING)
        owner.runs(one)
        yield At(owner.env, owner.scenario.join_delay, JOINED)
        owner.joins(one)
    except simpy.Interrupt:
        return
    one.booting = None
