"""Functions that the views of people share: search words, and a service's errors in a form."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError

from common.forms import add_errors
from common.lists import SEARCH_KEY
from common.texts import clean_text

LONGEST_SEARCH = 100


def search_words(request, name: str = SEARCH_KEY) -> str:
    """Return the words typed into a search field, cut to one short line without control characters."""
    return " ".join(clean_text(request.GET.get(name, "")[:LONGEST_SEARCH]).split())


def warn_of_refusal(request, form) -> None:
    """Show the errors that are not at a note in a form of a list."""
    if others := [text for name, texts in form.errors.items() if name != "note" for text in texts]:
        messages.warning(request, " ".join(others))


def try_act(form, act: Callable[[], object]) -> bool:
    """Run a service and return whether it succeeded. A ValidationError becomes an error of the form."""
    try:
        act()
    except ValidationError as error:
        add_errors(form, error)
        return False
    return True
