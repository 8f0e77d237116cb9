"""Refuses a too large upload before it is received."""

from functools import wraps

from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

OTHER_FIELDS = 64 * 1024  # bytes of the form's other fields


class LargeUploadMixin:
    """Answers a POST with a Content-Length above ``largest_upload()`` bytes with ``too_large_response()``.

    Must be the last base before ``View``. Django's CSRF check reads the whole body, so a too large request skips it;
    none of it is read and nothing is stored. All other requests are checked as usual.
    """

    @classmethod
    def as_view(cls, **initkwargs):
        view = super().as_view(**initkwargs)
        protected = csrf_protect(view)

        @wraps(view)
        def choose(request, *args, **kwargs):
            return (view if cls.is_too_large(request) else protected)(request, *args, **kwargs)

        return csrf_exempt(choose)

    def dispatch(self, request, *args, **kwargs):
        if self.is_too_large(request):
            return self.too_large_response()
        return super().dispatch(request, *args, **kwargs)

    @classmethod
    def is_too_large(cls, request) -> bool:
        length = request.META.get("CONTENT_LENGTH") or ""
        return request.method == "POST" and length.isdecimal() and int(length) > cls.largest_upload() + OTHER_FIELDS

    @classmethod
    def largest_upload(cls) -> int:
        """Return the largest size of a file in bytes."""
        raise NotImplementedError

    def too_large_response(self) -> HttpResponse:
        """Return the response to a too large upload. Must not read the body of the request."""
        raise NotImplementedError
