"""``tests/run.py``: an error in a part fails that part only, and leaves no files or processes."""

import subprocess

import pytest

from tests import run


def broken():
    """Return nothing: a program of this part cannot be started."""
    run.run("python", "-c", "print('began')")
    raise subprocess.CalledProcessError(3, ["initdb"])


def whole():
    """Return success."""
    return True


def test_an_error_fails_its_part_and_the_other_parts_are_reported(monkeypatch, capsys):
    monkeypatch.setattr(run, "PARTS", {"broken": broken, "whole": whole})
    assert run.main([]) == 1
    output = capsys.readouterr().out
    assert "began\nTraceback (most recent call last):" in output
    assert "CalledProcessError: Command '['initdb']' returned non-zero exit status 3.\n== broken: FAILED in " in output
    assert output.endswith("\nbroken FAILED · whole passed\n1 passed, 1 failed\n")


@pytest.fixture
def server(tmp_path, monkeypatch):
    """Replace PostgreSQL's programs: initdb makes the files of a server, starting fails, stopping is recorded."""
    programs, home = tmp_path / "programs", tmp_path / "home"
    programs.mkdir()
    home.mkdir()
    scripts = {
        "initdb": f"mkdir -p {home}/data && touch {home}/data/postmaster.pid",
        "pg_ctl": f'echo "$@" >> {programs}/calls; for word in "$@"; do [ "$word" = start ] && exit 1; done; exit 0',
    }
    for name, script in scripts.items():
        (programs / name).write_text(f"#!/bin/sh\n{script}\n")
        (programs / name).chmod(0o755)
    monkeypatch.setattr(run.tempfile, "mkdtemp", lambda **options: str(home))
    monkeypatch.setattr(run, "_server_user", lambda: None)
    return programs, home


def test_a_server_that_does_not_start_leaves_neither_folder_nor_process(server):
    programs, home = server
    with pytest.raises(subprocess.CalledProcessError), run.own_postgresql(programs):
        pytest.fail("the server must not start")
    assert not home.exists()
    verbs = [line.split()[-1] for line in (programs / "calls").read_text().splitlines()]
    assert verbs == ["start", "stop"]


def test_a_server_without_data_is_not_stopped(server):
    programs, home = server
    (programs / "initdb").write_text("#!/bin/sh\nexit 1\n")
    with pytest.raises(subprocess.CalledProcessError), run.own_postgresql(programs):
        pytest.fail("the server must not start")
    assert (home.exists(), (programs / "calls").exists()) == (False, False)
