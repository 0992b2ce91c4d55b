"""What a line of the table of rights is, and how one is entered."""

from dataclasses import dataclass

from accounts.rights import who
from accounts.rights.who import Who, Whose


@dataclass(frozen=True)
class Right:
    """Who may read an address, who may write to it, and whose data stands behind it."""

    whose: Whose
    read: tuple[Who, ...]
    write: tuple[Who, ...] = ()

    def allows(self, user: object, *, reading: bool) -> bool:
        return any(group.has(user) for group in (self.read if reading else self.write))


TABLE: dict[str, Right] = {}


def enter(
    whose: Whose, read: Who | tuple[Who, ...], write: Who | tuple[Who, ...] | None, *routes: str
) -> None:
    readers = read if isinstance(read, tuple) else (read,)
    writers = () if write is None else write if isinstance(write, tuple) else (write,)
    for route in routes:
        assert route not in TABLE, f"{route} stands in the table twice"
        TABLE[route] = Right(whose, readers, writers)


def right_of(route: str) -> Right | None:
    """The right of a route; None for one that nobody entered."""
    return TABLE.get(route)


ANY = who.EVERYBODY
IN = who.PEOPLE
