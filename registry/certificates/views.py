"""Anybody checks a certificate by its number, without signing in."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from registry.certificates import shown
from registry.certificates.issuing import canonical, digest
from registry.certificates.numbers import normal_form
from registry.certificates.qr import code_svg
from registry.compliance.models import Certificate

LANGUAGES = {"zh": "zh-hans", "en": "en"}


@require_safe
def look_up(request: HttpRequest) -> HttpResponse:
    """The form; with `?number=` on to the certificate, or back with what to do."""
    typed = request.GET.get("number", "").strip()[:80]
    number = normal_form(typed) if typed else ""
    error = ""
    if typed and not number:
        error = _("This is no number of a certificate: such as LY-2024-7K3M-9QXR. Compare it sign by sign.")
    elif number and Certificate.objects.filter(number=number).exists():
        return redirect("certificate", number=number)
    elif number:
        error = _("No certificate was issued under this number. Who shows you one with it shows no true one.")
    return render(
        request, "registry/certificates/look_up.html", {"typed": typed, "error": error}, status=404 if error else 200
    )  # fmt: skip


@require_safe
def one(request: HttpRequest, number: str) -> HttpResponse:
    """What was certified, its digest, and the code that leads here."""
    found = _certificate(number)
    address = request.build_absolute_uri(reverse("certificate", args=[found.number]))
    return render(
        request,
        "registry/certificates/one.html",
        {
            "certificate": found,
            "title": shown.title(found),
            "sentence": shown.sentence(found),
            "facts": shown.facts(found),
            "synthetic": bool(found.content.get("synthetic")),
            "canonical": canonical(found.content),
            "unchanged": digest(found.content) == found.sha256,
            # Drawn by our own library from an address of our own.
            "code": mark_safe(code_svg(address)),  # noqa: S308
        },
    )


@require_safe
def download(request: HttpRequest, number: str) -> HttpResponse:
    """The PDF, in the language of the page or of `?lang=zh` and `?lang=en`."""
    # The writer of PDFs takes half a second to import, which every start of every process would wait for.
    from registry.certificates.pdf import pdf

    found = _certificate(number)
    language = LANGUAGES.get(request.GET.get("lang", ""), get_language() or "zh-hans")
    address = request.build_absolute_uri(reverse("certificate", args=[found.number]))
    answer = HttpResponse(pdf(found, language, address=address), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{found.number}.pdf"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _certificate(typed: str) -> Certificate:
    number = normal_form(typed)
    if not number:
        raise Http404
    return get_object_or_404(Certificate, number=number)
