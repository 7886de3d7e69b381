"""The commands of `discoreel models`: what there is, fetching it, and checking what was fetched.

None of them imports torch, unless an encoder is asked for that only open_clip knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.terminal import say, tell
from pipeline.errors import ModelError

if TYPE_CHECKING:
    from rich.console import Console

    from pipeline.catalogue.publication import Published
    from pipeline.catalogue.store import ModelStore

models_app = typer.Typer(
    help="List, fetch and check published models.",
    invoke_without_command=True,
    rich_markup_mode=None,
)

ModelsDir = Annotated[
    Path | None,
    typer.Option(
        "--models-dir",
        metavar="DIR",
        help="Where models lie; DISCOREEL_MODELS, or a folder of the user's cache, if not given.",
    ),
]
Names = Annotated[list[str] | None, typer.Argument(metavar="NAME", help="Names that `list` shows.")]
PresetName = Annotated[
    str | None, typer.Option("--preset", metavar="PRESET", help="All that this preset needs.")
]


@models_app.callback()
def models(context: typer.Context) -> None:
    """List, fetch and check published models."""
    if context.invoked_subcommand is None:
        list_models()


@models_app.command("list")
def list_models(
    preset: PresetName = None,
    json: Annotated[bool, typer.Option("--json", help="Print all that is known.")] = False,
    models_dir: ModelsDir = None,
) -> None:
    """List published models, and which are here."""
    from pipeline.catalogue.published import PUBLISHED, needed_by
    from pipeline.catalogue.store import find_store

    store = find_store(models_dir)
    everything = (*PUBLISHED.values(), *store.others(PUBLISHED))
    entries = everything if preset is None else needed_by(preset)
    if json:
        say(_as_json(entries, store))
    elif entries:
        say("\n".join(_table(entries, store)))
    else:
        say(_needs_nothing(preset))


@models_app.command()
def pull(names: Names = None, preset: PresetName = None, models_dir: ModelsDir = None) -> None:
    """Fetch models, or go on fetching them.

    The same command continues a download that was interrupted.
    """
    import gc

    from rich.console import Console

    from pipeline.catalogue.find import find
    from pipeline.catalogue.published import needed_by
    from pipeline.catalogue.published_tokenizers import tokenizer_files
    from pipeline.catalogue.store import find_store
    from pipeline.cli.logs import log_to

    if not names and preset is None:
        raise typer.BadParameter("name the models to fetch, or a preset with --preset")
    gc.enable()
    store = find_store(models_dir)
    named = [find(name) for name in names or ()]
    wanted = (*named, *(needed_by(preset) if preset is not None else ()))
    entries = dict.fromkeys(file for entry in wanted for file in (entry, *tokenizer_files(entry)))
    if not entries:
        say(_needs_nothing(preset))
    console = Console(stderr=True)
    log_to(console, show_time=False)
    try:
        _pull_each(entries, store, console)
    except KeyboardInterrupt:
        tell("the same command continues")
        raise


@models_app.command()
def verify(names: Names = None, models_dir: ModelsDir = None) -> None:
    """Read models again and compare their sums.

    Without a name, all that are here, and your own whose sums are remembered.
    """
    from pipeline.catalogue.find import find
    from pipeline.catalogue.model_files import model_files
    from pipeline.catalogue.published import PUBLISHED
    from pipeline.catalogue.store import State, Verdict, find_store

    store = find_store(models_dir)
    if not names and not store.root.exists():
        tell(f"there is no folder {store.root}, so there is nothing to verify")
    known = (*PUBLISHED.values(), *store.others(PUBLISHED))
    here = (
        (entry, file)
        for entry in known
        for file in entry.parts or (entry,)
        if store.state(file) is not State.MISSING
    )
    faulty = []
    named = ((entry, file) for entry in map(find, names or ()) for file in model_files(entry))
    for entry, file in named if names else here:
        verdict = store.verify(file)
        say(f"{file.name}  {verdict}")
        if verdict is not Verdict.OK:
            faulty.append(entry.name if entry.parts else file.name)
    own = [] if names else list(_damaged_own())
    if faulty:
        place = "" if models_dir is None else f" --models-dir {quote(str(models_dir))}"
        again = " ".join(dict.fromkeys(faulty))
        own.insert(0, f"fetch again with: discoreel models pull {again}{place}")
    if own:
        raise ModelError("\n".join(own))


def _damaged_own() -> Iterator[str]:
    """Read own models again whose sums are remembered; yields what to say of damaged ones."""
    from pipeline.catalogue.network_digests import known_sums
    from pipeline.catalogue.store import Verdict

    for path, is_whole in known_sums().check():
        typer.echo(f"{path}  {Verdict.OK if is_whole else Verdict.DAMAGED}")
        if not is_whole:
            yield f"{path} has changed, and its size and times have not; put it back from a copy"


def _needs_nothing(preset: str | None) -> str:
    return f"the preset {preset} needs nothing that does not come with discoreel"


def _pull_each(entries: Iterable[Published], store: ModelStore, console: Console) -> None:
    """Fetch all that can be fetched, and only then say what could not."""
    from pipeline.catalogue.download import pull
    from pipeline.cli.pull_progress import pull_progress

    failures = []
    for entry in entries:
        try:
            with pull_progress(console, entry.name) as report:
                path = pull(entry, store, report)
        except ModelError as error:
            failures.append(str(error))
        else:
            say(f"{entry.name}  {path}")
    if failures:
        raise ModelError("\n\n".join(failures))


def _table(entries: Iterable[Published], store: ModelStore) -> Iterator[str]:
    from pipeline.catalogue.missing_models import missing_for, to_come
    from pipeline.catalogue.publication import total_text
    from pipeline.catalogue.store import State

    words = {State.MISSING: "no", State.VERIFIED: "yes"}
    listed = tuple(store.measured(entry) for entry in entries)
    rows = [("name", "role", "size", "licence", "on disk")]
    for entry in listed:
        state, licence = store.state(entry), entry.licence + (", gated" if entry.gated else "")
        size, here = total_text([entry]), words.get(state, str(state))
        rows.append((entry.name, str(entry.role), size, licence, here))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()
    missing = missing_for(listed, store)
    yield f"{len(listed) - len(missing)} of {len(listed)} are in {store.root}"
    if missing:
        yield f"the others: {total_text(to_come(entry, store) for entry in missing)}"


def _as_json(entries: Iterable[Published], store: ModelStore) -> str:
    import json
    from dataclasses import asdict

    rows = [
        {
            **asdict(store.measured(entry)),
            "path": str(store.path(entry)),
            "state": store.state(entry),
        }
        for entry in entries
    ]
    return json.dumps(rows, indent=1)
