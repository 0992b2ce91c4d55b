"""Oversight over the API: the same figures and the same rights as the pages."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.support.registry import Registry

People = Callable[..., Client]


def test_a_year_and_its_emitters(as_person: People) -> None:
    nation = as_person("regulator@mee").get("/api/v1/oversight/?year=2024").json()
    assert (nation["whole"]["emitters"], nation["whole"]["gap_t"]) == (5, 1_800)
    assert nation["curve"][-1]["total_t"] == 2_200
    rows = as_person("regulator@shanghai").get("/api/v1/oversight/emitters/?year=2024&state=complete").json()
    assert [(row["code"], row["surrendered_t"], row["credits_t"]) for row in rows["results"]] == [
        ("done", 1_000, 50)
    ]


@pytest.mark.parametrize("url", ["/api/v1/oversight/", "/api/v1/oversight/emitters/"])
def test_rights(made: Registry, as_person: People, url: str) -> None:
    assert Client().get(url).status_code in {401, 403}
    overseers = ("mee", "office-national", "shanghai", "yunnan", "registry", "office-registry")
    for name in made.people:
        expected = 200 if name.partition("@")[2] in overseers else 403
        assert as_person(name).get(url).status_code == expected, name
    assert as_person("regulator@mee").get(f"{url}?year=x").status_code == 400
    assert as_person("regulator@mee").get(f"{url}?year=999999").status_code == 200
    assert as_person("regulator@mee").get(f"{url}?year=1").status_code == 200
