"""An upload that announces more than is ever taken is answered before it is received."""

from functools import wraps

from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

BESIDE_THE_FILE = 64 * 1024  # bytes: the form's other fields


class LargeUploadMixin:
    """Answers a POST whose Content-Length is beyond ``largest_upload()`` bytes with ``refuse_upload()``.

    Stands right before ``View``. To compare the token against forgery Django receives the whole body, so such a
    request is not compared: nothing of it is read and nothing stored. Every other request is, as on any page.
    """

    @classmethod
    def as_view(cls, **initkwargs):
        view = super().as_view(**initkwargs)
        compared = csrf_protect(view)

        @wraps(view)
        def choose(request, *args, **kwargs):
            return (view if cls.is_too_large(request) else compared)(request, *args, **kwargs)

        return csrf_exempt(choose)

    def dispatch(self, request, *args, **kwargs):
        if self.is_too_large(request):
            return self.refuse_upload()
        return super().dispatch(request, *args, **kwargs)

    @classmethod
    def is_too_large(cls, request) -> bool:
        length = request.META.get("CONTENT_LENGTH") or ""
        return request.method == "POST" and length.isdecimal() and int(length) > cls.largest_upload() + BESIDE_THE_FILE

    @classmethod
    def largest_upload(cls) -> int:
        """The size of the largest file that is taken."""
        raise NotImplementedError

    def refuse_upload(self) -> HttpResponse:
        """The page that says so; the request's body must not be looked at."""
        raise NotImplementedError
