"""What schemathesis makes of the schema's GET operations is answered as the schema says, and never by a 500."""

import subprocess
import sys
from pathlib import Path

import pytest

from accounts.api.keys import make_key
from tests.support.clients import person
from tests.support.market import make_market
from tests.support.processes import Site

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


@pytest.mark.first
def test_every_get_operation_answers_as_the_schema_says(site: Site, tmp_path: Path) -> None:
    market = make_market()
    market.submit("A", "list", "a1", side="sell", price="48.00", qty=100)
    market.submit("B", "take", "b1", side="buy", price="48.00", qty=40)
    market.drain()
    _key, plain = make_key(person(market.members["A"]), "test", ["read"])
    words = [
        *(
            f"{site.url}/api/schema/",
            "--include-path-regex",
            "^/api/v1/",
            "--exclude-method",
            "POST",
            "--exclude-method",
            "DELETE",
        ),
        *("--checks", CHECKS, "--max-examples", "8", "--phases", "examples,coverage", "--seed", "1"),
        *("-H", f"Authorization: Token {plain}", "--no-color"),
    ]
    program = Path(sys.executable).with_name("schemathesis")
    run = subprocess.run(
        [str(program), "run", *words], cwd=tmp_path, capture_output=True, text=True, timeout=300
    )
    assert run.returncode == 0, run.stdout[-6_000:] + run.stderr[-2_000:]
