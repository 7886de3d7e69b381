"""Files that file managers, file servers and file systems leave in folders unasked."""

from __future__ import annotations

import re

_NAMES = re.compile(
    r"\._.*|\.DS_Store|\.localized|Icon\r|\.Spotlight-V100|\.Trashes|\.fseventsd"
    r"|\.TemporaryItems|\.DocumentRevisions-V100|\.apdisk|\.AppleD.*"
    r"|Thumbs\.db|ehthumbs(_vista)?\.db|desktop\.ini|\$RECYCLE\.BIN|System Volume Information"
    r"|\.directory|\.hidden|\.Trash-\d+|\.nfs[0-9a-f]+|\.fuse_hidden.*|lost\+found"
    r"|@eaDir|#recycle",
    re.IGNORECASE,
)


def is_left_by_system(name: str) -> bool:
    """Whether a file or folder of this name is nobody's work.

    `._shot.png` is such a name: macOS keeps there what a share has no place for.
    """
    return _NAMES.fullmatch(name) is not None
