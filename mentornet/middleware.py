"""Middleware of the whole product."""

from django.middleware.gzip import GZipMiddleware


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
