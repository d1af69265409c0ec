"""The ECS cluster of the second implementation: services whose tasks run on the instances (docs/model.md)."""

from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from typing import Optional

import draws

UNIT = 1_000_000
CPU_OF_VCPU = 1024

PENDING, RUNNING, SERVING = "PENDING", "RUNNING", "serving"


@dataclass
class Service:
    index: int
    desired: list  # [(second, tasks)], by time
    cpu: int
    memory: int
    healthy_percent: int
    maximum_percent: int
    strategies: list  # "zones", "instances", "cpu", "memory", "random"
    distinct: bool
    balanced: bool  # behind a load balancer
    rebalances: bool  # over zones

    def desired_at(self, second):
        tasks = self.desired[0][1]
        for time, value in self.desired:
            if time <= second:
                tasks = value
        return tasks


@dataclass
class Terms:
    """What a scenario says of the cluster."""

    services: list
    sizes: dict  # instance type -> (CPU units, MiB) that one registers
    start: object  # delays
    registration: object
    deregistration: int
    stop: int
    tick: int


@dataclass(eq=False)
class Task:
    service: Service
    instance: object
    ordinal: int
    state: str = PENDING
    stopping: bool = False
    gone: bool = False

    def is_there(self):
        return not self.gone and self.instance.ended is None

    def counts(self):
        return self.is_there() and not self.stopping


# ---- reading ----------------------------------------------------------------------------------


def task_size(definition):
    containers = definition.get("containerDefinitions", [])
    cpu = definition.get("cpu", sum(int(one.get("cpu", 0)) for one in containers))
    memory = definition.get(
        "memory", sum(int(one.get("memoryReservation", one.get("memory", 0))) for one in containers)
    )
    return int(cpu), int(memory)


def has_fixed_port(definition):
    if definition.get("networkMode") == "awsvpc":
        return False
    return any(
        mapping.get("hostPort", 0) != 0
        for container in definition.get("containerDefinitions", [])
        for mapping in container.get("portMappings", [])
    )


def strategy_of(entry):
    if entry["type"] == "random":
        return "random"
    if entry["type"] == "binpack":
        return entry["field"].lower()
    return "zones" if entry["field"] == "attribute:ecs.availability-zone" else "instances"


def read_service(index, entry, start, seconds):
    service, definition = entry["service"], entry["task"]
    form = entry.get("tasks", {"tasks": service.get("desiredCount")})
    if "series" in form:
        desired = sorted((seconds(time), int(tasks)) for time, tasks in form["series"])
    else:
        desired = [(start, int(form["tasks"]))]
    cpu, memory = task_size(definition)
    deployment = service.get("deploymentConfiguration", {})
    distinct = any(one["type"] == "distinctInstance" for one in service.get("placementConstraints", []))
    return Service(
        index=index,
        desired=desired,
        cpu=cpu,
        memory=memory,
        healthy_percent=int(deployment.get("minimumHealthyPercent", 100)),
        maximum_percent=int(deployment.get("maximumPercent", 200)),
        strategies=[strategy_of(one) for one in service.get("placementStrategy", [])] or ["zones"],
        distinct=distinct or has_fixed_port(definition),
        balanced=bool(service.get("loadBalancers")),
        rebalances=service.get("availabilityZoneRebalancing") == "ENABLED",
    )


def read(document, start, seconds):
    """The Terms of a scenario with services; None without."""
    demand = document.get("demand") or {}
    if "services" not in demand:
        return None
    cluster = document.get("cluster", {})
    permille = int(cluster.get("registered_memory_permille", 981))
    return Terms(
        services=[
            read_service(index, entry, start, seconds) for index, entry in enumerate(demand["services"])
        ],
        sizes={
            kind: (size["vcpu"] * CPU_OF_VCPU, size["memory_mib"] * permille // 1000)
            for kind, size in cluster["instance_types"].items()
        },
        start=draws.read_delay(cluster.get("task_start_s", 20)),
        registration=draws.read_delay(cluster.get("lb_registration_s", 30)),
        deregistration=int(cluster.get("deregistration_delay_s", 300)),
        stop=int(cluster.get("task_stop_s", 30)),
        tick=int(cluster.get("service_tick_s", 10)),
    )


def required(terms, units_per_vcpu):
    """What all services require: [(second, micro-units)]."""
    rate = Fraction(str(units_per_vcpu)) * UNIT / CPU_OF_VCPU
    moments = sorted({time for service in terms.services for time, _ in service.desired})
    return [
        (moment, ceil(rate * sum(one.desired_at(moment) * one.cpu for one in terms.services)))
        for moment in moments
    ]


# ---- the cluster ------------------------------------------------------------------------------


@dataclass
class Standing:
    """A service's tasks that are not stopping."""

    pending: list
    running: list  # without serving
    serving: list
    draining: list  # of those that run or serve

    def all(self):
        return len(self.pending) + len(self.running) + len(self.serving)

    def kept(self):
        return self.all() - len(self.draining)


@dataclass
class Cluster:
    account: object
    tasks: list = field(default_factory=list)  # in the order of their placement
    due: list = field(default_factory=list)  # (second, task, what), in the order in which they were fixed
    placements: dict = field(default_factory=dict)  # service -> so far
    one_more: set = field(default_factory=set)  # services with a task beyond D, for their zones' balance
    unserved_s: Optional[int] = None

    def __post_init__(self):
        self.scenario = self.account.scenario
        self.terms = self.scenario.cluster
        if self.terms is not None:
            self.unserved_s = 0

    # ---- instances ----------------------------------------------------------------------------

    def registered(self):
        """By number."""
        return [one for one in self.account.alive if one.joined is not None]

    def is_draining(self, one):
        return self.scenario.account["drain_on_notice"] and one.notice is not None and not one.notice_lost

    def active(self):
        return [one for one in self.registered() if not self.is_draining(one)]

    def on(self, one):
        return [task for task in self.tasks if task.instance is one and task.is_there()]

    def left(self, one):
        """CPU and memory."""
        cpu, memory = self.terms.sizes[one.instance_type]
        for task in self.on(one):
            cpu -= task.service.cpu
            memory -= task.service.memory
        return cpu, memory

    # ---- tasks --------------------------------------------------------------------------------

    def standing(self, service):
        ours = [task for task in self.tasks if task.service is service and task.counts()]
        return Standing(
            pending=[task for task in ours if task.state == PENDING],
            running=[task for task in ours if task.state == RUNNING],
            serving=[task for task in ours if task.state == SERVING],
            draining=[task for task in ours if task.state != PENDING and self.is_draining(task.instance)],
        )

    def in_zone(self, service, zone):
        return sum(
            task.service is service and task.counts() and task.instance.zone == zone for task in self.tasks
        )

    def on_instance(self, service, one):
        return [task for task in self.on(one) if task.service is service and not task.stopping]

    def stop(self, task):
        if task.state == PENDING:
            task.gone = True
            return
        task.stopping = True
        takes = self.terms.stop + (self.terms.deregistration if task.service.balanced else 0)
        self.due.append((self.account.now + takes, task, "gone"))

    def key(self, what, service):
        return self.scenario.seed, what, service.index

    def candidates(self, service):
        found = []
        for one in self.active():
            cpu, memory = self.left(one)
            if cpu < service.cpu or memory < service.memory:
                continue
            if service.distinct and any(task.service is service for task in self.on(one)):
                continue
            found.append(one)
        return found

    def place(self, service):
        """Where the next task of the service goes; None if nowhere."""
        found = self.candidates(service)
        for strategy in service.strategies:
            if not found:
                return None
            if strategy == "random":
                ordinal = self.placements.get(service.index, 0)
                luck = draws.Generator(*self.key(draws.PLACEMENT, service), ordinal)
                found = [found[luck.below(len(found))]]
                continue
            worth = {
                "zones": lambda one: self.in_zone(service, one.zone),
                "instances": lambda one: len(self.on_instance(service, one)),
                "cpu": lambda one: self.left(one)[0],
                "memory": lambda one: self.left(one)[1],
            }[strategy]
            best = min(worth(one) for one in found)
            found = [one for one in found if worth(one) == best]
        return found[0] if found else None

    def begin(self, service, one, warm):
        ordinal = self.placements.get(service.index, 0)
        self.placements[service.index] = ordinal + 1
        task = Task(service, one, ordinal)
        self.tasks.append(task)
        if warm:
            task.state = SERVING
            return
        now = self.account.now
        delay = self.terms.start.draw(*self.key(draws.TASK_START, service), now, ordinal)
        self.due.append((now + delay, task, RUNNING))

    def move_on(self):
        """Tasks whose time has come."""
        now = self.account.now
        while True:
            entry = next((one for one in self.due if one[0] == now), None)
            if entry is None:
                return
            self.due.remove(entry)
            _, task, what = entry
            if what == "gone":
                task.gone = True
            elif task.counts():
                task.state = what
                if what == RUNNING and not task.service.balanced:
                    task.state = SERVING
                elif what == RUNNING:
                    key = self.key(draws.TASK_REGISTRATION, task.service)
                    delay = self.terms.registration.draw(*key, now, task.ordinal)
                    self.due.append((now + delay, task, SERVING))

    # ---- the scheduler ------------------------------------------------------------------------

    def act(self, warm=False):
        for service in self.terms.services:
            self.drain(service)
            self.stop_surplus(service)
            self.start_missing(service, warm)
            if service.rebalances and not warm:
                self.balance_zones(service)

    def desired(self, service):
        return service.desired_at(self.account.now)

    def drain(self, service):
        least = ceil(Fraction(self.desired(service) * service.healthy_percent, 100))
        serving = len(self.standing(service).serving)
        for one in self.registered():
            if not self.is_draining(one):
                continue
            for task in self.on_instance(service, one)[::-1]:
                if task.state == RUNNING:
                    self.stop(task)
                elif task.state == SERVING and serving > least:
                    self.stop(task)
                    serving -= 1

    def stop_surplus(self, service):
        desired = self.desired(service)
        there = self.standing(service)
        if not there.pending and not there.running or there.kept() <= desired:
            self.one_more.discard(service.index)
        if service.index in self.one_more:
            desired += 1
        while there.kept() > desired:
            self.stop(self.surplus(service, there))
            there = self.standing(service)

    def surplus(self, service, there):
        if there.pending:
            return there.pending[-1]
        with_tasks = [one for one in self.active() if self.on_instance(service, one)]
        one = max(
            with_tasks,
            key=lambda one: (
                self.in_zone(service, one.zone),
                len(self.on_instance(service, one)),
                one.number,
            ),
        )
        return self.on_instance(service, one)[-1]

    def most(self, service):
        return self.desired(service) * service.maximum_percent // 100

    def start_missing(self, service, warm):
        there = self.standing(service)
        missing = min(self.desired(service) - there.kept(), self.most(service) - there.all())
        for _ in range(missing):
            one = self.place(service)
            if one is None:
                return
            self.begin(service, one, warm)

    def balance_zones(self, service):
        there = self.standing(service)
        desired = self.desired(service)
        if there.pending or there.running or there.draining or len(there.serving) != desired:
            return
        if self.most(service) <= desired:
            return
        one = self.place(service)
        if one is None:
            return
        fullest = max((self.in_zone(service, task.instance.zone) for task in there.serving), default=0)
        if self.in_zone(service, one.zone) + 2 <= fullest:
            self.begin(service, one, False)
            self.one_more.add(service.index)

    # ---- one second ---------------------------------------------------------------------------

    def start(self):
        """A warm start, once all instances have joined."""
        if self.terms is not None and not self.scenario.cold:
            self.act(warm=True)

    def second(self):
        """The phase "tasks of the cluster"."""
        if self.terms is None:
            return
        self.tasks = [task for task in self.tasks if task.is_there()]
        for task in self.tasks:
            if task.state == PENDING and self.is_draining(task.instance):
                task.gone = True
        self.move_on()
        if self.account.now % self.terms.tick == 0:
            self.act()
            self.move_on()

    def count_unserved(self):
        """At the end of a second."""
        now = self.account.now
        if self.terms is None or not self.scenario.measure_from <= now < self.scenario.measure_to:
            return
        for service in self.terms.services:
            serving = sum(
                task.service is service and task.counts() and task.state == SERVING for task in self.tasks
            )
            self.unserved_s += max(0, self.desired(service) - serving)

    # ---- seen from outside --------------------------------------------------------------------

    def reservation(self):
        """CPUReservation and MemoryReservation, in millionths of a percent; {} where nothing is registered."""
        if self.terms is None:
            return {}
        sizes = [self.terms.sizes[one.instance_type] for one in self.registered()]
        cpu, memory = sum(size[0] for size in sizes), sum(size[1] for size in sizes)
        if cpu == 0 or memory == 0:
            return {}
        up = [task for task in self.tasks if task.is_there() and task.state != PENDING]
        return {
            "CPUReservation": round(Fraction(100 * UNIT * sum(task.service.cpu for task in up), cpu)),
            "MemoryReservation": round(Fraction(100 * UNIT * sum(task.service.memory for task in up), memory)),
        }
