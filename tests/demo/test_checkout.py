"""The demo's own settings file, and the refusal in a checkout of a real network."""

import pytest

from demo.checkout import RealNetwork, prepare, read_settings

REAL = "SECRET_KEY=a\nALLOWED_HOSTS=mentornet.example.dk\n"


def files(root) -> dict[str, str]:
    return {str(path.relative_to(root)): path.read_text() for path in root.rglob("*") if path.is_file()}


def test_first_start_writes_settings_with_a_secret_key_for_the_owner_only(tmp_path):
    assert prepare(tmp_path, {}) == ""
    own = tmp_path / ".env.demo"
    values = read_settings(own)
    assert (values["DEMO"], len(values["SECRET_KEY"]) >= 50, own.stat().st_mode & 0o777) == ("true", True, 0o600)
    before = files(tmp_path)
    assert (prepare(tmp_path, {}), files(tmp_path)) == ("", before)


@pytest.mark.parametrize(
    ("existing", "environ", "words"),
    [
        ({".env": REAL}, {}, "git clone"),
        ({".env": f"DEMO=false\n{REAL}"}, {}, "git clone"),
        ({".env": REAL, ".env.demo": "DEMO=true\n"}, {}, "git clone"),
        ({".env": "DEMO=true\n", ".env.demo": "DEMO=true\n"}, {}, "git clone"),
        ({}, {"DATABASE_URL": "postgres://"}, "Unset it"),
        ({".env.demo": "DEMO=true\n"}, {"DATABASE_URL": "postgres://", "DEMO": "no"}, "Unset it"),
    ],
)
def test_demo_is_refused_beside_a_real_network(tmp_path, existing, environ, words):
    for name, text in existing.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(RealNetwork, match=words):
        prepare(tmp_path, environ)
    assert files(tmp_path) == existing


def test_database_in_the_environment_is_the_demos_if_it_says_so(tmp_path):
    prepare(tmp_path, {"DATABASE_URL": "postgres://", "DEMO": "true"})
    assert list(files(tmp_path)) == [".env.demo"]


def test_empty_settings_file_is_no_real_network(tmp_path):
    (tmp_path / ".env").write_text("# nothing yet\n")
    prepare(tmp_path, {})
    assert sorted(files(tmp_path)) == [".env", ".env.demo"]


def test_older_demo_keeps_its_settings_and_its_database(tmp_path):
    (tmp_path / ".env").write_text("DEMO=true\nSECRET_KEY=b\n")
    (tmp_path / "var").mkdir()
    for suffix in ("", "-wal"):
        (tmp_path / "var" / f"mentornet.sqlite3{suffix}").write_text(f"demo{suffix}")
    assert prepare(tmp_path, {}) == "The demo's settings are now in .env.demo, its database is in var/demo/."
    assert files(tmp_path) == {
        ".env.demo": "DEMO=true\nSECRET_KEY=b\n",
        "var/demo/mentornet.sqlite3": "demo",
        "var/demo/mentornet.sqlite3-wal": "demo-wal",
    }


def test_older_demo_with_another_database_leaves_the_sqlite_file(tmp_path):
    (tmp_path / ".env").write_text("DEMO=true\nDATABASE_URL=postgres://demo\n")
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "mentornet.sqlite3").write_text("real")
    assert prepare(tmp_path, {}) == "The demo's settings are now in .env.demo."
    assert sorted(files(tmp_path)) == [".env.demo", "var/mentornet.sqlite3"]
