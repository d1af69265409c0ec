"""What policies have in common (docs/policies.md): a wish is None (hold) or (desired capacity, honour the cooldown)."""

from fractions import Fraction

from scenario import MICRO, micro


def instances_for(units, seen, parameters):
    """Instances that so many micro-units take, as all policies round."""
    given = parameters["units_per_instance"]
    per_instance = seen.units_per_instance if given is None else micro(given)
    # int() drops the fraction: toward zero.
    return int(Fraction(units, per_instance) + Fraction(MICRO - 1, MICRO))


def within_bounds(need, group):
    return min(max(need, group.min_size), group.max_size)


def wish_for(need, group):
    """Set at once where it is more, asked for honouring the cooldown where it is less."""
    if group is None or need == group.desired:
        return None
    return need, need < group.desired


def grow_only(wish):
    return None if wish is not None and wish[1] else wish


def shrink_only(wish):
    return None if wish is not None and not wish[1] else wish


def sized(need, seen, grows_only=False):
    """The wish for a need, kept within the group's bounds."""
    if seen.group is None:
        return None
    wish = wish_for(within_bounds(need, seen.group), seen.group)
    return grow_only(wish) if grows_only else wish
