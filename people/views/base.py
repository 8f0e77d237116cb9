"""What the views of this app share."""

import unicodedata
from collections.abc import Callable

from django.core.exceptions import ValidationError

from common.forms import add_errors
from common.lists import SEARCH_KEY

LONGEST_SEARCH = 100


def search_words(request, name: str = SEARCH_KEY) -> str:
    """What was typed into a search field: one short line without control characters."""
    typed = request.GET.get(name, "")[:LONGEST_SEARCH]
    return "".join(letter for letter in typed if unicodedata.category(letter) != "Cc").strip()


def try_act(form, act: Callable[[], object]) -> bool:
    """Run a service; what it refuses becomes an error at the form's field, or at its head. Whether it went well."""
    try:
        act()
    except ValidationError as error:
        add_errors(form, error)
        return False
    return True
