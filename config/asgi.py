"""HTTP and WebSockets of one web process, at one address.

Pages and API are synchronous code: they run as WSGI in a fixed pool of threads, each of which keeps its
database connection (docs/decisions/008). WebSockets run on the event loop.
"""

import os

from a2wsgi import WSGIMiddleware
from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django_application = get_wsgi_application()

# isort: off
from accounts.demo_guard import refuse_demo_database  # noqa: E402 - needs Django set up
from market_data.feed.origins import OwnOrigins  # noqa: E402
from market_data.feed.routing import websocket_urlpatterns  # noqa: E402

# isort: on
refuse_demo_database()

#: Requests under way at once, those that wait for the engine (`?wait=`) included.
THREADS = int(os.environ.get("WEB_THREADS", "24"))

application = ProtocolTypeRouter(
    {
        # Its types know start_response by the letter of PEP 3333, Django's by what it does with it.
        "http": WSGIMiddleware(django_application, workers=THREADS),  # type: ignore[arg-type]
        "websocket": OwnOrigins(AuthMiddlewareStack(URLRouter(websocket_urlpatterns))),
    }
)
