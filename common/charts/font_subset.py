"""Extracts one weight of the Latin letters from the variable font. Slow to import; needed once per machine."""

import logging
import os
import tempfile
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

LETTERS = (*range(0x20, 0x250), *range(0x1E00, 0x1F00), *range(0x2010, 0x2028), 0x2030, 0x2039, 0x203A, 0x20AC)
SYMBOLS = (0x2192, 0x2212, 0x2713)
FEATURES = ["kern", "liga", "mark", "mkmk", "ccmp", "locl", "tnum", "lnum"]
FAMILY_NAMES, STYLE_NAMES, POSTSCRIPT_NAME = (1, 4, 16), (2, 17), 6


def write_weight(source: Path, weight: int, target: Path, *, family: str, style: str) -> None:
    """Write the Latin letters of ``source`` at a weight to ``target``, atomically."""
    logging.getLogger("fontTools").setLevel(logging.WARNING)  # its steps are not interesting
    handle, draft = tempfile.mkstemp(dir=target.parent, suffix=".part")
    with os.fdopen(handle, "wb") as stream, TTFont(source, lazy=True) as font:
        options = subset.Options(layout_features=FEATURES, name_IDs=["*"], hinting=False, notdef_outline=True)
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=(*LETTERS, *SYMBOLS))
        subsetter.subset(font)
        instancer.instantiateVariableFont(font, {"wght": weight}, inplace=True)
        _rename(font, family, style)
        font["OS/2"].usWeightClass = weight
        font.save(stream)
    Path(draft).replace(target)


def _rename(font: TTFont, family: str, style: str) -> None:
    for record in font["name"].names:
        if record.nameID in FAMILY_NAMES:
            record.string = family
        elif record.nameID in STYLE_NAMES:
            record.string = style
        elif record.nameID == POSTSCRIPT_NAME:
            record.string = f"{family.replace(' ', '')}-{style}"
