"""Models that are given only to those who have accepted their licence. Imports no torch."""

from __future__ import annotations

import os

from pipeline.catalogue.mirror import host_of
from pipeline.catalogue.publication import Published
from pipeline.errors import ModelError

TOKEN_VARIABLE = "HF_TOKEN"
"""The environment variable that says who asks the hub."""


def token_for(entry: Published, address: str) -> str:
    """The token of the environment, if `address` is on the host of the model's page; else "".

    Raises:
        ModelError: what the variable holds cannot be a token.
    """
    token = os.environ.get(TOKEN_VARIABLE, "").strip()
    if not token or not _is_on_page(entry, address):
        return ""
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise ModelError(
            f"the environment variable {TOKEN_VARIABLE} holds no token: one is letters, digits and "
            "signs in a single word; copy it again from the settings of your account"
        )
    return token


def access_remedy(entry: Published, address: str) -> str:
    """What to do where `address` does not give a file; "" if it is not on the host of its page."""
    if not _is_on_page(entry, address):
        return ""
    if os.environ.get(TOKEN_VARIABLE, "").strip():
        return (
            f"the token in {TOKEN_VARIABLE} does not open this model: accept its licence on "
            f"{entry.page} with the account of the token (some publishers take their time to "
            "agree), or make another token in its settings that may read such models; then give "
            "the same command again"
        )
    return (
        f"the publisher gives this model to accounts that have accepted its licence: accept it on "
        f"{entry.page}, make a token that may read in the settings of your account, and set the "
        f"environment variable {TOKEN_VARIABLE} to it; then give the same command again"
    )


def _is_on_page(entry: Published, address: str) -> bool:
    return host_of(entry.page) == host_of(address)
