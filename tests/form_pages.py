"""Read the forms of a page as a browser does: which values they post."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.http import QueryDict

Data = dict[str, list[str]]


@dataclass
class PageForm:
    """A form of a page: its address, the values it posts, and the names of what a user types or chooses."""

    method: str = "get"
    action: str = ""
    data: Data = field(default_factory=dict)
    typed: set[str] = field(default_factory=set)

    def filled(self, **values: str) -> Data:
        """Return the values that are posted when a user types some of them."""
        return {name: list(items) for name, items in self.data.items()} | {
            name: [value] for name, value in values.items()
        }


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.forms: list[PageForm] = []
        self._form: PageForm | None = None
        self._select = self._area = ""
        self._text: list[str] = []
        self._options: list[tuple[str, bool]] = []

    def handle_starttag(self, tag, attrs):
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = PageForm(values.get("method", "get"), values.get("action", ""))
            self.forms.append(self._form)
        elif self._form is not None:
            self._control(tag, values)

    def _control(self, tag: str, values: dict) -> None:
        name = values.get("name", "")
        if tag == "input" and name:
            self._input(name, values)
        elif tag == "select":
            self._select, self._options = name, []
        elif tag == "option" and self._select:
            self._options.append((values.get("value", ""), "selected" in values))
        elif tag == "textarea":
            self._area, self._text = name, []

    def _input(self, name: str, values: dict) -> None:
        kind = values.get("type", "text")
        if kind in {"submit", "button", "file"}:
            return
        if kind != "hidden":
            self._form.typed.add(name)
        is_ticked = kind in {"radio", "checkbox"}
        if not is_ticked or "checked" in values:
            self._form.data.setdefault(name, []).append(values.get("value", "on" if is_ticked else ""))

    def handle_data(self, data):
        if self._area:
            self._text.append(data)

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif self._form is not None and tag == "select" and self._select:
            chosen = [value for value, is_chosen in self._options if is_chosen]
            self._form.data[self._select] = chosen or [value for value, _chosen in self._options[:1]]
            self._form.typed.add(self._select)
            self._select = ""
        elif self._form is not None and tag == "textarea" and self._area:
            self._form.data[self._area] = ["".join(self._text).removeprefix("\n")]
            self._form.typed.add(self._area)
            self._area = ""


def forms_of(response) -> list[PageForm]:
    reader = _Reader()
    reader.feed(response.text)
    return reader.forms


def form_with(response, name: str) -> PageForm:
    """Return the form of a page that has a control of a name."""
    return next(form for form in forms_of(response) if name in form.data)


def encoded(data: Data) -> str:
    query = QueryDict(mutable=True)
    for name, values in data.items():
        query.setlist(name, values)
    return query.urlencode()
