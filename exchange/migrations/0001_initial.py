import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from accounts.trigger_operations import InstallTrigger
from registry.partitions import CreatePartitionedModel


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("registry", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CalendarDay",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("is_trading", models.BooleanField()),
                ("source", models.CharField(max_length=16)),
                ("note", models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="Command",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("list", "List"),
                            ("take", "Take"),
                            ("block", "Block offer"),
                            ("block_accept", "Block acceptance"),
                            ("auction", "Auction"),
                            ("bid", "Bid"),
                            ("auction_close", "Auction close"),
                            ("cancel", "Cancel"),
                            ("phase", "Phase"),
                            ("close_day", "Close of the day"),
                        ],
                        max_length=16,
                    ),
                ),
                ("client_id", models.CharField(blank=True, max_length=64)),
                ("body", models.JSONField()),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("received_at", models.DateTimeField()),
                ("decided_event", models.BigIntegerField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=32)),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commands",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CompositeBar",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("market", "This market"),
                            ("imported", "Imported bulletin"),
                            ("simulated", "Simulated"),
                        ],
                        default="market",
                        max_length=9,
                    ),
                ),
                ("prev_close_fen", models.BigIntegerField()),
                ("open_fen", models.BigIntegerField()),
                ("high_fen", models.BigIntegerField()),
                ("low_fen", models.BigIntegerField()),
                ("close_fen", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="CompositeWeights",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField(unique=True)),
                ("weights", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="DemoClock",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("days", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                (
                    "command",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="order",
                        serialize=False,
                        to="exchange.command",
                    ),
                ),
                ("client_id", models.CharField(max_length=64)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("list", "List"),
                            ("take", "Take"),
                            ("block", "Block offer"),
                            ("block_accept", "Block acceptance"),
                            ("auction", "Auction"),
                            ("bid", "Bid"),
                            ("auction_close", "Auction close"),
                            ("cancel", "Cancel"),
                            ("phase", "Phase"),
                            ("close_day", "Close of the day"),
                        ],
                        max_length=16,
                    ),
                ),
                ("side", models.CharField(choices=[("buy", "Buy"), ("sell", "Sell")], max_length=4)),
                ("price_fen", models.BigIntegerField()),
                ("qty_t", models.BigIntegerField()),
                ("leaves_t", models.BigIntegerField()),
                ("filled_t", models.BigIntegerField(default=0)),
                ("traded_fen", models.BigIntegerField(default=0)),
                ("fee_fen", models.BigIntegerField(default=0)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("filled", "Filled"),
                            ("cancelled", "Cancelled"),
                            ("expired", "Expired"),
                        ],
                        max_length=9,
                    ),
                ),
                ("model", models.CharField(blank=True, max_length=10)),
                ("day", models.DateField()),
                ("accepted_event", models.BigIntegerField()),
                ("changed_event", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Instrument",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=16, unique=True)),
                ("name_zh", models.CharField(max_length=80)),
                ("name_en", models.CharField(max_length=80)),
                ("rank", models.PositiveSmallIntegerField(default=100)),
                (
                    "phase",
                    models.CharField(
                        choices=[
                            ("closed", "Closed"),
                            ("morning", "Morning session"),
                            ("break", "Midday break"),
                            ("afternoon", "Afternoon session"),
                            ("halted", "Halted"),
                        ],
                        default="closed",
                        max_length=9,
                    ),
                ),
                ("halt_reason", models.CharField(blank=True, max_length=200)),
                ("prev_close_fen", models.BigIntegerField()),
                ("last_event", models.BigIntegerField(default=0)),
                ("trade_count", models.BigIntegerField(default=0)),
                ("board", models.JSONField(default=dict)),
                (
                    "asset",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="instrument",
                        to="registry.asset",
                    ),
                ),
            ],
            options={
                "ordering": ["rank", "code"],
            },
        ),
        CreatePartitionedModel(
            name="Event",
            fields=[
                ("no", models.BigIntegerField(primary_key=True, serialize=False)),
                ("day", models.DateField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("accepted", "Accepted"),
                            ("rejected", "Refused"),
                            ("trade", "Trade"),
                            ("cancelled", "Cancelled"),
                            ("expired", "Expired"),
                            ("phase", "Phase"),
                            ("closed", "Day closed"),
                        ],
                        max_length=9,
                    ),
                ),
                ("qty_t", models.BigIntegerField(null=True)),
                ("trade_no", models.BigIntegerField(null=True)),
                ("reason", models.CharField(blank=True, max_length=32)),
                ("at", models.DateTimeField()),
                (
                    "command",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="exchange.command",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "instrument",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="exchange.instrument",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="command",
            name="instrument",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="commands", to="exchange.instrument"
            ),
        ),
        migrations.CreateModel(
            name="Bar",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("market", "This market"),
                            ("imported", "Imported bulletin"),
                            ("simulated", "Simulated"),
                        ],
                        default="market",
                        max_length=9,
                    ),
                ),
                ("final", models.BooleanField(default=False)),
                ("prev_close_fen", models.BigIntegerField()),
                ("open_fen", models.BigIntegerField()),
                ("high_fen", models.BigIntegerField(null=True)),
                ("low_fen", models.BigIntegerField(null=True)),
                ("last_fen", models.BigIntegerField(null=True)),
                ("close_fen", models.BigIntegerField()),
                ("volume_t", models.BigIntegerField(default=0)),
                ("turnover_fen", models.BigIntegerField(default=0)),
                ("trades", models.BigIntegerField(default=0)),
                ("block_volume_t", models.BigIntegerField(default=0)),
                ("block_turnover_fen", models.BigIntegerField(default=0)),
                ("block_trades", models.BigIntegerField(default=0)),
                ("auction_volume_t", models.BigIntegerField(default=0)),
                ("auction_turnover_fen", models.BigIntegerField(default=0)),
                ("auction_trades", models.BigIntegerField(default=0)),
                (
                    "instrument",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bars",
                        to="exchange.instrument",
                    ),
                ),
            ],
            options={
                "ordering": ["day", "instrument_id"],
            },
        ),
        migrations.CreateModel(
            name="InstrumentParameters",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField()),
                ("tick_fen", models.PositiveIntegerField(default=1)),
                ("max_qty_t", models.PositiveBigIntegerField(default=99999)),
                ("block_min_qty_t", models.PositiveBigIntegerField(default=100000)),
                ("band_bps", models.PositiveIntegerField(default=1000)),
                ("block_band_bps", models.PositiveIntegerField(default=3000)),
                ("levels", models.PositiveSmallIntegerField(default=5)),
                ("position_limit_t", models.PositiveBigIntegerField(blank=True, null=True)),
                ("fee_bps", models.PositiveIntegerField(default=0)),
                (
                    "instrument",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parameters",
                        to="exchange.instrument",
                    ),
                ),
            ],
        ),
        CreatePartitionedModel(
            name="Trade",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("no", models.BigIntegerField()),
                ("day", models.DateField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("listed", "Listed"), ("block", "Block"), ("auction", "Auction")],
                        max_length=8,
                    ),
                ),
                ("price_fen", models.BigIntegerField()),
                ("qty_t", models.BigIntegerField()),
                ("buyer_fee_fen", models.BigIntegerField()),
                ("seller_fee_fen", models.BigIntegerField()),
                ("event", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "buyer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "instrument",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="trades",
                        to="exchange.instrument",
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TradingDay",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("closed", "Closed, settlement under way"),
                            ("settled", "Settled"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("calendar", models.CharField(max_length=8)),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("reconciliation", models.JSONField(blank=True, null=True)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "open")),
                        fields=("status",),
                        name="one_open_trading_day",
                    )
                ],
            },
        ),
        InstallTrigger(
            model_name="tradingday",
            trigger=pgtrigger.compiler.Trigger(
                name="no_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="593955575a3c72da1fdff0eb5b9f5b3719fd4e84",
                    operation="DELETE",
                    pgid="pgtrigger_no_delete_adf9b",
                    table="exchange_tradingday",
                    when="BEFORE",
                ),
            ),
        ),
        InstallTrigger(
            model_name="tradingday",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'rows of % are never removed', TG_TABLE_NAME;",
                    hash="d538a8f3de47516a48d144ee07d76ddbf2942ac3",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_4cf4c",
                    table="exchange_tradingday",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddField(
            model_name="trade",
            name="listing",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="exchange.order",
            ),
        ),
        migrations.AddField(
            model_name="trade",
            name="taker",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="exchange.order",
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="counterparty",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organisation",
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="instrument",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="orders", to="exchange.instrument"
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="orders", to="accounts.organisation"
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="parent",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="children",
                to="exchange.order",
            ),
        ),
        migrations.AddField(
            model_name="event",
            name="order",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="exchange.order",
            ),
        ),
        migrations.AddConstraint(
            model_name="instrument",
            constraint=models.CheckConstraint(
                condition=models.Q(("prev_close_fen__gt", 0)), name="prev_close_above_zero"
            ),
        ),
        InstallTrigger(
            model_name="instrument",
            trigger=pgtrigger.compiler.Trigger(
                name="no_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="af005c90e36640d552537c2e8b7ce9c1c4e74760",
                    operation="DELETE",
                    pgid="pgtrigger_no_delete_c375a",
                    table="exchange_instrument",
                    when="BEFORE",
                ),
            ),
        ),
        InstallTrigger(
            model_name="instrument",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'rows of % are never removed', TG_TABLE_NAME;",
                    hash="9ed5768da7230ec1cafcca9b2934be325f2c2a81",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_a9563",
                    table="exchange_instrument",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="command",
            index=models.Index(
                condition=models.Q(("decided_event__isnull", True)),
                fields=["instrument", "id"],
                name="command_undecided",
            ),
        ),
        migrations.AddIndex(
            model_name="command",
            index=models.Index(fields=["organisation", "client_id"], name="command_client_id"),
        ),
        migrations.AddIndex(
            model_name="command",
            index=models.Index(fields=["organisation", "-id"], name="command_of_organisation"),
        ),
        migrations.AddConstraint(
            model_name="command",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("decided_event__isnull", True),
                    ("kind__in", ["list", "take", "block", "block_accept", "auction", "bid"]),
                ),
                fields=("organisation", "client_id"),
                name="one_undecided_order_per_client_id",
            ),
        ),
        InstallTrigger(
            model_name="command",
            trigger=pgtrigger.compiler.Trigger(
                name="no_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="40ab4ea9b31446635d30a9846eb14030028c9dc7",
                    operation="DELETE",
                    pgid="pgtrigger_no_delete_a6683",
                    table="exchange_command",
                    when="BEFORE",
                ),
            ),
        ),
        InstallTrigger(
            model_name="command",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'rows of % are never removed', TG_TABLE_NAME;",
                    hash="5a67f0608df4b5323a98056ae5eac606c7c61c03",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_9ff8e",
                    table="exchange_command",
                    when="BEFORE",
                ),
            ),
        ),
        InstallTrigger(
            model_name="command",
            trigger=pgtrigger.compiler.Trigger(
                name="decided_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="IF OLD.decided_event IS NOT NULL OR (NEW.body, NEW.kind, NEW.client_id) IS DISTINCT FROM (OLD.body, OLD.kind, OLD.client_id) OR (NEW.instrument_id, NEW.organisation_id, NEW.received_at) IS DISTINCT FROM (OLD.instrument_id, OLD.organisation_id, OLD.received_at) THEN RAISE EXCEPTION 'a command is decided once and its content never changes'; END IF; RETURN NEW;",
                    hash="65ab6f3406b63c760650886ae57d06064d85b2e7",
                    operation="UPDATE",
                    pgid="pgtrigger_decided_once_46729",
                    table="exchange_command",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="bar",
            constraint=models.UniqueConstraint(fields=("instrument", "day"), name="one_bar_a_day"),
        ),
        migrations.AddConstraint(
            model_name="bar",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("close_fen__gt", 0), ("trades__gte", 0), ("turnover_fen__gte", 0), ("volume_t__gte", 0)
                ),
                name="bar_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="instrumentparameters",
            constraint=models.UniqueConstraint(
                fields=("instrument", "valid_from"), name="one_parameter_set_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="instrumentparameters",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("band_bps__lt", 10000),
                    ("block_band_bps__lt", 10000),
                    ("levels__gt", 0),
                    ("tick_fen__gt", 0),
                ),
                name="parameters_make_sense",
            ),
        ),
        InstallTrigger(
            model_name="instrumentparameters",
            trigger=pgtrigger.compiler.Trigger(
                name="no_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="25454e105863f163978276e9b893063802114dde",
                    operation="DELETE",
                    pgid="pgtrigger_no_delete_d83f2",
                    table="exchange_instrumentparameters",
                    when="BEFORE",
                ),
            ),
        ),
        InstallTrigger(
            model_name="instrumentparameters",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'rows of % are never removed', TG_TABLE_NAME;",
                    hash="887ffdd5a9a66bd93ba5e0cc446d73edefe6f05c",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_defbc",
                    table="exchange_instrumentparameters",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="trade",
            constraint=models.UniqueConstraint(fields=("instrument", "no", "day"), name="trade_number_once"),
        ),
        migrations.AddConstraint(
            model_name="trade",
            constraint=models.CheckConstraint(
                condition=models.Q(("price_fen__gt", 0), ("qty_t__gt", 0)), name="trade_above_zero"
            ),
        ),
        migrations.AddConstraint(
            model_name="trade",
            constraint=models.CheckConstraint(
                condition=models.Q(("buyer", models.F("seller")), _negated=True), name="nobody_trades_alone"
            ),
        ),
        InstallTrigger(
            model_name="trade",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="91b336b40f14f4bd19e8973d0dd987ffbcab7ee8",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_81ac6",
                    table="exchange_trade",
                    when="BEFORE",
                ),
            ),
        ),
        InstallTrigger(
            model_name="trade",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'rows of % are never removed', TG_TABLE_NAME;",
                    hash="e104388da27a5911f88cc5664cdc6ecbbf14a5c7",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_639ed",
                    table="exchange_trade",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("status", "open")),
                fields=["instrument", "accepted_event"],
                name="order_open",
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["instrument", "changed_event"], name="order_changed"),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.UniqueConstraint(
                fields=("organisation", "client_id"), name="client_id_accepted_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("price_fen__gt", 0),
                    ("qty_t__gt", 0),
                    ("filled_t__gte", 0),
                    ("leaves_t__gte", 0),
                    (
                        "qty_t__gte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("leaves_t"), "+", models.F("filled_t")
                        ),
                    ),
                ),
                name="order_leaves_within_quantity",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("leaves_t__gt", 0), ("status", "open")),
                    models.Q(models.Q(("status", "open"), _negated=True), ("leaves_t", 0)),
                    _connector="OR",
                ),
                name="open_order_has_leaves",
            ),
        ),
        InstallTrigger(
            model_name="order",
            trigger=pgtrigger.compiler.Trigger(
                name="no_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="80323e93e25ad1ae41f0e996ad0165f17fe77e2a",
                    operation="DELETE",
                    pgid="pgtrigger_no_delete_787b6",
                    table="exchange_order",
                    when="BEFORE",
                ),
            ),
        ),
        InstallTrigger(
            model_name="order",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'rows of % are never removed', TG_TABLE_NAME;",
                    hash="c70c48ce96d5f5cd7cd9e436d39f6fd8feae1749",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_58620",
                    table="exchange_order",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["instrument", "no"], name="event_of_instrument"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["organisation", "no"], name="event_of_organisation"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("other__isnull", False)), fields=["other", "no"], name="event_of_other"
            ),
        ),
        InstallTrigger(
            model_name="event",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="bc2c9c1b18ad1b829dec9f33717bf02bdcedc18b",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_126eb",
                    table="exchange_event",
                    when="BEFORE",
                ),
            ),
        ),
        InstallTrigger(
            model_name="event",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'rows of % are never removed', TG_TABLE_NAME;",
                    hash="79f7a6d2d25711a446177831f0879f1942d73f70",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_dac7b",
                    table="exchange_event",
                    when="BEFORE",
                ),
            ),
        ),
        # One sequence for all events, so that they have one order; numbers may have gaps.
        migrations.RunSQL("CREATE SEQUENCE exchange_event_no", "DROP SEQUENCE exchange_event_no"),
    ]
