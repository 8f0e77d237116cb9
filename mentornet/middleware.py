"""Middleware of the whole product."""

import uuid

from django.middleware.gzip import GZipMiddleware


class RequestIdMiddleware:
    """Gives each request an id, which the log, the mail about an error and the page about it show."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.request_id = uuid.uuid4().hex[:12]
        response = self.get_response(request)
        response.headers["X-Request-ID"] = request.request_id
        return response


class CompressedPageMiddleware(GZipMiddleware):
    """Compresses pages.

    Downloads are not compressed again: they keep their length, so browsers show the progress. Compressed pages do not
    give away the CSRF token (BREACH), because Django masks it differently in each page and adds random bytes.
    """

    def process_response(self, request, response):
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if response.streaming or not is_page or "Content-Disposition" in response.headers:
            return response
        return super().process_response(request, response)


class PrivateResponseMiddleware:
    """Forbids browsers and proxies to store any response but static files, also errors of signed-out users."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if "public" not in response.headers.get("Cache-Control", ""):
            response.headers["Cache-Control"] = "no-store, private"
        return response
