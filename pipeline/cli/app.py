"""The commands of `discoreel`, put together; each is a module of its own.

A command reads its arguments, calls a few verbs, and prints. Standard output carries results;
progress and everything that is said along the way goes to standard error. torch is imported by
`render`, `redo`, `assemble` and `verify` alone, inside their functions: `check` and `plan` answer
at once.
"""

from __future__ import annotations

import typer

from pipeline.cli.accept import accept
from pipeline.cli.adopt import adopt
from pipeline.cli.assemble import assemble
from pipeline.cli.check import check
from pipeline.cli.estimate import estimate
from pipeline.cli.export import export_app
from pipeline.cli.export_depth import depth as export_depth
from pipeline.cli.import_ import import_
from pipeline.cli.models import models_app
from pipeline.cli.music import music
from pipeline.cli.new import new
from pipeline.cli.plan import plan
from pipeline.cli.preview import preview
from pipeline.cli.redo import redo
from pipeline.cli.render import render
from pipeline.cli.schema import schema
from pipeline.cli.status import status
from pipeline.cli.takes import takes_app
from pipeline.cli.verify import verify
from pipeline.cli.version import ShowVersion
from pipeline.cli.watch import watch
from pipeline.cli.why import why

PROGRAM = "discoreel"
"""Name of the program in messages, and in the shell's completion of its arguments."""

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None)
app.add_typer(models_app, name="models")
app.add_typer(takes_app, name="takes")
app.add_typer(export_app, name="export")
export_app.command("depth")(export_depth)
_VERBS = (
    *(new, check, plan, why, estimate, preview, watch),
    *(render, status, verify, redo, adopt, accept, assemble, music, schema),
)
for verb in _VERBS:
    app.command()(verb)
app.command("import")(import_)


@app.callback()
def main(version: ShowVersion = False) -> None:
    """Turn a scene file of keyframed prompts and camera motion into a video."""
