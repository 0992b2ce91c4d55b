"""Files that come with a form of a page: stored as soon as they are sent, kept while the form is corrected.

files = uploads.kept(request, user)
try:
    uploads.attach(request, user, files)
    verb(…, documents=files)
except Refused:
    … the form again, with `kept=files`, which `parts/attach.html` shows
"""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.approvals import documents
from accounts.approvals.errors import Refused
from accounts.approvals.models import Document
from accounts.models import User

MOST_FILES = 20


def kept(request: HttpRequest, user: User) -> list[Document]:
    """Files of an earlier step, where they are still the person's own and belong to no request."""
    ids = [int(one) for one in request.POST.getlist("kept")[:MOST_FILES] if one.isascii() and one.isdigit()]
    known = [one for one in ids if one < 2**63]
    return list(Document.objects.filter(pk__in=known, uploaded_by=user, request=None).order_by("pk"))


def attach(request: HttpRequest, user: User, files: list[Document]) -> None:
    """Stores what came in the field `file`, and adds it to `files`. Raises Refused as `documents.store` does."""
    for upload in request.FILES.getlist("file"):
        if len(files) >= MOST_FILES:
            words = _("At most %(most)s files come with one request.") % {"most": MOST_FILES}
            raise Refused("TOO_MANY_FILES", words)
        files.append(documents.store(upload, by=user, at=clock.now()))
