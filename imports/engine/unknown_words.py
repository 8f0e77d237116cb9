"""Words in a list that a column of few words does not know, so that somebody can say what they mean."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from common.folding import fold
from imports.engine.cells import as_line
from imports.engine.fields import Field
from imports.engine.kind import Words
from imports.engine.table import CPR_MARK, Table

MOST_WORDS = 20  # of one column; more than that are no words of a list but a text
LONGEST_WORD = 80


@dataclass(frozen=True)
class StrangeWord:
    """A word of the list, as it was first written, folded, and in how many rows it stands."""

    text: str
    folded: str
    count: int


def strange_words(table: Table, fields: Iterable[Field], columns: dict[str, int]) -> dict[str, list[StrangeWord]]:
    """Field → words that none of its choices covers, the most frequent first. Pure."""
    found = {}
    for field in fields:
        if field.choices and field.key in columns:
            words = _strangers(table, field, columns[field.key])
            if words:
                found[field.key] = words[:MOST_WORDS]
    return found


def _strangers(table: Table, field: Field, index: int) -> list[StrangeWord]:
    texts: Counter[str] = Counter()
    for row in table.rows:
        text = as_line(row.cells[index]) if index < len(row.cells) else ""
        if text and len(text) <= LONGEST_WORD and CPR_MARK not in text:
            texts[text] += 1
    counts: Counter[str] = Counter()
    first: dict[str, str] = {}
    for text, count in texts.items():
        if not any(choice.covers(text) for choice in field.choices):
            counts[fold(text)] += count
            first.setdefault(fold(text), text)
    return [StrangeWord(first[folded], folded, count) for folded, count in counts.most_common()]


def known_meanings(words: Words, field: Field) -> dict[str, str]:
    """What somebody said before about words of a field; only meanings the field still has."""
    meanings = {choice.word for choice in field.choices}
    return {word: meaning for word, meaning in words.get(field.key, {}).items() if meaning in meanings}
