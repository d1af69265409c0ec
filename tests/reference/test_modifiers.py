"""The modifiers of the second implementation on courses worked out by hand: a policy that wants what it is told."""

import unittest

import policies
from modifiers import MODIFIERS
from observation import ERROR, DescribedGroup, Seen


class Told:
    reads = ()

    def decide(self, seen, memory):
        size = seen.answers[0]
        if seen.group is None or size in (ERROR, seen.group.desired):
            return None, memory
        return (size, size < seen.group.desired), memory


class Course(unittest.TestCase):
    def follow(self, name, steps, **parameters):
        """Of each step, (second, wanted, desired capacity), the size asked for, or None."""
        modifier = policies.build(MODIFIERS[name], parameters)
        policy, memory = policies.Modified(Told(), [modifier]), None
        asked = []
        for second, wanted, desired, *in_service in steps:
            group = None
            if desired is not None:
                group = DescribedGroup(0, 20, desired, *in_service or [desired])
            wish, memory = policy.decide(Seen(second, [wanted], group, 1), memory)
            asked.append(wish and wish[0])
        return asked

    def test_grace(self):
        steps = [(0, 3, 1), (60, ERROR, 1), (120, 3, 1), (299, 3, 1), (300, 3, 1), (360, 4, 3)]
        self.assertEqual(self.follow("grace", steps), [None, None, None, None, 3, 4])
        steps = [(0, 3, 1), (60, 1, 1), (120, 3, 1), (300, 3, 1), (420, 3, 1), (480, 0, 3)]
        self.assertEqual(self.follow("grace", steps), [None, None, None, None, 3, 0])

    def test_stabilise_in(self):
        """4 were wanted until 60, so that they count until before 360; then 2 until 120."""
        steps = [(0, 4, 4), (60, 2, 4), (120, 1, 4), (359, 1, 4), (360, 1, 4), (420, 1, 2)]
        self.assertEqual(self.follow("stabilise", steps), [None, None, None, None, 2, 1])

    def test_stabilise_out(self):
        steps = [(0, 0, 0), (60, 3, 0), (120, 5, 0), (180, 5, 3)]
        self.assertEqual(self.follow("stabilise", steps, out_window_s=60), [None, None, 3, 5])
        self.assertEqual(self.follow("stabilise", steps), [None, 3, 5, 5])

    def test_stabilise_passes_over_what_is_not_seen(self):
        steps = [(0, 4, 4), (60, 1, 4), (120, ERROR, 4), (300, 1, 4), (360, 1, 4)]
        self.assertEqual(self.follow("stabilise", steps), [None, None, None, None, 1])

    def test_rate_limit(self):
        steps = [(0, 0, 5), (60, 0, 5), (120, 0, 4), (180, 0, 4), (419, 0, 4), (420, 0, 4)]
        self.assertEqual(self.follow("rate-limit", steps), [4, 4, None, None, None, 3])
        steps = [(0, 0, 5), (60, 0, 4), (120, 0, 3), (180, 6, 3)]
        self.assertEqual(self.follow("rate-limit", steps, in_instances=2), [3, 3, None, 6])

    def test_return_hours(self):
        steps = [(3599, 0, 1), (3600, 0, 1), (7199, 0, 1), (7200, 0, 1), (7200, 2, 1)]
        hours = {"in_from_s": 3600, "in_until_s": 7200}
        self.assertEqual(self.follow("return-hours", steps, **hours), [None, 0, 0, None, 2])
        hours = {"in_from_s": 7200, "in_until_s": 3600}
        self.assertEqual(self.follow("return-hours", steps, **hours), [0, None, None, 0, 2])

    def test_billing_hour(self):
        """Two are there at first, one comes at 600, and one that is wanted has not come."""
        steps = [(0, 2, 2), (600, 4, 4, 3), (3299, 0, 4, 3), (3300, 0, 4, 3), (3360, 0, 1, 1)]
        self.assertEqual(self.follow("billing-hour", steps), [None, None, 3, 1, None])
        self.assertEqual(self.follow("billing-hour", [*steps, (3900, 0, 1, 1)]), [None, None, 3, 1, None, 0])

    def test_billing_hour_of_what_went_before_it_was_seen(self):
        """The hour of one ended at 3600. It went at 3590, which is seen at 3610; the other's ends at 4200."""
        steps = [(0, 1, 1), (600, 2, 2), (3590, 1, 2), (3610, 0, 1), (3899, 0, 1), (3900, 0, 1)]
        self.assertEqual(self.follow("billing-hour", steps), [None, None, 1, None, None, 0])

    def test_backoff(self):
        """Nothing waits before the first loss, then what is wanted less waits for 600 s, and for 1200 s."""
        steps = [(0, 1, 2), (60, 3, 1), (120, 1, 3), (719, 1, 3), (720, 1, 3)]
        self.assertEqual(self.follow("backoff", steps), [1, 3, None, None, 1])
        again = [(800, 3, 1), (900, 1, 3), (2099, 1, 3), (2100, 1, 3)]
        self.assertEqual(self.follow("backoff", steps + again)[5:], [3, None, None, 1])
        late = [(21661, 3, 1), (21700, 1, 3), (22299, 1, 3), (22300, 1, 3)]
        self.assertEqual(self.follow("backoff", steps + late)[5:], [3, None, None, 1])

    def test_backoff_begins_anew(self):
        """Where less is no longer wanted in between; not where nothing is seen."""
        steps = [(0, 3, 1), (60, 1, 3), (120, 3, 3), (180, 1, 3), (240, ERROR, 3), (779, 1, 3), (780, 1, 3)]
        self.assertEqual(self.follow("backoff", steps), [3, None, None, None, None, None, 1])

    def test_unknown_group(self):
        for name in MODIFIERS:
            self.assertEqual(self.follow(name, [(0, 0, None)]), [None])


if __name__ == "__main__":
    unittest.main()
