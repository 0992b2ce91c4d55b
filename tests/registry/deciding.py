"""What waits is approved, refused or withdrawn, by those whose it is."""

from typing import Any

from hypothesis.stateful import precondition, rule

from accounts.approvals import verbs
from tests.registry.floor import Floor, picks
from tests.registry.naive import Waiting
from tests.registry.world import NOW


class Deciding(Floor):
    def _decider(self, waiting: Waiting) -> tuple[Any, bool]:
        """Whose decision it is, and whether that organisation may act."""
        person = waiting.deciders[waiting.stage]
        return self.world.registry.people[person], self._active(person.split("@")[1])

    @precondition(lambda self: self.waiting)
    @rule(pick=picks)
    def approve(self, pick: int) -> None:
        waiting = self.waiting[pick % len(self.waiting)]
        by, acts = self._decider(waiting)
        last = waiting.stage + 1 == len(waiting.deciders)
        done = self._try(
            acts and (not last or waiting.can_end()),
            lambda: verbs.approve(waiting.request.pk, by=by, reason="in order", at=NOW),
        )
        if done is None:
            return
        waiting.stage += 1
        if last:
            self.waiting.remove(waiting)
            waiting.approved()

    @precondition(lambda self: self.waiting)
    @rule(pick=picks)
    def refuse(self, pick: int) -> None:
        waiting = self.waiting[pick % len(self.waiting)]
        by, acts = self._decider(waiting)
        if self._try(acts, lambda: verbs.refuse(waiting.request.pk, by=by, reason="no", at=NOW)) is not None:
            self.waiting.remove(waiting)
            waiting.released()

    @precondition(lambda self: self.waiting)
    @rule(pick=picks)
    def withdraw(self, pick: int) -> None:
        waiting = self.waiting.pop(pick % len(self.waiting))
        by = self.world.registry.people[waiting.asker]
        self._try(True, lambda: verbs.withdraw(waiting.request.pk, by=by, reason="changed", at=NOW))
        waiting.released()

    @precondition(lambda self: self.waiting)
    @rule(pick=picks)
    def the_asker_never_decides(self, pick: int) -> None:
        waiting = self.waiting[pick % len(self.waiting)]
        by = self.world.registry.people[waiting.asker]
        self._try(False, lambda: verbs.approve(waiting.request.pk, by=by, reason="mine", at=NOW))
