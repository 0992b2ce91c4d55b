"""A registry with three emitters, and documents as somebody uploaded them."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from accounts.approvals import documents, verbs
from accounts.approvals.models import Document, Request
from accounts.models import User
from registry.audit.run import reconcile
from tests.support.registry import Registry, beijing, make_registry

NOW = beijing(2026, 3, 2)
Attach = Callable[[User], list[Document]]


def carry_over_days() -> dt.datetime:
    """A platform's time for tests: a Monday in the application window of carry-over."""
    return beijing(2026, 3, 9)


@pytest.fixture
def registry(db: None) -> Registry:
    return make_registry(emitters=("jianghai", "yunling", "minjiang"))


@pytest.fixture
def attach(settings: Settings, tmp_path: Path) -> Attach:
    settings.DATA_DIR = tmp_path

    def store(by: User) -> list[Document]:
        upload = SimpleUploadedFile("order.pdf", b"%PDF-1.7 an order of a court")
        return [documents.store(upload, by=by, at=NOW)]

    return store


def approve(registry: Registry, request: Request | None, *people: str, at: dt.datetime = NOW) -> Request:
    """Each of them approves a stage, in turn."""
    assert request is not None
    for person in people:
        request = verbs.approve(request.pk, by=registry.people[person], reason="in order", at=at)
    return request


def refuse(registry: Registry, request: Request | None, person: str, at: dt.datetime = NOW) -> Request:
    assert request is not None
    return verbs.refuse(request.pk, by=registry.people[person], reason="not in order", at=at)


def assert_clean() -> None:
    assert [str(found) for found in reconcile().breaks] == []
