"""Triggers in migrations, without Django's model of every table between one and the next.

pgtrigger's own operation draws up all related models anew for each trigger: fifty of them took 10 s of every fresh
database, and nothing of it is needed to send SQL that is already written.
"""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState
from pgtrigger.compiler import Trigger
from pgtrigger.migrations import AddTrigger


class InstallTrigger(AddTrigger):
    """AddTrigger whose SQL is sent as it stands."""

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        options = state.models[app_label, self.model_name].options
        options["triggers"] = [*options.get("triggers", []), self.trigger]

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        assert isinstance(self.trigger, Trigger), "a migration holds triggers that are compiled already"
        schema_editor.execute(self.trigger.install_sql, params=None)
