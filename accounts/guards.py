"""Guards that the database itself keeps, put together once."""

import pgtrigger

#: Name of the guard against TRUNCATE; the test harness finds it by this to empty tables between tests.
NO_TRUNCATE = "no_truncate"


def _no_truncate() -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=NO_TRUNCATE,
        operation=pgtrigger.Truncate,
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        func="RAISE EXCEPTION 'rows of % are never removed', TG_TABLE_NAME;",
    )


def append_only() -> list[pgtrigger.Trigger]:
    """Rows are written once: UPDATE, DELETE and TRUNCATE are refused, to the application's own role too."""
    return [
        pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        _no_truncate(),
    ]


def never_deleted() -> list[pgtrigger.Trigger]:
    """Rows may change, but never go."""
    return [pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete), _no_truncate()]
