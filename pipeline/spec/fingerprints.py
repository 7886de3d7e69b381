"""The names under which the fingerprints of a frame's files and settings stand."""

from __future__ import annotations

INIT_IMAGE = "init_image"
"""The fingerprint of a frame's input picture stands beside those of the models under this name."""

DEPTH_PICTURE = "depth picture"
"""And that of the picture of the depth that it moves through under this one."""

PRECISION = "precision"
"""And a precision that the scene names under this one."""
