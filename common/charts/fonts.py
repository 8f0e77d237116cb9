"""The page's font as one file per weight, for PNG and PDF. The stylesheet uses the variable font next to them."""

from pathlib import Path

from django.conf import settings

FAMILY = "Mentornet Sans"
WEIGHTS = (400, 600)


def font_files() -> dict[int, Path]:
    """Return weight → TTF file."""
    folder = settings.BASE_DIR / "static/vendor/mentornet-sans"
    return {weight: folder / f"mentornet-sans-{weight}.ttf" for weight in WEIGHTS}
