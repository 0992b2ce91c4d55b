"""The schema, and a page to try it, under the platform's strict content security policy."""

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView


class Schema(SpectacularAPIView):
    """OpenAPI 3.1; JSON or YAML by the Accept header."""

    permission_classes = ()
    authentication_classes = ()


class Docs(SpectacularSwaggerSplitView):
    """Swagger UI from our own files; its script comes by an address of its own, not inline."""

    permission_classes = ()
    authentication_classes = ()
    template_name = "api/docs.html"
    url_name = "schema"
