"""Functions that the views of people share: the words searched for, and a service's errors in a form."""

import unicodedata
from collections.abc import Callable

from django.core.exceptions import ValidationError

from common.forms import add_errors
from common.lists import SEARCH_KEY

LONGEST_SEARCH = 100


def search_words(request, name: str = SEARCH_KEY) -> str:
    """Return the words typed into a search field, cut to one short line without control characters."""
    typed = request.GET.get(name, "")[:LONGEST_SEARCH]
    return "".join(letter for letter in typed if unicodedata.category(letter) != "Cc").strip()


def try_act(form, act: Callable[[], object]) -> bool:
    """Run a service and return whether it succeeded. A ValidationError becomes an error of the form."""
    try:
        act()
    except ValidationError as error:
        add_errors(form, error)
        return False
    return True
