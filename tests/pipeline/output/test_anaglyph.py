"""Two pictures in one for red and cyan glasses."""

from __future__ import annotations

import numpy as np

from pipeline.output.anaglyph import anaglyph


def test_greys_stay_grey() -> None:
    """Where both eyes see one grey, the picture is that grey: the shares of each colour add to 1.

    In light they are off by up to 0.0018, which is most near white.
    """
    grey = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2)
    made = anaglyph(grey, grey)
    assert np.abs(made.astype(int) - grey).max() <= 1


def test_each_eye_gets_its_own_picture() -> None:
    """What the left eye alone sees is red in the main, and cyan what the right eye alone sees."""
    white, black = np.full((1, 1, 3), 255, np.uint8), np.zeros((1, 1, 3), np.uint8)
    red, green, blue = anaglyph(white, black)[0, 0]
    assert red == 255
    assert max(green, blue) == 0
    red, green, blue = anaglyph(black, white)[0, 0]
    assert red == 0
    assert min(green, blue) == 255


def test_it_is_a_product_of_matrices_in_light() -> None:
    """By the definition, written out once more in double precision."""
    left_matrix = np.array(
        [
            [0.4561, 0.500484, 0.176381],
            [-0.0400822, -0.0378246, -0.0157589],
            [-0.0152161, -0.0205971, -0.00546856],
        ]
    )
    right_matrix = np.array(
        [
            [-0.0434706, -0.0879388, -0.00155529],
            [0.378476, 0.73364, -0.0184503],
            [-0.0721527, -0.112961, 1.2264],
        ]
    )
    generator = np.random.default_rng(3)
    left, right = generator.integers(0, 256, (2, 20, 30, 3), dtype=np.uint8)

    def light(pixels: np.ndarray) -> np.ndarray:
        level = pixels / 255.0
        return np.where(level <= 0.04045, level / 12.92, ((level + 0.055) / 1.055) ** 2.4)

    sums = np.clip(light(left) @ left_matrix.T + light(right) @ right_matrix.T, 0, 1)
    level = np.where(sums <= 0.0031308, 12.92 * sums, 1.055 * sums ** (1 / 2.4) - 0.055)
    found = anaglyph(left, right).astype(float)
    assert np.abs(found - 255 * level).max() < 0.75
