"""A registry of two provinces: 江海 (two units), 云岭 (steel) in Shanghai, 沧江 in Yunnan."""

import pytest

from registry.emitters.figures import Figures
from registry.models import Unit
from tests.emitters.support import D
from tests.support.registry import YUNNAN, Registry, make_registry


@pytest.fixture
def registry(db: None) -> Registry:
    made = make_registry(emitters=("jianghai",))
    made.emitter("hongta", sector="steel")
    made.emitter("cangjiang", province=YUNNAN)
    for code in ("jianghai", "hongta", "cangjiang"):
        made.year(code, 2024)
    made.unit("jianghai", "1#")
    made.unit("jianghai", "2#", "IV")
    made.unit("hongta", "L1", "", "")
    made.unit("cangjiang", "1#", "II")
    return made


@pytest.fixture
def unit(registry: Registry) -> Unit:
    return Unit.objects.get(emitter__organisation__code="jianghai", code="1#")


@pytest.fixture
def figures() -> Figures:
    """The worked example of registry-rules.md 3."""
    return Figures(
        verified_t=2_700_000, generation_mwh=D("3000000"), supply_mwh=D("2820000"), heat_gj=D("1000000"),
        load_factor=D("0.60"), heat_ratio=D("0.05"), cooling="water",
    )  # fmt: skip
