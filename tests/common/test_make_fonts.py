"""The command that writes the web font."""

from django.core.management import call_command
from fontTools.ttLib import TTFont

from common.management.commands.make_fonts import TARGET


def test_make_fonts_writes_a_renamed_subset(settings, tmp_path, capsys):
    settings.BASE_DIR = tmp_path
    call_command("make_fonts")
    font = TTFont(tmp_path / TARGET)
    assert font.flavor == "woff2"
    assert font["name"].getDebugName(1) == "Mentornet Sans"
    # Letters that names need; and no family name with the reserved word.
    assert set(map(ord, "æøåğşćčŁ")) <= set(font.getBestCmap())
    assert "Source" not in {
        record.toUnicode().split()[0] for record in font["name"].names if record.nameID in {1, 4, 16}
    }


def test_make_fonts_keeps_an_existing_font(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    (tmp_path / TARGET).parent.mkdir(parents=True)
    (tmp_path / TARGET).write_bytes(b"mine")
    call_command("make_fonts")
    assert (tmp_path / TARGET).read_bytes() == b"mine"
