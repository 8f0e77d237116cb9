"""The access log of searches.

A search while the user types is one search as long as its words begin with those of its first hits. The log gets a row
when these are shown, so that nothing is seen without one, and a second with the last words when the search is over, if
they differ: when the user opens another page, or types something else.
"""

from accounts.enums import AccessKind
from accounts.services import record_access
from common.cpr import find_cpr_numbers

KEY = "typed_search"  # in the session: the first words, which are logged, the last, and how many hits these have


def log_search(request, words: str, count: int) -> None:
    """Log the words searched for, but never a CPR number."""
    is_withheld = bool(find_cpr_numbers(words))
    record_access(
        by=request.user,
        kind=AccessKind.SEARCH,
        subject="people.person",
        branch=request.membership.branch_id,
        code="cpr_number_searched" if is_withheld else "words_searched",
        values={} if is_withheld else {"words": words},
        count=count,
    )


def log_typed_search(request, words: str, count: int) -> None:
    """Log the first words of a search; keep those that it goes on to until it is over."""
    search = request.session.get(KEY)
    if search is None or not words.startswith(search["first"]):
        end_typed_search(request)
        log_search(request, words, count)
        search = {"first": words}
    if not find_cpr_numbers(words):  # is kept nowhere, not in a session either
        request.session[KEY] = search | {"words": words, "count": count}
    request.is_typed_search = True


def end_typed_search(request) -> None:
    """Log the last words of the search, unless they are the first."""
    search = request.session.pop(KEY, None)
    if search and search["words"] != search["first"]:
        log_search(request, search["words"], search["count"])


def send_typed_search(request, words: str, count: int) -> None:
    """Log the words of the page of results, which the search that was typed ends with."""
    request.session.pop(KEY, None)
    log_search(request, words, count)


class TypedSearchMiddleware:
    """Ends the search in the top bar when the user opens another page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.user.is_authenticated and request.membership and not hasattr(request, "is_typed_search"):
            end_typed_search(request)
        return response
