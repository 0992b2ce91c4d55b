"""HTTP and WebSockets of one web process."""

import os

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django_application = get_asgi_application()

# isort: off
from accounts.demo_guard import refuse_demo_database  # noqa: E402 - needs Django set up
from market_data.feed.origins import OwnOrigins  # noqa: E402
from market_data.feed.routing import websocket_urlpatterns  # noqa: E402

# isort: on
refuse_demo_database()

application = ProtocolTypeRouter(
    {
        "http": django_application,
        "websocket": OwnOrigins(AuthMiddlewareStack(URLRouter(websocket_urlpatterns))),
    }
)
