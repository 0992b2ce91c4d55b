"""`python -m config.local COMMAND …`: run a command with fresh servers that are gone afterwards.

For what needs a database but must not touch the demo's: benchmarks, migration checks, trying things out.
"""

import os
import secrets
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from config.local.children import ChildError, Family
from config.local.identity import NoIdentityError, forget
from config.local.programs import MissingProgramError
from config.local.servers import bring_up


def main(argv: list[str]) -> int:
    """The command's exit code; 2 where the servers did not come up."""
    if not argv:
        print("usage: python -m config.local COMMAND [ARGUMENT …]", file=sys.stderr)  # noqa: T201
        return 2
    # SIGTERM must unwind the stack like Ctrl-C does, or the servers' folder would stay behind.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    family = Family()
    with tempfile.TemporaryDirectory(prefix="tanshi-") as folder:
        try:
            addresses = bring_up(family, Path(folder))
            environment = {"SECRET_KEY": secrets.token_urlsafe(), **os.environ, **addresses}
            return subprocess.run(argv, check=False, env=environment).returncode
        except (ChildError, NoIdentityError, MissingProgramError) as error:
            print(error, file=sys.stderr)  # noqa: T201
            return 2
        finally:
            family.stop()
            forget(Path(folder) / "postgres")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
