"""Two thousand mutations of the sample files. Each number is a seed, so the files are always the same."""

import csv
import io
import random
import re
import zipfile

from tests.imports.samples import SAMPLES

NAMES = sorted(path.name for path in SAMPLES.iterdir() if path.suffix in {".xlsx", ".xls", ".ods", ".csv"})
ENCODINGS = (
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "cp1252",
    "mac_roman",
    "cp037",
    "cp850",
)
MANY_DIGITS = "9" * 5000  # Python refuses to convert so many digits
WITHOUT_WIDTH = "\u200b"  # an invisible character
LONG_NAME = "Ærø " * 40
NUMBERS = (
    b"0", b"-1", b"1e308", b"99999999999999999999", b"NaN", b"4294967295", b"2147483648", b"", b"0x10", b"-0.5",
    MANY_DIGITS.encode(), WITHOUT_WIDTH.encode(),
)  # fmt: skip


def mutated(number: int) -> tuple[str, bytes]:
    """Return the name of the sample and the mutated file of this number."""
    chance = random.Random(number)
    name = NAMES[number % len(NAMES)]
    data = (SAMPLES / name).read_bytes()
    for _turn in range(chance.choice((1, 1, 1, 2, 3))):
        data = chance.choice(WAYS[name.rpartition(".")[2]])(data, chance)
    return name, data


# ---------------------------------------------------------------- bytes


def flip_few(data: bytes, chance: random.Random) -> bytes:
    return flip_bytes(data, chance, at_most=4)


def flip_bytes(data: bytes, chance: random.Random, at_most: int = 40) -> bytes:
    changed = bytearray(data)
    for _turn in range(chance.randint(1, at_most)):
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def truncate(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def behead(data: bytes, chance: random.Random) -> bytes:
    return data[chance.randrange(min(len(data), 3000) + 1) :]


def swap_chunks(data: bytes, chance: random.Random) -> bytes:
    first, second, third = sorted(chance.randrange(len(data) + 1) for _turn in range(3))
    return data[:first] + data[second:third] + data[first:second] + data[third:]


def repeat_chunk(data: bytes, chance: random.Random) -> bytes:
    first, last = sorted(chance.randrange(len(data) + 1) for _turn in range(2))
    return data[:last] + data[first:last] * chance.randint(1, 4) + data[last:]


def blank_out(data: bytes, chance: random.Random) -> bytes:
    first, last = sorted(chance.randrange(len(data) + 1) for _turn in range(2))
    return data[:first] + chance.choice((b"\0", b"\xff", b" ", b"<")) * (last - first) + data[last:]


# ---------------------------------------------------------------- the XML inside, with correct checksums


def change_member(data: bytes, chance: random.Random) -> bytes:
    """Change, rename, remove or repeat one member of the archive, and write a valid archive."""
    target = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as old:
            members = [(info.filename, old.read(info)) for info in old.infolist()]
    except Exception:  # noqa: BLE001 - an earlier turn broke the archive: it stays broken
        return data
    chosen = chance.randrange(len(members)) if chance.random() < 0.3 else largest(members)
    name, content = members[chosen]
    members[chosen] = (name, chance.choice(XML_WAYS)(content, chance))
    if chance.random() < 0.1:
        members[chosen] = (chance.choice((f"../{name}", f"/{name}", name.upper(), "x\n", "x" * 300)), content)
    if chance.random() < 0.1:
        members.pop(chance.randrange(len(members)))
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in members:
            if name not in new.NameToInfo:
                new.writestr(name, content)
    return target.getvalue()


def largest(members: list[tuple[str, bytes]]) -> int:
    return max(range(len(members)), key=lambda index: len(members[index][1]))


def change_numbers(data: bytes, chance: random.Random) -> bytes:
    """Replace some numbers by unusual ones."""
    share = chance.choice((0.001, 0.01, 0.1))
    return re.sub(rb"\d+", lambda found: chance.choice(NUMBERS) if chance.random() < share else found.group(), data)


def change_tags(data: bytes, chance: random.Random) -> bytes:
    """Repeat, remove or replace some tags."""
    tags = re.findall(rb"<[^<>]{1,200}>", data) or [b"<x>"]
    share = chance.choice((0.0005, 0.005, 0.05))

    def change(found):
        if chance.random() >= share:
            return found.group()
        return chance.choice((b"", found.group() * 2, chance.choice(tags), b"<!-- ", b"<![CDATA["))

    return re.sub(rb"<[^<>]{1,200}>", change, data)


def change_attributes(data: bytes, chance: random.Random) -> bytes:
    """Change the values of some attributes: types, references, repetitions, visibility."""
    share = chance.choice((0.002, 0.02))
    words = (
        b"XFD1048576",
        b"A0",
        b"1:1",
        b"e",
        b"d",
        b"str",
        b"collapse",
        b"1",
        b"&#0;",
        b"&x;",
        b"\xc3",
        b"date",
        b"float",
    )
    pattern = rb'="[^"<>]{0,60}"'
    return re.sub(
        pattern, lambda found: b'="%s"' % chance.choice(words) if chance.random() < share else found.group(), data
    )


def lengthen_names(data: bytes, chance: random.Random) -> bytes:
    """Make names of sheets and styles longer than any database column."""
    share = chance.choice((0.1, 1))
    return re.sub(
        rb'(?<=[ :]name=")[^"<>]*',
        lambda found: LONG_NAME.encode() if chance.random() < share else found.group(),
        data,
    )


# ---------------------------------------------------------------- text


def as_rows(data: bytes) -> list[list[str]]:
    text = data.decode("utf-8-sig" if data[:1] == b'"' else "cp1252", errors="replace")
    csv.field_size_limit(10_000_000)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter="," if text[:1] == '"' else ";"))


def as_bytes(rows: list[list[str]], chance: random.Random, encoding="utf-8") -> bytes:
    target = io.StringIO(newline="")
    csv.writer(
        target, delimiter=chance.choice(";;;,\t|"), lineterminator=chance.choice(("\r\n", "\n", "\r"))
    ).writerows(rows)
    return target.getvalue().encode(encoding, errors="replace")


def stray_signs(data: bytes, chance: random.Random) -> bytes:
    """Insert quotation marks, separators, NULs and line ends in random places."""
    signs = (
        b'"',
        b'"',
        b'""',
        b";",
        b",",
        b"\t",
        b"\0",
        b"\r",
        b"\n",
        b"\r\n",
        b"\x1a",
        b"\xef\xbb\xbf",
        b"=1+1",
        b"'",
    )
    for _turn in range(chance.randint(1, 12)):
        place = chance.randrange(len(data) + 1)
        data = data[:place] + chance.choice(signs) + data[place:]
    return data


def huge_cell(data: bytes, chance: random.Random) -> bytes:
    rows = as_rows(data)
    row = chance.choice(rows or [[]])
    row.insert(chance.randrange(len(row) + 1), chance.choice('xæ\n"') * chance.choice((99_999, 100_001, 300_000)))
    return as_bytes(rows, chance)


def more_columns(data: bytes, chance: random.Random) -> bytes:
    """Repeat the columns up to twelve times."""
    rows, times = as_rows(data), chance.choice((2, 3, 12))
    return as_bytes([row * times for row in rows], chance)


def shuffle_rows(data: bytes, chance: random.Random) -> bytes:
    rows = as_rows(data)
    chance.shuffle(rows)
    return as_bytes([[cell for cell in row if chance.random() > 0.05] for row in rows], chance)


def other_encoding(data: bytes, chance: random.Random) -> bytes:
    return as_bytes(as_rows(data), chance, chance.choice(ENCODINGS))


def strange_letters(data: bytes, chance: random.Random) -> bytes:
    rows = as_rows(data)
    for _turn in range(20):
        row = chance.choice(rows or [[]])
        if row:
            row[chance.randrange(len(row))] = "".join(
                chr(chance.choice((chance.randrange(0xD800), 0x202E, 0, 0x1F600)))
                for _letter in range(chance.randrange(30))
            )
    return as_bytes(rows, chance)


def strange_cells(data: bytes, chance: random.Random) -> bytes:
    """Cells of thousands of digits, and cells that only seem blank."""
    rows = as_rows(data)
    for _turn in range(20):
        row = chance.choice(rows or [[]])
        if row:
            row[chance.randrange(len(row))] = chance.choice(
                (MANY_DIGITS, f"-{MANY_DIGITS}", f"{MANY_DIGITS} min", WITHOUT_WIDTH, f" {WITHOUT_WIDTH}\n")
            )
    return as_bytes(rows, chance)


BYTE_WAYS = (flip_bytes, truncate, behead, swap_chunks, repeat_chunk, blank_out)
XML_WAYS = (
    change_numbers, change_numbers, change_tags, change_attributes, change_attributes, flip_few, repeat_chunk,
    lengthen_names,
)  # fmt: skip
ZIP_WAYS = (*BYTE_WAYS, *[change_member] * 14)
TEXT_WAYS = (
    *BYTE_WAYS,
    *[stray_signs] * 4,
    huge_cell,
    more_columns,
    shuffle_rows,
    other_encoding,
    strange_letters,
    strange_cells,
)
WAYS = {"xlsx": ZIP_WAYS, "ods": ZIP_WAYS, "xls": (*BYTE_WAYS, *[flip_few] * 12), "csv": TEXT_WAYS}
