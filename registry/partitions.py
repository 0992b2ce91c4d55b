"""Tables partitioned by month, natively in PostgreSQL: transfers, trades and events grow for ever.

A partitioned table's key must hold the partition column, so the database's primary key is (key, day)
while Django knows the single field. Months are made ahead when a trading day opens; rows of a month
that nobody made go to the default partition, so that nothing is ever refused for want of one.
"""

import datetime as dt
from typing import Any

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import CreateModel
from django.db.migrations.state import ProjectState

TABLES = ("registry_transfer", "exchange_trade", "exchange_event")


class CreatePartitionedModel(CreateModel):
    """CreateModel whose table is PARTITION BY RANGE (day), with a default partition."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        super().database_forwards(app_label, schema_editor, from_state, to_state)
        model: Any = to_state.apps.get_model(app_label, self.name)
        table, key = model._meta.db_table, model._meta.pk.column
        schema_editor.execute(f"ALTER TABLE {table} RENAME TO {table}_plain")
        schema_editor.execute(
            f"CREATE TABLE {table} (LIKE {table}_plain INCLUDING DEFAULTS INCLUDING CONSTRAINTS) PARTITION BY RANGE (day)"
        )
        schema_editor.execute(f"DROP TABLE {table}_plain")
        schema_editor.execute(f"ALTER TABLE {table} ADD PRIMARY KEY ({key}, day)")
        schema_editor.execute(f"CREATE TABLE {table}_default PARTITION OF {table} DEFAULT")
        if model._meta.pk.get_internal_type() == "BigAutoField":
            schema_editor.execute(f"CREATE SEQUENCE {table}_{key}_seq OWNED BY {table}.{key}")
            schema_editor.execute(f"ALTER TABLE {table} ALTER {key} SET DEFAULT nextval('{table}_{key}_seq')")


def months_from(day: dt.date, count: int) -> list[tuple[dt.date, dt.date]]:
    """The first days of `count` months and of the months after them, beginning with the month of `day`."""
    months = []
    first = day.replace(day=1)
    for _ in range(count):
        following = (first + dt.timedelta(days=32)).replace(day=1)
        months.append((first, following))
        first = following
    return months


def make_partitions(day: dt.date, months: int = 2) -> None:
    """Makes the partitions of the month of `day` and the following ones, where they are missing.

    A month whose rows already lie in the default partition stays there: it is complete, only larger.
    """
    with connection.cursor() as cursor:
        for table in TABLES:
            for first, following in months_from(day, months):
                name = f"{table}_{first:%Y_%m}"
                cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [name])
                if cursor.fetchone()[0]:
                    continue
                cursor.execute(
                    f"SELECT EXISTS (SELECT 1 FROM {table}_default WHERE day >= %s AND day < %s)",  # noqa: S608 - our own names
                    [first, following],
                )
                if not cursor.fetchone()[0]:
                    cursor.execute(
                        f"CREATE TABLE {name} PARTITION OF {table} FOR VALUES FROM ('{first}') TO ('{following}')"
                    )
