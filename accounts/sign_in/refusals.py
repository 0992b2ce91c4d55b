"""The page of somebody who guessed too often."""

import math

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.api.middleware import PREFIX
from accounts.api.problems import plain_response


def too_many(request: HttpRequest, wait_s: int) -> HttpResponse:
    """429 with Retry-After, the same whether there is such an account or not."""
    if request.path_info.startswith(PREFIX):
        answer = plain_response(429)
    else:
        minutes = math.ceil(wait_s / 60)
        answer = render(request, "429.html", {"wait_s": wait_s, "minutes": minutes}, status=429)
    answer["Retry-After"] = str(wait_s)
    return answer
