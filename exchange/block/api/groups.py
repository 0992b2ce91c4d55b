"""/api/v1/blocks/groups/: the groups that a member makes offers to; each is its owner's alone."""

from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from exchange.api.orders import user_of
from exchange.block import groups, selectors
from exchange.block.api import serializers as shapes
from exchange.block.api.asking import PERMISSIONS, tried
from exchange.block.api.views import read
from exchange.block.models import BlockGroup
from exchange.block.people import member_called
from exchange.intake import Refused

ONE = shapes.GroupSerializer


def own(number: int, user: User) -> BlockGroup:
    """With its members. Raises Refused (UNKNOWN_GROUP)."""
    found = selectors.groups_of(user).filter(pk=number).first()
    if found is None:
        raise Refused("UNKNOWN_GROUP")
    return found


class _Groups(generics.GenericAPIView[BlockGroup]):
    permission_classes = PERMISSIONS
    serializer_class = ONE
    filter_backends = ()
    queryset = BlockGroup.objects.none()

    def shown(self, number: int, user: User, status: int = 200) -> Response:
        return Response(shapes.group_shown(tried(lambda: own(number, user))), status=status)


class Groups(_Groups):
    @extend_schema(operation_id="blocks_groups_list", responses=ONE(many=True))
    def get(self, request: Request) -> Response:
        """One's own groups."""
        page = self.paginate_queryset(selectors.groups_of(user_of(request))) or []
        return self.get_paginated_response([shapes.group_shown(group) for group in page])

    @extend_schema(operation_id="blocks_groups_create", request=shapes.GroupRequest, responses={201: ONE})
    def post(self, request: Request) -> Response:
        """A new group, without members."""
        user, body = user_of(request), read(shapes.GroupRequest, request)
        group = tried(lambda: groups.create(body["name"], by=user))
        return self.shown(group.pk, user, 201)


class OneGroup(_Groups):
    @extend_schema(operation_id="blocks_groups_retrieve", responses={200: ONE, 404: None})
    def get(self, request: Request, pk: int) -> Response:
        """Its name and members."""
        return self.shown(pk, user_of(request))

    @extend_schema(
        operation_id="blocks_groups_rename", request=shapes.GroupRequest, responses={200: ONE, 404: None}
    )
    def put(self, request: Request, pk: int) -> Response:
        """Another name."""
        user, body = user_of(request), read(shapes.GroupRequest, request)
        tried(lambda: groups.rename(pk, body["name"], by=user))
        return self.shown(pk, user)

    @extend_schema(operation_id="blocks_groups_close", responses={204: None, 404: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Ends it; offers that were made to it stay."""
        user = user_of(request)
        tried(lambda: groups.close(pk, by=user))
        return Response(status=204)


class Members(_Groups):
    @extend_schema(
        operation_id="blocks_groups_add", request=shapes.GroupMemberRequest, responses={200: ONE, 404: None}
    )
    def post(self, request: Request, pk: int) -> Response:
        """Takes a member in."""
        user, body = user_of(request), read(shapes.GroupMemberRequest, request)
        tried(lambda: groups.add(pk, member_called(body["member"]), by=user))
        return self.shown(pk, user)

    @extend_schema(
        operation_id="blocks_groups_remove",
        request=shapes.GroupMemberRequest,
        responses={200: ONE, 404: None},
    )
    def delete(self, request: Request, pk: int) -> Response:
        """Takes a member out; offers made before stay open to it."""
        user, body = user_of(request), read(shapes.GroupMemberRequest, request)
        tried(lambda: groups.remove(pk, member_called(body["member"]), by=user))
        return self.shown(pk, user)
