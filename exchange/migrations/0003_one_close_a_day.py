import django.db.models.fields.json
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("exchange", "0002_bulletin"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="command",
            constraint=models.UniqueConstraint(
                models.F("instrument"),
                django.db.models.fields.json.KeyTextTransform("date", "body"),
                condition=models.Q(("kind", "close_day")),
                name="one_close_a_day",
            ),
        ),
    ]
