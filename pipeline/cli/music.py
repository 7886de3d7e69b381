"""`discoreel music`: what is heard in a song, in words, as YAML, JSON, a picture and clicks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.terminal import say, tell
from pipeline.errors import Error

if TYPE_CHECKING:
    from pipeline.music.heard import Heard
    from pipeline.music.song import Song

SongFile = Annotated[Path, typer.Argument(metavar="FILE", help="The song, a sound file.")]
TempoWords = Annotated[
    str | None,
    typer.Option(
        "--bpm", metavar="BPM", help="The tempo, or bounds for it: `--bpm 120`, `--bpm 80-110`."
    ),
]
Metre = Annotated[
    int | None,
    typer.Option("--beats-per-bar", metavar="N", min=1, max=32, help="Beats in a bar, if known."),
]
AsYaml = Annotated[bool, typer.Option("--yaml", help="Print a block for a scene.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print all that was heard.")]
PlotFile = Annotated[
    Path | None, typer.Option("--plot", metavar="FILE", help="Draw it all, as a PNG.")
]
ClickFile = Annotated[
    Path | None,
    typer.Option("--click", metavar="FILE", help="Write the song with clicks on it, as a WAV."),
]


def music(
    file: SongFile,
    bpm: TempoWords = None,
    beats_per_bar: Metre = None,
    yaml: AsYaml = False,
    json: AsJson = False,
    plot: PlotFile = None,
    click: ClickFile = None,
) -> None:
    """Hear the tempo, beats, bars and sections of a song."""
    from pipeline.cli.music_outline import doubts
    from pipeline.cli.tempo_words import read_tempo
    from pipeline.music.heard import TempoHint, hear
    from pipeline.scene.listening import song as song_in

    if yaml and json:
        raise typer.BadParameter("name one of --yaml and --json")
    low, high = (None, None) if bpm is None else read_tempo(bpm)
    song = song_in(file)
    heard = hear(file, song, TempoHint(low, high, beats_per_bar))
    say(_words(heard, bpm, yaml, json))
    for doubt in doubts(heard, hinted=bpm is not None):
        tell(doubt)
    if plot is not None:
        _plot(heard, song, plot)
    if click is not None:
        _click(heard, click)


def _words(heard: Heard, hint: str | None, yaml: bool, json: bool) -> str:
    """What is printed: for people, unless one of the two forms is asked for."""
    from pipeline.cli.music_outline import outline
    from pipeline.cli.music_words import as_json, as_yaml

    if yaml:
        return as_yaml(heard, hint)
    return as_json(heard) if json else "\n".join(outline(heard))


def _plot(heard: Heard, song: Song, target: Path) -> None:
    from pipeline.cli.writing import writing
    from pipeline.files.atomic import write_atomically
    from pipeline.output.music_picture import picture_of
    from pipeline.output.music_plot import draw_picture

    picture = draw_picture(picture_of(heard, song))
    with writing(target, heard.file):
        write_atomically(target, picture)
    tell(f"wrote {target}")


def _click(heard: Heard, target: Path) -> None:
    from pipeline.cli.writing import writing
    from pipeline.output.click_track import write_click_track

    if not heard.grid.beats:
        raise Error(f"no beat is heard in {heard.file}, so there is none to click on")
    with writing(target, heard.file):
        write_click_track(target, heard.file, heard.grid)
    tell(f"wrote {target}")
