"""`discoreel music`: what is heard in a song, in words, as YAML, JSON, a picture and clicks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.terminal import say, tell

if TYPE_CHECKING:
    from pipeline.music.heard import Heard

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
    """Listen to a song: its tempo, beats, bars, and the sections that it may have."""
    from pipeline.cli.music_outline import doubts, outline
    from pipeline.cli.music_words import as_json, as_yaml
    from pipeline.cli.tempo_words import read_tempo
    from pipeline.music.heard import TempoHint, hear

    if yaml and json:
        raise typer.BadParameter("name one of --yaml and --json")
    low, high = (None, None) if bpm is None else read_tempo(bpm)
    heard = hear(file, TempoHint(low, high, beats_per_bar))
    if yaml:
        say(as_yaml(heard, bpm))
    elif json:
        say(as_json(heard))
    else:
        say("\n".join(outline(heard)))
    for doubt in doubts(heard, hinted=bpm is not None):
        tell(doubt)
    _write(heard, plot, click)


def _write(heard: Heard, plot: Path | None, click: Path | None) -> None:
    """Write what is asked for beside the words; standard output is left to those."""
    from pipeline.cli.writing import writing

    if plot is not None:
        from pipeline.files.atomic import write_atomically
        from pipeline.output.music_plot import draw_music

        picture = draw_music(heard)
        with writing(plot):
            write_atomically(plot, picture)
        tell(f"wrote {plot}")
    if click is not None:
        from pipeline.output.click_track import write_click_track

        with writing(click):
            write_click_track(click, heard.file, heard.grid)
        tell(f"wrote {click}")
