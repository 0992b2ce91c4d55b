"""Groups of people, by the kind of their organisation and their roles in it."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User

Kind, Role = Organisation.Kind, User.Role


@dataclass(frozen=True)
class Who:
    """A group: everybody (`kinds` None and `signed_in` False), or people of some kinds of organisation and roles."""

    name: str | Promise
    signed_in: bool = True
    kinds: frozenset[str] | None = None
    roles: frozenset[str] | None = None

    def has(self, user: object) -> bool:
        """Whether the person belongs to the group; an anonymous visitor only to everybody."""
        if not self.signed_in:
            return True
        if not isinstance(user, User) or not user.is_authenticated:
            return False
        if self.kinds is not None and user.organisation.kind not in self.kinds:
            return False
        return self.roles is None or user.has_role(*self.roles)


def _people(name: str | Promise, kinds: Collection[str] | None = None, *roles: str) -> Who:
    return Who(name, True, frozenset(kinds) if kinds else None, frozenset(roles) if roles else None)


TRADING: set[str] = {str(kind) for kind in Organisation.TRADING_KINDS}
AUTHORITIES: set[str] = {Kind.PROVINCE, Kind.NATIONAL}

EVERYBODY = Who(_("Everybody"), signed_in=False)
PEOPLE = _people(_("Everybody who is signed in"))
MEMBERS = _people(_("People of trading members"), TRADING)
TRADERS = _people(_("Traders"), TRADING, Role.TRADER)
MOVERS = _people(_("Traders and compliance initiators"), TRADING, Role.TRADER, Role.INITIATOR)
INITIATORS = _people(_("Compliance initiators"), TRADING, Role.INITIATOR)
LISTERS = _people(_("Initiators and administrators of members"), TRADING, Role.INITIATOR, Role.ADMINISTRATOR)
ANY_INITIATORS = _people(_("Initiators of any organisation"), None, Role.INITIATOR)
ASKERS = _people(_("Initiators and administrators"), None, Role.INITIATOR, Role.ADMINISTRATOR)
INDIVIDUALS = _people(_("Individuals"), {Kind.INDIVIDUAL})
ADMINISTRATORS = _people(_("Administrators of the organisation"), None, Role.ADMINISTRATOR)
EMITTERS = _people(_("People of emitters"), {Kind.EMITTER})
PROVINCES = _people(_("Province authorities"), {Kind.PROVINCE})
NATION = _people(_("The national authority"), {Kind.NATIONAL})
REGULATORS = _people(_("Regulators"), AUTHORITIES, Role.REGULATOR)
PROVINCE_REGULATORS = _people(_("Regulators of a province"), {Kind.PROVINCE}, Role.REGULATOR)
RECORD_KEEPERS = Who(
    _("Regulators of a province and issuers of the registry"),
    True,
    frozenset({Kind.PROVINCE, Kind.REGISTRY}),
    frozenset({Role.REGULATOR, Role.ISSUER}),
)
REGISTRY = _people(_("Registry operators"), {Kind.REGISTRY})
ISSUERS = _people(_("Issuers of the registry"), {Kind.REGISTRY}, Role.ISSUER)
CHECKERS = _people(_("Checkers of the registry"), {Kind.REGISTRY}, Role.CHECKER)
ISSUERS_AND_REGULATORS = Who(
    _("Issuers of the registry and regulators"),
    True,
    frozenset({Kind.REGISTRY, *AUTHORITIES}),
    frozenset({Role.ISSUER, Role.REGULATOR}),
)
OVERSEERS = _people(_("Authorities and registry operators"), {Kind.REGISTRY, *AUTHORITIES})
COVERED_OR_OVERSEEING = _people(
    _("Emitters, authorities and registry operators"), {Kind.EMITTER, Kind.REGISTRY, *AUTHORITIES}
)
OPERATORS = _people(_("Exchange operators"), {Kind.EXCHANGE}, Role.OPERATOR)
#: Negotiations of blocks are between members; these see all of them, or those of their province.
BLOCK_READERS = (MEMBERS, REGULATORS, OPERATORS)
#: A seller's application, the exchange's announcement, an authority's paid allocation.
AUCTION_ASKERS = (MOVERS, OPERATORS, REGULATORS)
OFFICES = _people(_("Registry and exchange operators"), {Kind.REGISTRY, Kind.EXCHANGE})
NATION_REGULATORS = _people(_("Regulators of the nation"), {Kind.NATIONAL}, Role.REGULATOR)
MARKET_WATCHERS = Who(
    _("Regulators of the nation and exchange operators"),
    True,
    frozenset({Kind.NATIONAL, Kind.EXCHANGE}),
    frozenset({Role.REGULATOR, Role.OPERATOR}),
)
WATCHERS = Who(
    _("Regulators and exchange operators"),
    True,
    frozenset({Kind.EXCHANGE, *AUTHORITIES}),
    frozenset({Role.REGULATOR, Role.OPERATOR}),
)


class Whose(Enum):
    """Whose data stands behind an address."""

    PUBLIC = _("what everybody may see")
    OWN = _("one's own organisation's")
    OWN_OR_OVERSEEN = _(
        "one's own; of its emitters for a province; everything for the nation and the registry"
    )
    NEGOTIATED = _(
        "of negotiations that one is in or may join; of its members for a province; everything for the nation and the exchange"
    )
    OVERSEEN = _("of its emitters for a province; everything for the nation and the registry")
    WATCHED = _("of its emitters for a province; everything for the nation and the exchange")
    CONCERNED = _("of requests that one asked for, decides, or is concerned by")
    ALL = _("everything of this kind")
    PERSONAL = _("one's own person's")
