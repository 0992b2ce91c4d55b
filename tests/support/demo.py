"""The demo's data for tests: a small nation, unless the whole one is what is tested."""

from io import StringIO

from django.core.management import call_command

#: Enough for every sector, the six named companies, and the provinces whose plans are left over.
SMALL = 60


def load(**options: object) -> str:
    """What `manage.py load_demo` prints."""
    out = StringIO()
    call_command("load_demo", stdout=out, **{"emitters": SMALL, **options})
    return out.getvalue()
