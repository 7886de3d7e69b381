"""Where the prior lies in a folder of Kandinsky 2.2. Imports no torch.

Its parts have `prior_` before their names, as diffusers saves both pipelines together, or lie in a
folder `prior`, as they are published.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import ModelError


@dataclass(frozen=True, slots=True)
class PriorFolder:
    """Where the parts of the prior lie."""

    folder: Path
    prefix: str
    """What stands before their names."""

    def __call__(self, part: str) -> str:
        """The name of a part's folder in `folder`."""
        return f"{self.prefix}{part}"

    def path(self, part: str) -> Path:
        """The folder of a part."""
        return self.folder / self(part)


def find_prior(folder: Path) -> PriorFolder:
    """Where the prior of a Kandinsky folder lies.

    Raises:
        ModelError: it is in neither place.
    """
    for found in (PriorFolder(folder, "prior_"), PriorFolder(folder / "prior", "")):
        if (found.path("prior") / "config.json").is_file():
            return found
    raise ModelError(
        f"{folder}: holds a decoder and no prior, without which no text becomes a picture; looked "
        "for prior_prior/config.json and prior/prior/config.json: put the prior's pipeline into "
        "a folder named prior beside unet, or save both as one with diffusers"
    )
