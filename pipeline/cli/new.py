"""`discoreel new`: a commented scene to begin with, and the schema for editors beside it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from keyframes.quoting import quoted_path
from pipeline.cli.terminal import say, tell
from pipeline.errors import Error


def _template_names(beginning: str) -> list[tuple[str, str]]:
    """The templates whose names begin so, and what they make, for the shell."""
    from pipeline.scene.starting.templates import summaries

    return [pair for pair in summaries().items() if pair[0].startswith(beginning)]


NewName = Annotated[
    str | None, typer.Argument(metavar="NAME", help="Name of the scene; its file is NAME.yaml.")
]
FromTemplate = Annotated[
    str | None,
    typer.Option(
        "--template",
        "-t",
        metavar="TEMPLATE",
        help="What to begin with; flight unless named.",
        autocompletion=_template_names,
    ),
]
WithSong = Annotated[
    Path | None,
    typer.Option("--music", metavar="SONG", help="Listen to a song, and make shots of it."),
]
JustList = Annotated[bool, typer.Option("--list", help="Tell what templates there are.")]


def new(
    name: NewName = None,
    template: FromTemplate = None,
    music: WithSong = None,
    show: JustList = False,
) -> None:
    """Write a commented scene to begin with."""
    from pipeline.scene.schema_file import LINE
    from pipeline.scene.starting.templates import filled, next_commands

    if show:
        _list()
        return
    if name is None:
        raise typer.BadParameter("name the scene, as in: discoreel new night")
    scene = _scene_file(name)
    picture = scene.with_suffix(".png")
    text = _scene_text(template, music, scene)
    files = _pictures(text, picture)
    written = filled(text, scene.name, picture.name)
    files = {scene: f"{LINE}\n{written}".encode(), **files}
    schema = _write(files, scene)
    beside = " and ".join(quoted_path(path) for path in (*files, schema))
    commands = next_commands(filled(text, quoted_path(scene), picture.name))
    say(f"wrote {beside}; next: {', then '.join(commands)}")


def _list() -> None:
    from pipeline.cli.outline import aligned
    from pipeline.scene.starting.templates import summaries

    say("\n".join(aligned(list(summaries().items()))))


def _scene_file(name: str) -> Path:
    """The file of a scene called so; Error for a name that cannot be one or is taken."""
    scene = Path(name)
    if scene.suffix.lower() not in (".yaml", ".yml"):
        scene = scene.with_name(f"{scene.name}.yaml") if scene.name else scene
    if not scene.name or not all(map(_fits, scene.stem)) or not scene.stem[0].isalnum():
        raise Error(
            f'"{quoted_path(name)}" cannot be the name of a scene; write letters, digits, blanks, '
            "- and _, as in: discoreel new night"
        )
    if not scene.parent.is_dir():
        raise Error(f"{quoted_path(scene.parent)}: there is no such folder; make it first")
    return scene


def _fits(character: str) -> bool:
    return character in " -_" or unicodedata.category(character)[0] in "LNM"


def _scene_text(name: str | None, song: Path | None, scene: Path) -> str:
    """The text of the scene that is asked for, with what is to be filled in."""
    from pipeline.scene.starting.templates import MUSIC, USUAL, template

    text = template(name or (USUAL if song is None else MUSIC))
    if song is None:
        return text
    if name not in (None, MUSIC):
        raise Error(
            f"--music makes shots of a song's sections, which is the template {MUSIC}; leave out "
            f"--template {name}, or name the song in the scene afterwards: music: {{file: "
            f"{song.name}}}"
        )
    return _on_song(song, scene)


def _on_song(song: Path, scene: Path) -> str:
    from pipeline.cli.music_outline import doubts
    from pipeline.cli.music_words import as_yaml
    from pipeline.music.heard import TempoHint, hear
    from pipeline.scene.listening import song as song_in
    from pipeline.scene.starting.song_scene import HeardSection, song_scene

    tell(f"listening to {quoted_path(song)} ...")
    heard = hear(song, song_in(song), TempoHint())
    for doubt in doubts(heard, hinted=False):
        tell(doubt)
    block = as_yaml(replace(heard, file=_from_scene(song, scene)), None)
    sections = [HeardSection(one.name, one.energy) for one in heard.sections]
    return song_scene(song.name, block, sections, has_bars=bool(heard.bars))


def _from_scene(song: Path, scene: Path) -> Path:
    """The song's path as the scene names it: from its folder where the song lies in that."""
    whole, folder = song.resolve(), scene.absolute().parent.resolve()
    return whole.relative_to(folder) if whole.is_relative_to(folder) else whole


def _pictures(text: str, picture: Path) -> Mapping[Path, bytes]:
    """The picture that a template begins from, if it does."""
    from pipeline.scene.starting.picture import sunset_png
    from pipeline.scene.starting.templates import needs_picture

    return {picture: sunset_png()} if needs_picture(text) else {}


def _write(files: Mapping[Path, bytes], scene: Path) -> Path:
    """Write files that are not there yet, and the schema beside the scene, which it returns."""
    from pipeline.cli.schema_beside import schema_beside, write_schema
    from pipeline.cli.writing import is_there, writing
    from pipeline.files.atomic import write_atomically

    for path in files:
        if is_there(path):
            raise Error(f"{quoted_path(path)}: this is there already; choose another name")
    schema = schema_beside(scene)
    for path, content in files.items():
        with writing(path):
            write_atomically(path, content)
    write_schema(schema)
    return schema
