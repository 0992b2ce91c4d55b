"""Whether this process is up, and whether the parts it needs are reachable."""

import redis
from django.db import Error as DatabaseError
from django.db import connection
from drf_spectacular.utils import extend_schema
from rest_framework import permissions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.heartbeats import BEAT, QUEUE, QUEUES
from accounts.valkey import client

UP, DOWN = "up", "down"


class HealthSerializer(serializers.Serializer[dict[str, str]]):
    status = serializers.ChoiceField([UP])


class ReadinessSerializer(serializers.Serializer[dict[str, str]]):
    status = serializers.ChoiceField(["ready", "not_ready"])
    database = serializers.ChoiceField([UP, DOWN])
    broker = serializers.ChoiceField([UP, DOWN])
    worker = serializers.ChoiceField([UP, DOWN], help_text="up when somebody takes from every queue")
    beat = serializers.ChoiceField([UP, DOWN])


class _Open(APIView):
    """Asked every few seconds by machines, without a key, and never throttled."""

    authentication_classes = ()
    permission_classes = (permissions.AllowAny,)
    throttle_classes = ()


class Health(_Open):
    @extend_schema(operation_id="healthz", responses=HealthSerializer, tags=["health"], auth=[])
    def get(self, request: Request) -> Response:
        """This process answers."""
        return Response({"status": UP})


class Readiness(_Open):
    @extend_schema(
        operation_id="readyz",
        responses={200: ReadinessSerializer, 503: ReadinessSerializer},
        tags=["health"],
        auth=[],
    )
    def get(self, request: Request) -> Response:
        """Database, broker, workers and beat, each with its state; 503 while one is missing."""
        parts = {"database": database(), **valkey()}
        ready = all(state == UP for state in parts.values())
        return Response(
            {"status": "ready" if ready else "not_ready", **parts},
            status=200 if ready else 503,
            headers={"Cache-Control": "no-store"},
        )


def database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return DOWN
    return UP


def valkey() -> dict[str, str]:
    """The broker, and who has lately given a sign of life over it."""
    try:
        beat, *queues = client().mget([BEAT, *(QUEUE + name for name in QUEUES)])
    except redis.RedisError:
        return dict.fromkeys(("broker", "worker", "beat"), DOWN)
    return {"broker": UP, "worker": UP if all(queues) else DOWN, "beat": UP if beat else DOWN}
