"""A real browser, driven as its user does: Chromium without a window.

Where there is none, tests that need one are passed over with a reason; where `DISCOREEL_BROWSER`
says `required`, as in continuous integration, they fail.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_DRIVER = "chromedriver"
_OPTIONS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"),
    *("--disable-extensions", "--disable-background-networking", "--no-first-run"),
    *("--mute-audio", "--window-size=1280,860"),
)


def missing() -> str:
    """What a browser lacks here; empty if nothing."""
    if not any(map(shutil.which, _NAMES)) or shutil.which(_DRIVER) is None:
        return f"no {_NAMES[0]} with its {_DRIVER} is installed"
    try:
        import selenium  # noqa: F401
    except ImportError:
        return "selenium is not installed"
    return ""


def need_browser() -> None:
    """Skip the test without a browser; fail it where one is required."""
    if lacking := missing():
        if os.environ.get("DISCOREEL_BROWSER") == "required":
            pytest.fail(f"DISCOREEL_BROWSER is required, and {lacking}")
        pytest.skip(lacking)


@contextmanager
def browser(profile: Path) -> Iterator[Any]:
    """The driver of a new Chromium, which keeps what it keeps in `profile`."""
    from selenium.webdriver import Chrome, ChromeOptions, ChromeService

    options = ChromeOptions()
    options.binary_location = next(filter(None, map(shutil.which, _NAMES)))
    for option in (*_OPTIONS, f"--user-data-dir={profile}"):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    # Given the driver's path, selenium looks for none elsewhere, neither here nor on the network.
    driver = Chrome(options=options, service=ChromeService(shutil.which(_DRIVER)))
    try:
        yield driver
    finally:
        driver.quit()
