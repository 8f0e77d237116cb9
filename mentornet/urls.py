"""All addresses of the product. tests/test_access.py requests each of them."""

from django.contrib import admin
from django.urls import include, path, register_converter

from accounts.views.account import SetLanguageView
from accounts.views.history import HistoryView
from common.garbage import load_code

handler400 = "mentornet.views.bad_request"
handler403 = "mentornet.views.forbidden"
handler404 = "mentornet.views.not_found"
handler429 = "mentornet.views.too_many_requests"  # allauth's limits
handler500 = "mentornet.views.server_error"


class _DanishConverter:
    """Converts a word of the code to its Danish one in addresses; other words, as in earlier addresses, stay."""

    regex = "[a-z]+"
    words: dict[str, str] = {}

    def to_python(self, value: str) -> str:
        return next((code for code, word in self.words.items() if word == value), value)

    def to_url(self, value: str) -> str:
        return self.words.get(value, value)


class AppConverter(_DanishConverter):
    words = {
        "people": "personer",
        "matching": "match",
        "events": "arrangementer",
        "programmes": "indsatser",
        "reporting": "rapporter",
    }


class RecordConverter(_DanishConverter):
    words = {
        "volunteergroup": "frivilliggruppe",
        "event": "arrangement",
        "programme": "indsats",
        "target": "resultatmaal",
    }


register_converter(AppConverter, "app")
register_converter(RecordConverter, "record")

with load_code():
    urlpatterns = [
        path("sprog/", SetLanguageView.as_view(), name="set_language"),
        path("konto/", include("accounts.auth_urls")),
        path("historik/<app:app>/<record:model>/<int:pk>/", HistoryView.as_view(), name="history"),
        path("", include("desk.urls")),
        path("", include("common.urls")),
        path("administration/hele-afdelingen/", include("transfer.urls")),
        path("administration/", include("accounts.urls")),
        path("personer/import/", include("imports.urls")),
        path("personer/", include("people.urls")),
        path("match/", include("matching.urls")),
        path("arrangementer/", include("events.urls")),
        path("indsatser/", include("programmes.urls")),
        path("rapporter/", include("reporting.urls")),
        path("support/", admin.site.urls),
    ]
