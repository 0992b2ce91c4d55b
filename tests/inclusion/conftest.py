"""A metro as the operator of a scene, persons with carbon accounts, and files of their trips. Real verbs only."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pytest
from django.utils import translation

from accounts.approvals import verbs
from accounts.models import Organisation, User
from registry.inclusion import importing, personal, scenes
from registry.inclusion.models import ActivityImport, PersonalAccount, Scene
from tests.support.registry import Registry, beijing, make_registry

OPENED = dt.date(2026, 1, 1)
JOINED = beijing(2026, 1, 2)
AT = beijing(2026, 3, 2)
HEAD = "record,account,day,amount"
#: record id, person, day, amount
Trip = tuple[str, str, str, str]


@dataclass
class Inclusion:
    registry: Registry

    def person(self, key: str) -> User:
        return self.registry.people[key]

    def operator(self, code: str) -> None:
        house = Organisation.objects.create(
            code=code, kind="institution", name_zh=f"{code}地铁", name_en=f"{code} Metro"
        )
        self.registry.organisations[code] = house
        self.registry.person(house, "initiator", "initiator")
        self.registry.person(house, "approver", "approver")

    def individual(self, name: str, *joined: Scene) -> PersonalAccount:
        house = Organisation.objects.create(code=name, kind="individual", name_zh=name, name_en=name)
        self.registry.organisations[name] = house
        user = self.registry.person(house, "self", "viewer")
        account = personal.open_account(by=user, at=JOINED)
        for scene in joined:
            personal.join(scene, by=user, at=JOINED)
        return account

    def account(self, name: str) -> PersonalAccount:
        return PersonalAccount.objects.get(organisation=self.registry.organisations[name])

    def scene(self, code: str = "SH-METRO", methodology: str = "metro", operator: str = "metro") -> Scene:
        return scenes.register(
            code=code, methodology=methodology, name_zh="轨道交通", name_en="Metro trips", operator=operator,
            opened_on=OPENED, by=self.person("issuer@registry"), at=AT,
        )  # fmt: skip

    def file(self, trips: Iterable[Trip]) -> bytes:
        """A file of these trips; `person` is the name of an individual, or a number as it stands."""
        lines = [HEAD]
        for record, person, day, amount in trips:
            known = person in self.registry.organisations
            lines.append(f"{record},{self.account(person).number if known else person},{day},{amount}")
        return "\n".join(lines).encode()

    def upload(self, scene: Scene, trips: Iterable[Trip], at: dt.datetime = AT) -> ActivityImport:
        operator = scene.project.owner.code
        return importing.upload(
            scene,
            file_name="trips.csv",
            content=self.file(trips),
            by=self.person(f"initiator@{operator}"),
            at=at,
        )

    def send(self, job: ActivityImport, at: dt.datetime = AT) -> ActivityImport:
        return importing.send(
            job, by=self.person(f"initiator@{job.scene.project.owner.code}"), reason="weekly", at=at
        )

    def approve(self, job: ActivityImport, at: dt.datetime = AT) -> None:
        job.refresh_from_db()
        assert job.request_id is not None
        operator = job.scene.project.owner.code
        verbs.approve(job.request_id, by=self.person(f"approver@{operator}"), reason="agreed", at=at)
        job.refresh_from_db()

    def record(self, scene: Scene, trips: Iterable[Trip], at: dt.datetime = AT) -> ActivityImport:
        """Uploaded, sent, approved."""
        job = self.send(self.upload(scene, trips, at), at)
        self.approve(job, at)
        return job


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Words of refusals are read here in English, whatever spoke before."""
    with translation.override("en"):
        yield


@pytest.fixture
def inclusion(db: None) -> Inclusion:
    made = Inclusion(make_registry(emitters=("jianghai",)))
    made.operator("metro")
    return made


@pytest.fixture
def scene(inclusion: Inclusion) -> Scene:
    """The metro's scene; `ana` and `bo` take part since 2026-01-02, `cy` has an account and does not."""
    made = inclusion.scene()
    inclusion.individual("ana", made)
    inclusion.individual("bo", made)
    inclusion.individual("cy")
    return made
