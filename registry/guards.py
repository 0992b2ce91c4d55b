"""Guards that the database itself keeps: the same for every layer, so they are made in the lowest."""

from accounts.guards import NO_TRUNCATE, append_only, never_deleted

__all__ = ["NO_TRUNCATE", "append_only", "never_deleted"]
