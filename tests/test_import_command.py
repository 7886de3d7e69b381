"""`discoreel import` at the command line: where it writes, what it tells, what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.cli.import_ import SettingsKind, import_
from pipeline.errors import Error
from pipeline.scene.schema_file import FILE, LINE, schema_text
from tests.command_line import run
from tests.pipeline.scene.importers.files import SETTINGS

DEFORUM = SETTINGS / "deforum_3d.txt"


def test_a_scene_is_written_and_what_it_lacks_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scene = tmp_path / "scene.yaml"
    import_(DEFORUM, scene)

    told = capsys.readouterr()
    schema = tmp_path / FILE
    assert told.out == f"wrote {scene} and {schema}; next: discoreel check {scene}\n"
    lines = told.err.splitlines()
    words = ["lost", "differs", "slight", "unknown", "no effect"]
    found = [line.removeprefix(f"{DEFORUM}: ").partition(":")[0] for line in lines]
    assert found == sorted(found, key=words.index)
    head = f"{LINE}\n# Imported from Deforum, deforum_3d.txt\n"
    assert scene.read_text("utf-8").startswith(head)
    assert schema.read_text("utf-8") == schema_text()


def test_a_file_in_the_place_of_the_schema_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("mine")
    with pytest.raises(Error, match="this is no schema of discoreel; move it away first"):
        import_(DEFORUM, tmp_path / "scene.yaml")
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_without_a_name_the_scene_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    import_(DEFORUM)
    told = capsys.readouterr()
    assert told.out.startswith("# Imported from Deforum, deforum_3d.txt\n")
    assert told.err.endswith("the scene is printed; --output NAME.yaml writes it into a file\n")


def test_nothing_is_written_over_unless_it_is_asked_for(tmp_path: Path) -> None:
    scene = tmp_path / "scene.yaml"
    scene.write_text("mine")
    with pytest.raises(Error, match="this is there already; --force writes over it"):
        import_(DEFORUM, scene)
    assert scene.read_text() == "mine"

    import_(DEFORUM, scene, force=True)
    assert scene.read_text("utf-8") != "mine"


def test_the_settings_themselves_are_never_written_over(tmp_path: Path) -> None:
    own = tmp_path / "own.txt"
    own.write_bytes(DEFORUM.read_bytes())
    with pytest.raises(Error, match="this is what is read here"):
        import_(own, own, force=True)
    assert own.read_bytes() == DEFORUM.read_bytes()


def test_a_kind_that_is_told_is_believed(capsys: pytest.CaptureFixture[str]) -> None:
    import_(DEFORUM, kind=SettingsKind.DISCO)
    assert capsys.readouterr().out.startswith("# Imported from Disco Diffusion")


@pytest.mark.slow
def test_the_program_ends_with_1_and_one_line_where_a_file_is_broken(tmp_path: Path) -> None:
    (tmp_path / "broken.txt").write_text('{"W": ')
    done = run("import", "broken.txt", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr == (
        "broken.txt: this is not JSON: line 1 column 7: expected a value, found the end\n"
    )


@pytest.mark.slow
def test_check_accepts_what_import_wrote(tmp_path: Path) -> None:
    assert run("import", DEFORUM, "-o", "scene.yaml", cwd=tmp_path).returncode == 0
    done = run("check", "scene.yaml", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
