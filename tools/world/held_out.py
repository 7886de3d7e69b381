"""Paintings that no training saw: what networks are measured on."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from tools.world.editions import EDITIONS, SHIPPED, Edition
from tools.world.paint import Painting, paint

FIRST_SEED = 900_000_000
"""The seeds from here on are not trained on."""


def held_out_parser(doc: str | None, count: int) -> ArgumentParser:
    """The options of a measure: of how many paintings, of which edition and size."""
    parser = ArgumentParser(description=(doc or "").split("\n", 1)[0])
    parser.add_argument("--count", type=int, default=count)
    parser.add_argument("--edition", choices=EDITIONS, default=SHIPPED, help="of the world")
    parser.add_argument("--size", type=int, nargs=2, help="instead of the edition's own")
    return parser


def held_out(options: Namespace) -> tuple[Edition, list[Painting]]:
    """The edition that `held_out_parser` was asked for, and its paintings."""
    edition = EDITIONS[options.edition]
    width, height = options.size or edition.size
    seeds = range(FIRST_SEED, FIRST_SEED + options.count)
    return edition, [paint(seed, width, height, edition=edition) for seed in seeds]
