"""Words of the replay's page, for its script."""

from django.utils.translation import gettext as _

from exchange.models import Command, Instrument
from exchange.refusals import TEXTS, text


def replay_words() -> dict[str, str]:
    """{…} are filled in by the page."""
    return {
        **{f"command.{kind}": str(label) for kind, label in Command.Kind.choices},
        **{f"phase.{phase}": str(label) for phase, label in Instrument.Phase.choices},
        **{f"refused.{code}": text(code) for code in TEXTS},
        "side.buy": _("buy"),
        "side.sell": _("sell"),
        "event.accepted": _("accepted: {side} {qty} t at {price}, № {order}"),
        "event.rejected": _("refused: {reason}"),
        "event.rejected.order": _("refused: {side} {qty} t at {price}: {reason}"),
        "event.trade": _("trade {trade}: {qty} t at {price}, {member} takes № {order} of {other}"),
        "event.cancelled": _("cancelled: {qty} t of № {order}"),
        "event.expired": _("expired: {qty} t of № {order}"),
        "event.phase": _("phase: {phase}"),
        "event.closed": _("the day is closed"),
        "events.more": _("and {n} more events"),
        "somebody": _("another member"),
        "book.more": _("and {n} more"),
        "position": _("event {event}, {time}"),
        "loading": _("Loading …"),
        "failed": _("This part of the day could not be read: {reason}"),
        "begin": _("before the day's first event"),
        "play": _("Play"),
        "pause": _("Pause"),
    }
