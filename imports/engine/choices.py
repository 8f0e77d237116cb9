"""A column of few words: what each of them means to us, in every spelling it is known to come in."""

from collections.abc import Mapping
from typing import Any

from common.folding import fold
from imports.engine.fields import Choice
from imports.engine.reader import RowReader


class FewWords:
    """Spellings separated by `|` for each of our values; the first is the word that a template offers.

    Capitals, accents and a final dot do not matter. A value that is a member of an enumeration lends its label.
    """

    def __init__(self, spellings: Mapping[Any, str]):
        self.choices: list[Choice] = []
        self._meanings: dict[str, Any] = {}
        for value, words in spellings.items():
            word, *others = words.split("|")
            folded = frozenset(fold(other) for spelling in (word, *others) for other in (spelling, f"{spelling}."))
            self.choices.append(Choice(word, getattr(value, "label", word), folded))
            self._meanings |= dict.fromkeys(folded, value)

    def meaning(self, text: str) -> Any:
        """Our value for a word, or None."""
        return self._meanings.get(fold(text))

    def read(self, row: RowReader, key: str, unknown: str) -> Any:
        """The value of a cell; None for a blank one, and for a strange word, which is remarked on as `unknown`."""
        text = row.line(key)
        value = self.meaning(text) if text else None
        if text and value is None:
            row.report(unknown, key, words=self.words)
        return value

    @property
    def words(self) -> str:
        """The words to write, for a sentence."""
        return ", ".join(choice.word for choice in self.choices)
