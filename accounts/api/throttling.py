"""How often one sender may ask: a bucket of requests for each key, person or address, refilled steadily.

Counted in this process' memory, not in Valkey: the limit must hold, and must not stop anybody, while Valkey
is away, and a look at memory costs a microsecond where DRF's list of moments costs more than an order.
With N web processes a sender that reaches all of them has N buckets; the limits are there against
runaway programs, not for billing.
"""

import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts.api.authentication import address_of
from accounts.models import ApiKey, User

if TYPE_CHECKING:
    # The views load their throttles: at run time that would go in a circle.
    from rest_framework.views import APIView

#: Senders remembered; the one that was silent longest is forgotten, its bucket is full again anyway.
SENDERS = 10_000


class Buckets:
    """Moments at which each sender's bucket is full again (the generic cell rate algorithm)."""

    def __init__(self) -> None:
        self._full_at: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, sender: str, per_second: float, burst: int, now: float) -> float:
        """Takes one request out. 0 if there was one, else the seconds until there is."""
        step = 1 / per_second
        with self._lock:
            full_at = max(self._full_at.get(sender, now), now) + step
            wait = full_at - now - burst * step
            if wait > 0:
                return wait
            self._full_at[sender] = full_at
            self._full_at.move_to_end(sender)
            if len(self._full_at) > SENDERS:
                self._full_at.popitem(last=False)
        return 0

    def clear(self) -> None:
        with self._lock:
            self._full_at.clear()


BUCKETS = Buckets()


class SenderThrottle(BaseThrottle):
    """API_RATES: {"sender": (requests a second, burst), "anonymous": …}; None switches one off."""

    def __init__(self) -> None:
        self._wait = 0.0

    def allow_request(self, request: Request, view: "APIView") -> bool:
        kind, sender = self.sender(request)
        rate = settings.API_RATES.get(kind)
        if rate is None:
            return True
        self._wait = BUCKETS.take(sender, rate[0], rate[1], time.monotonic())
        return self._wait == 0

    def wait(self) -> float:
        return self._wait

    @staticmethod
    def sender(request: Request) -> tuple[str, str]:
        if isinstance(request.auth, ApiKey):
            return "sender", f"key:{request.auth.digest}"
        if isinstance(request.user, User):
            return "sender", f"user:{request.user.pk}"
        return "anonymous", f"address:{address_of(request)}"
