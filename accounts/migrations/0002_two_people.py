import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from accounts.trigger_operations import InstallTrigger


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("stage", models.PositiveSmallIntegerField()),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("approved", "Approved"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                            ("expired", "Expired"),
                        ],
                        max_length=16,
                    ),
                ),
                ("reason", models.TextField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uploaded_at", models.DateTimeField()),
                ("name", models.CharField(max_length=200)),
                ("content_type", models.CharField(max_length=100)),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("file", models.CharField(max_length=100, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=64)),
                ("params", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                ("mailed_at", models.DateTimeField(blank=True, null=True)),
                ("mail_attempts", models.PositiveSmallIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Request",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=64)),
                ("requested_at", models.DateTimeField()),
                ("reason", models.TextField()),
                ("payload", models.JSONField(default=dict)),
                ("stages", models.PositiveSmallIntegerField()),
                ("stage", models.PositiveSmallIntegerField(default=0)),
                ("decider_role", models.CharField(max_length=16)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Waiting for a decision"),
                            ("approved", "Approved"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                            ("expired", "Expired"),
                        ],
                        default="pending",
                        max_length=16,
                    ),
                ),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.AddField(
            model_name="organisation",
            name="credit_code",
            field=models.CharField(blank=True, default="", max_length=18),
        ),
        migrations.AddField(
            model_name="organisation",
            name="province",
            field=models.CharField(blank=True, default="", max_length=6),
        ),
        migrations.AddField(
            model_name="user",
            name="person",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.AlterField(
            model_name="organisation",
            name="status",
            field=models.CharField(
                choices=[("active", "Active"), ("suspended", "Suspended"), ("closed", "Closed")],
                default="active",
                max_length=16,
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("credit_code", ""), _negated=True),
                fields=("credit_code",),
                name="credit_code_is_unique",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "province"), models.Q(("province", ""), _negated=True)),
                fields=("province",),
                name="one_authority_a_province",
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="organisation",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="accounts.organisation"
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="uploaded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="documents",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="to",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notices",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="request",
            name="about",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="requests_about",
                to="accounts.organisation",
            ),
        ),
        migrations.AddField(
            model_name="request",
            name="decider",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="requests_to_decide",
                to="accounts.organisation",
            ),
        ),
        migrations.AddField(
            model_name="request",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="requests",
                to="accounts.organisation",
            ),
        ),
        migrations.AddField(
            model_name="request",
            name="requested_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="requests",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="request",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notices",
                to="accounts.request",
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="request",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="documents",
                to="accounts.request",
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="request",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="accounts.request"
            ),
        ),
        migrations.AddIndex(
            model_name="request",
            index=models.Index(
                condition=models.Q(("state", "pending")),
                fields=["decider", "decider_role"],
                name="request_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="request",
            index=models.Index(
                condition=models.Q(("state", "pending")), fields=["expires_at"], name="request_expiring"
            ),
        ),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["pending", "approved", "refused", "withdrawn", "expired"])),
                name="request_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("state", "pending")),
                    models.Q(models.Q(("state", "pending"), _negated=True), ("decided_at__isnull", False)),
                    _connector="OR",
                ),
                name="request_is_decided_once_it_ended",
            ),
        ),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.CheckConstraint(
                condition=models.Q(("stages__gt", 0), ("stage__lt", models.F("stages"))),
                name="request_stage_exists",
            ),
        ),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="request_has_a_reason"
            ),
        ),
        InstallTrigger(
            model_name="request",
            trigger=pgtrigger.compiler.Trigger(
                name="no_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="a9dd3e0d6c785a22a327918cb6d044836b74edf5",
                    operation="DELETE",
                    pgid="pgtrigger_no_delete_de648",
                    table="accounts_request",
                    when="BEFORE",
                ),
            ),
        ),
        InstallTrigger(
            model_name="request",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'rows of % are never removed', TG_TABLE_NAME;",
                    hash="4a4de256703b3a0e5a5919cea4702c3d6ff462f6",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_59e9c",
                    table="accounts_request",
                    when="BEFORE",
                ),
            ),
        ),
        InstallTrigger(
            model_name="request",
            trigger=pgtrigger.compiler.Trigger(
                name="request_stays_as_asked",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."organisation_id" IS DISTINCT FROM (NEW."organisation_id") OR OLD."about_id" IS DISTINCT FROM (NEW."about_id") OR OLD."requested_by_id" IS DISTINCT FROM (NEW."requested_by_id") OR OLD."requested_at" IS DISTINCT FROM (NEW."requested_at") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."payload" IS DISTINCT FROM (NEW."payload") OR OLD."stages" IS DISTINCT FROM (NEW."stages") OR OLD."expires_at" IS DISTINCT FROM (NEW."expires_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="cff4d402276991a668d5a8f19df010027b47f867",
                    operation="UPDATE",
                    pgid="pgtrigger_request_stays_as_asked_d5dd6",
                    table="accounts_request",
                    when="BEFORE",
                ),
            ),
        ),
        InstallTrigger(
            model_name="request",
            trigger=pgtrigger.compiler.Trigger(
                name="begins_pending",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.state <> 'pending' OR NEW.stage <> 0 THEN\n                RAISE EXCEPTION 'a request begins pending, at its first stage';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="92734d01291ac71bd48698c8b01f6daf11ca1ecf",
                    operation="INSERT",
                    pgid="pgtrigger_begins_pending_1c8e5",
                    table="accounts_request",
                    when="BEFORE",
                ),
            ),
        ),
        InstallTrigger(
            model_name="request",
            trigger=pgtrigger.compiler.Trigger(
                name="ends_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF OLD.state <> 'pending' THEN\n                RAISE EXCEPTION 'request % has ended (%) and does not change any more', OLD.id, OLD.state;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="dd64940ef8f70c38f0ca030f34233d8764bc9d10",
                    operation="UPDATE",
                    pgid="pgtrigger_ends_once_49080",
                    table="accounts_request",
                    when="BEFORE",
                ),
            ),
        ),
        InstallTrigger(
            model_name="request",
            trigger=pgtrigger.compiler.Trigger(
                name="every_decision",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF (SELECT count(*) FROM accounts_decision WHERE request_id = NEW.id AND verdict = 'approved')\n               < (CASE NEW.state WHEN 'approved' THEN NEW.stages ELSE NEW.stage END) THEN\n                RAISE EXCEPTION 'request % lacks a decision', NEW.id;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="60da51dee8742813deb13d94e30d86e0159df984",
                    operation="UPDATE",
                    pgid="pgtrigger_every_decision_67fa8",
                    table="accounts_request",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("read_at__isnull", True)), fields=["to"], name="notice_unread"
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("mailed_at__isnull", True)), fields=["id"], name="notice_unmailed"
            ),
        ),
        InstallTrigger(
            model_name="document",
            trigger=pgtrigger.compiler.Trigger(
                name="no_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="931afc9b7608d4e4d5cc62a0bc532a9f2da280e5",
                    operation="DELETE",
                    pgid="pgtrigger_no_delete_faa1f",
                    table="accounts_document",
                    when="BEFORE",
                ),
            ),
        ),
        InstallTrigger(
            model_name="document",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'rows of % are never removed', TG_TABLE_NAME;",
                    hash="005bfcc0cab49127a6ee7385d4587667cbb1933b",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_3a84e",
                    table="accounts_document",
                    when="BEFORE",
                ),
            ),
        ),
        InstallTrigger(
            model_name="document",
            trigger=pgtrigger.compiler.Trigger(
                name="document_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."uploaded_by_id" IS DISTINCT FROM (NEW."uploaded_by_id") OR OLD."uploaded_at" IS DISTINCT FROM (NEW."uploaded_at") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."content_type" IS DISTINCT FROM (NEW."content_type") OR OLD."size" IS DISTINCT FROM (NEW."size") OR OLD."sha256" IS DISTINCT FROM (NEW."sha256") OR OLD."file" IS DISTINCT FROM (NEW."file"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="3e76dc37aeceb8570187118b98292607a9dd0412",
                    operation="UPDATE",
                    pgid="pgtrigger_document_stays_8718a",
                    table="accounts_document",
                    when="BEFORE",
                ),
            ),
        ),
        InstallTrigger(
            model_name="document",
            trigger=pgtrigger.compiler.Trigger(
                name="attached_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF OLD.request_id IS NOT NULL AND OLD.request_id IS DISTINCT FROM NEW.request_id THEN\n                RAISE EXCEPTION 'document % belongs to a request', OLD.id;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="8271a1af97ee9d0e02be87a4df6fb3e51ba7d0fb",
                    operation="UPDATE",
                    pgid="pgtrigger_attached_once_d6462",
                    table="accounts_document",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(fields=("request", "stage"), name="one_decision_a_stage"),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(("verdict__in", ["approved", "refused", "withdrawn", "expired"])),
                name="decision_verdict_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("by__isnull", True), ("organisation__isnull", True), ("verdict", "expired")),
                    models.Q(
                        models.Q(("verdict", "expired"), _negated=True),
                        ("by__isnull", False),
                        ("organisation__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="decision_is_somebodys",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason", ""), _negated=True), ("verdict", "expired"), _connector="OR"
                ),
                name="decision_has_a_reason",
            ),
        ),
        InstallTrigger(
            model_name="decision",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="e0dc89e0439e69484fcf7c4e2bd7f48dd394b8f0",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_5bd6c",
                    table="accounts_decision",
                    when="BEFORE",
                ),
            ),
        ),
        InstallTrigger(
            model_name="decision",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'rows of % are never removed', TG_TABLE_NAME;",
                    hash="ffa59dd1845ae36d041141fc668609bc62b85eae",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_54e0f",
                    table="accounts_decision",
                    when="BEFORE",
                ),
            ),
        ),
        InstallTrigger(
            model_name="decision",
            trigger=pgtrigger.compiler.Trigger(
                name="another_person",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE asked accounts_request%ROWTYPE; human text;",
                    func="\n            SELECT * INTO STRICT asked FROM accounts_request WHERE id = NEW.request_id;\n            IF asked.state <> 'pending' OR asked.stage <> NEW.stage THEN\n                RAISE EXCEPTION 'request % does not wait for this decision', asked.id;\n            END IF;\n            IF NEW.verdict = 'withdrawn' AND NEW.by_id <> asked.requested_by_id THEN\n                RAISE EXCEPTION 'only the requester withdraws request %', asked.id;\n            END IF;\n            IF NEW.verdict IN ('approved', 'refused') THEN\n                SELECT person INTO human FROM accounts_user WHERE id = NEW.by_id;\n                IF EXISTS (\n                    SELECT FROM accounts_user u\n                    WHERE (u.id = NEW.by_id OR (human <> '' AND u.person = human))\n                      AND (u.id = asked.requested_by_id OR u.id IN (\n                          SELECT by_id FROM accounts_decision WHERE request_id = asked.id))\n                ) THEN\n                    RAISE EXCEPTION 'request % is not decided by the same person again', asked.id;\n                END IF;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="d54f2ac0fe9af381e5e415f647ae769e51aad5f4",
                    operation="INSERT",
                    pgid="pgtrigger_another_person_3e4eb",
                    table="accounts_decision",
                    when="BEFORE",
                ),
            ),
        ),
    ]
