import django.db.models.deletion
import pgtrigger.compiler
from django.db import migrations, models

from accounts.trigger_operations import InstallTrigger
from registry.partitions import CreatePartitionedModel


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Asset",
            fields=[
                ("code", models.CharField(max_length=16, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("money", "Money"), ("allowance", "Allowance"), ("credit", "Credit")],
                        max_length=16,
                    ),
                ),
                ("name_zh", models.CharField(max_length=80)),
                ("name_en", models.CharField(max_length=80)),
            ],
        ),
        migrations.CreateModel(
            name="Batch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cause", models.CharField(max_length=120, unique=True)),
                ("day", models.DateField()),
                ("posted_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="LedgerDay",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("transfers", models.BigIntegerField()),
                ("head", models.CharField(max_length=64)),
                ("previous_head", models.CharField(max_length=64)),
                ("sealed_at", models.DateTimeField()),
            ],
        ),
        CreatePartitionedModel(
            name="Transfer",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("day", models.DateField()),
                ("amount", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("deposit", "Deposit"),
                            ("withdrawal", "Withdrawal"),
                            ("issuance", "Issuance"),
                            ("recall", "Recall"),
                            ("move", "Move between registry and trading"),
                            ("lock", "Locked for an order"),
                            ("release", "Released from an order"),
                            ("trade", "Trade"),
                            ("payment", "Payment of a trade"),
                            ("fee", "Trading fee"),
                            ("settle", "Settled at the close"),
                            ("surrender", "Surrender"),
                            ("cancellation", "Cancellation"),
                        ],
                        max_length=16,
                    ),
                ),
                ("cause", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Account",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("registry", "Registry holding"),
                            ("trading", "Available for trading"),
                            ("order", "Locked by open orders"),
                            ("unsettled", "Bought today"),
                            ("pledged", "Pledged"),
                            ("frozen", "Frozen"),
                            ("pending", "Awaiting approval"),
                            ("source", "Source"),
                            ("surrendered", "Surrendered"),
                            ("cancelled", "Cancelled"),
                            ("converted", "Converted"),
                        ],
                        max_length=16,
                    ),
                ),
                ("balance", models.BigIntegerField(default=0)),
                (
                    "holder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ledger_accounts",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "asset",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="registry.asset"),
                ),
            ],
        ),
        InstallTrigger(
            model_name="batch",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="668239affabe633ef568391b540ff1fd9f74fe7d",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_6c1ec",
                    table="registry_batch",
                    when="BEFORE",
                ),
            ),
        ),
        InstallTrigger(
            model_name="batch",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'rows of % are never removed', TG_TABLE_NAME;",
                    hash="cb527331d76353b0ae2992722c3d15f763b51613",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_83c11",
                    table="registry_batch",
                    when="BEFORE",
                ),
            ),
        ),
        InstallTrigger(
            model_name="ledgerday",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="1f530363873186c8372960f12b0d662a7c9bfd4f",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_fbc0d",
                    table="registry_ledgerday",
                    when="BEFORE",
                ),
            ),
        ),
        InstallTrigger(
            model_name="ledgerday",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'rows of % are never removed', TG_TABLE_NAME;",
                    hash="e7be2ed11ee67e7b14d4b39377532d868e261b22",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_c1aea",
                    table="registry_ledgerday",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddField(
            model_name="transfer",
            name="asset",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                to="registry.asset",
            ),
        ),
        migrations.AddField(
            model_name="transfer",
            name="batch",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                to="registry.batch",
            ),
        ),
        migrations.AddField(
            model_name="transfer",
            name="credit",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="credits",
                to="registry.account",
            ),
        ),
        migrations.AddField(
            model_name="transfer",
            name="debit",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="debits",
                to="registry.account",
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.UniqueConstraint(
                fields=("holder", "asset", "purpose"), name="one_account_per_purpose"
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.UniqueConstraint(fields=("id", "asset"), name="account_id_and_asset"),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(("balance__gte", 0), ("purpose", "source"), _connector="OR"),
                name="balance_never_below_zero",
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "purpose__in",
                        [
                            "registry",
                            "trading",
                            "order",
                            "unsettled",
                            "pledged",
                            "frozen",
                            "pending",
                            "source",
                            "surrendered",
                            "cancelled",
                            "converted",
                        ],
                    )
                ),
                name="account_purpose_is_known",
            ),
        ),
        InstallTrigger(
            model_name="account",
            trigger=pgtrigger.compiler.Trigger(
                name="no_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="f4beb464c64777fda20d88830a028b0ff3aa73a0",
                    operation="DELETE",
                    pgid="pgtrigger_no_delete_b1142",
                    table="registry_account",
                    when="BEFORE",
                ),
            ),
        ),
        InstallTrigger(
            model_name="account",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'rows of % are never removed', TG_TABLE_NAME;",
                    hash="40a011402b212e6a297794a59851deb1319ca322",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_88f1c",
                    table="registry_account",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="transfer_amount_is_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(
                condition=models.Q(("debit", models.F("credit")), _negated=True), name="transfer_moves"
            ),
        ),
        InstallTrigger(
            model_name="transfer",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="f08b840d2d8b3051368cf36ecc4257f88237ae0e",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_f291b",
                    table="registry_transfer",
                    when="BEFORE",
                ),
            ),
        ),
        InstallTrigger(
            model_name="transfer",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'rows of % are never removed', TG_TABLE_NAME;",
                    hash="85ee5cc2dd5f17d5d062c1a6fa7ba9bf61693015",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_b056e",
                    table="registry_transfer",
                    when="BEFORE",
                ),
            ),
        ),
        # Both ends of a transfer hold its asset, and its batch exists.
        migrations.RunSQL(
            """
            ALTER TABLE registry_transfer
                ADD CONSTRAINT transfer_debit FOREIGN KEY (debit_id, asset_id) REFERENCES registry_account (id, asset_id),
                ADD CONSTRAINT transfer_credit FOREIGN KEY (credit_id, asset_id) REFERENCES registry_account (id, asset_id),
                ADD CONSTRAINT transfer_batch FOREIGN KEY (batch_id) REFERENCES registry_batch (id);
            CREATE FUNCTION registry_transfer_day_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF (SELECT min(day) FROM fresh) <= (SELECT max(day) FROM registry_ledgerday) THEN
                    RAISE EXCEPTION 'a sealed day takes no more transfers' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NULL;
            END $$;
            CREATE TRIGGER transfer_day_is_open AFTER INSERT ON registry_transfer
                REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION registry_transfer_day_is_open();
            """,
            """
            DROP TRIGGER transfer_day_is_open ON registry_transfer;
            DROP FUNCTION registry_transfer_day_is_open;
            ALTER TABLE registry_transfer
                DROP CONSTRAINT transfer_debit, DROP CONSTRAINT transfer_credit, DROP CONSTRAINT transfer_batch;
            """,
        ),
    ]
