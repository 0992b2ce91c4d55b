"""Keys in the API: a list, and an end to one. They are made in the browser only, where a second factor is shown."""

from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.keys import visible_to
from accounts.api.pagination import Cursor
from accounts.api.permissions import Reads
from accounts.models import ApiKey, User
from accounts.sign_in.key_views import revoked


class KeySerializer(serializers.ModelSerializer[ApiKey]):
    """What is known of a key; its text nobody can read again."""

    id = serializers.CharField(source="token_key", read_only=True)
    person = serializers.EmailField(source="user.email", read_only=True)
    created = serializers.DateTimeField(read_only=True)
    expires = serializers.DateTimeField(source="expiry", read_only=True, allow_null=True)

    class Meta:
        model = ApiKey
        fields = (
            "id", "person", "name", "scopes", "allowed_ips", "created", "expires", "last_used_at",
            "last_used_from",
        )  # fmt: skip
        read_only_fields = fields


class ByCreation(Cursor):
    """A key's primary key is its digest, which stays in the database."""

    ordering = "-created"


class Keys(generics.ListAPIView[ApiKey]):
    """One's own keys; for an administrator those of the organisation's people."""

    permission_classes = (Reads,)
    serializer_class = KeySerializer
    pagination_class = ByCreation
    filter_backends = ()
    queryset = ApiKey.objects.none()

    @extend_schema(operation_id="keys_list")
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """Newest first. Keys are made at /accounts/keys/."""
        return super().get(request, *args, **kwargs)

    def get_queryset(self):  # type: ignore[no-untyped-def] # the generic's own annotation fits no manager of knox
        user = self.request.user
        return visible_to(user) if isinstance(user, User) else ApiKey.objects.none()


class OneKey(APIView):
    """One of them."""

    permission_classes = (Reads,)

    @extend_schema(operation_id="keys_revoke", request=None, responses={204: None})
    def delete(self, request: Request, key: str) -> Response:
        """From here on it opens nothing. A key revokes itself alone; a browser's session all that it sees."""
        assert isinstance(request.user, User), "nobody else gets past the permissions"
        found = visible_to(request.user).filter(token_key=key).first()
        if found is None or (isinstance(request.auth, ApiKey) and request.auth.pk != found.pk):
            raise NotFound
        revoked(found, by=request.user)
        return Response(status=204)
