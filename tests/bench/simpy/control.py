"""CloudWatch, and the controller that asks the policy pending-capacity."""

from instance import ALARM, EVALUATION, METRICS, At


class Metrics:
    """The fleet's points, one a minute, and the alarm on PendingCapacity."""

    def __init__(self, account):
        self.env, self.fleet, self.account = account.env, account.fleet, account
        self.delay = account.scenario.metric_delay
        # As if the state at the start had always been. Stamps are 60 s apart, so that a stamp gives a point's place.
        before = max(account.scenario.window, account.scenario.lookback) // 60 + 2 + self.delay // 60
        self.first = self.env.now - 60 * before
        self.target = [self.fleet.target] * before
        self.pending = [self.fleet.target - self.fleet.fulfilled] * before
        self.env.process(self.publish())

    def publish(self):
        env, fleet = self.env, self.fleet
        while True:
            yield At(env, 60, METRICS)
            pending = fleet.target - fleet.fulfilled
            if pending > 0 >= self.pending[-1]:
                env.process(self.alarm())
            self.target.append(fleet.target)
            self.pending.append(pending)

    def alarm(self):
        yield At(self.env, self.delay, ALARM)
        self.account.controller.evaluate()

    def query(self, points, lookback):
        """Those of the last so many seconds that can be read, newest last."""
        now = self.env.now
        start = (now - lookback) // 60
        return points[start - self.first // 60 : (now - self.delay - self.first) // 60]


class Controller:
    """pending-capacity, asked every minute and by the alarm."""

    def __init__(self, account):
        self.env, self.scenario = account.env, account.scenario
        self.metrics, self.group = account.metrics, account.group
        self.events = account.ledger.events
        self.refused_since = None
        self.env.process(self.schedule())

    def schedule(self):
        env, every = self.env, self.scenario.every
        yield At(env, (self.scenario.phase - env.now) % every, EVALUATION)
        while True:
            self.evaluate()
            yield At(env, every, EVALUATION)

    def evaluate(self):
        self.events["evaluations"] += 1
        refused = self.decide()
        if refused:
            self.events["scale_in_refused"] += 1
            if self.refused_since is None:
                self.refused_since = self.env.now
                self.events["scale_in_refused_episodes"] += 1
        elif self.refused_since is not None:
            self.settle()

    def settle(self):
        if self.refused_since is not None:
            self.events["scale_in_blocked_s"] += self.env.now - self.refused_since
            self.refused_since = None

    def decide(self):
        """Read, decide, act; whether a scale-in was refused."""
        metrics = self.metrics
        targets = metrics.query(metrics.target, self.scenario.window)
        if not targets or min(targets) != max(targets):
            return False  # the fleet's target has just changed
        pending = metrics.query(metrics.pending, self.scenario.lookback)
        if not pending:
            return False
        need = -(-pending[-1] // self.scenario.backup_units)
        need = min(max(need, self.scenario.min_size), self.scenario.max_size)
        desired = self.group.desired
        if need > desired:
            self.group.set_desired_capacity(need, honor_cooldown=False)
            self.events["scale_out"] += 1
        elif need < desired:
            if not self.group.set_desired_capacity(need, honor_cooldown=True):
                return True
            self.events["scale_in"] += 1
        return False
