"""Writes the web font: the Latin letters of Source Sans 3 under the product's own name."""

import logging
from pathlib import Path

import fontpkg_source_sans_3
from django.conf import settings
from django.core.management.base import BaseCommand
from fontTools import subset
from fontTools.ttLib import TTFont

FAMILY = "Mentornet Sans"
TARGET = Path("static/fonts/mentornet-sans.woff2")
# Latin, Latin Extended-A/B and Additional, combining marks, punctuation, currency, arrows, minus.
LETTERS = (
    *range(0x20, 0x250),
    *range(0x300, 0x370),
    *range(0x1E00, 0x1F00),
    *range(0x2010, 0x2028),
    0x2030,
    0x2039,
    0x203A,
    0x20AC,
    0x2192,
    0x2212,
    0x2713,
)
FEATURES = ["kern", "liga", "mark", "mkmk", "ccmp", "locl", "tnum", "lnum"]
NAMES = {1: FAMILY, 3: "MentornetSans", 4: FAMILY, 6: "MentornetSans", 16: FAMILY, 25: "MentornetSans"}


class Command(BaseCommand):
    """Writes the web font, renamed because the OFL licence reserves the name "Source" for unmodified files."""

    help = "Write static/fonts/mentornet-sans.woff2 unless it exists."

    def add_arguments(self, parser):
        parser.add_argument("--force", action="store_true", help="write it again")

    def handle(self, *args, force=False, **options):
        target = Path(settings.BASE_DIR) / TARGET
        if target.exists() and not force:
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        write_web_font(target)
        self.stdout.write(f"{TARGET}: {target.stat().st_size // 1024} KB")


def write_web_font(target: Path) -> None:
    """Write the variable font with only ``LETTERS``, renamed, as WOFF2."""
    source = Path(fontpkg_source_sans_3.__file__).parent / "files" / "SourceSans3[wght].ttf"
    logging.getLogger("fontTools").setLevel(logging.WARNING)  # its steps do not interest the person who installs
    options = subset.Options(layout_features=FEATURES, hinting=False, notdef_outline=True, name_IDs=["*"])
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=LETTERS)
    draft = target.with_suffix(".part")
    with TTFont(source, lazy=True) as font:
        subsetter.subset(font)
        for record in font["name"].names:
            if record.nameID in NAMES:
                record.string = NAMES[record.nameID]
        font.flavor = "woff2"
        font.save(draft)
    draft.replace(target)
