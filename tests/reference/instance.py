"""One instance's life, as the results database tells it."""

from dataclasses import dataclass
from typing import Optional

SPOT = "spot"
ON_DEMAND = "on-demand"


@dataclass
class Instance:
    """Times in seconds; None is a time that did not come."""

    kind: str
    instance_type: str
    zone: str
    weight: int  # micro-units it serves
    requested: int
    running: Optional[int] = None
    joined: Optional[int] = None
    notice: Optional[int] = None
    ended: Optional[int] = None
    end: str = "still-running"
    warm: bool = False
    slot: int = -1
    number: int = 0
    of_fleet: bool = True  # else the backup group's
    notice_lost: bool = False  # nobody learnt of the interruption's notice
    interrupted: bool = False  # had an interruption notice of EC2's, whatever came after
    recommended: Optional[int] = None  # its rebalance recommendation
    released: Optional[int] = None  # it has been replaced, and ends after the delay
    replacement: bool = False  # launched for another that was still there
    prepaid_since: Optional[int] = None  # from when on it costs nothing more

    def ended_by_ec2(self):
        return self.end in ("price", "capacity")

    def key(self):
        """What two implementations must agree on, in an order that needs no numbers."""
        return tuple(
            -1 if value is None else value
            for value in (
                self.requested,
                self.kind,
                self.instance_type,
                self.zone,
                self.slot,
                self.weight,
                self.running,
                self.joined,
                self.notice,
                self.ended,
                self.end,
                self.warm,
            )
        )
