"""The page of `discoreel watch` in a real browser, from a save to what is seen."""

from __future__ import annotations

import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep, time
from typing import Any

import numpy as np
import pytest

from tests import child
from tests.browser import browser, need_browser
from tests.command_line import command, environment
from tests.media import write_tone

pytestmark = pytest.mark.slow

SCENE = """\
video: {size: [96, 96], fps: 12, duration: 2 bars}
music: {file: song.wav, bpm: 240, sections: {verse: bar 1, chorus: bar 2}}
prompts: {0s: a lighthouse, chorus: a castle, blend: 1 beat}
camera: {mode: 2d, zoom: {0s: 1, end: 1.02}}
"""
PATIENCE = 60.0
"""Seconds to wait on a busy machine."""
TRIES = 4


@dataclass(frozen=True)
class Page:
    driver: Any
    scene: Path

    def find(self, selector: str) -> Any:
        return self.driver.find_element("css selector", selector)

    def texts(self, selector: str) -> list[str]:
        return [one.text for one in self.driver.find_elements("css selector", selector)]

    def run(self, script: str) -> Any:
        return self.driver.execute_script(script)

    def press(self, key: str) -> None:
        from selenium.webdriver import ActionChains

        ActionChains(self.driver).send_keys(key).perform()

    def until(self, met: Callable[[], object]) -> Any:
        """What `met` gives as soon as it is something."""
        end = monotonic() + PATIENCE
        while not (found := met()):
            assert monotonic() < end, self.run("return document.body.innerText")
            sleep(0.02)
        return found

    def state(self) -> str:
        return str(self.run("return document.body.dataset.state"))

    def save(self, text: str) -> float:
        """Save the scene; seconds until the page shows it."""
        before = self.run("return document.body.dataset.version")
        begun = time()
        self.scene.write_text(text, encoding="utf-8")
        self.until(lambda: self.run("return document.body.dataset.version") != before)
        return float(self.run("return Number(document.body.dataset.shown)")) / 1000 - begun

    def show(self) -> None:
        """The scene without a mistake, on the timeline."""
        if self.scene.read_text(encoding="utf-8") != SCENE:
            self.save(SCENE)
        self.until(lambda: self.state() == "timeline")

    def click_at(self, share: float) -> None:
        """Click into the ruler, so far from its left end."""
        from selenium.webdriver import ActionChains

        ruler = self.find("#ruler")
        across = round((share - 0.5) * ruler.size["width"])
        ActionChains(self.driver).move_to_element_with_offset(ruler, across, 12).click().perform()


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    need_browser()
    folder = tmp_path_factory.mktemp("watched")
    write_tone(folder / "song.wav", 3.0)
    scene = folder / "night.yaml"
    scene.write_text(SCENE, encoding="utf-8")
    argv = command("watch", scene, "--no-open", "--out", folder / "out")
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with child.start(argv, cwd=folder, env=environment(), text=True, **streams) as server:
        try:
            address = server.stdout.readline().split(": ")[1].strip()
            with browser(tmp_path_factory.mktemp("profile")) as driver:
                driver.get(address)
                yield Page(driver, scene)
        finally:
            server.send_signal(signal.SIGINT)
            try:
                server.wait(PATIENCE)
            finally:
                server.kill()


@pytest.fixture
def page(opened: Page) -> Page:
    opened.show()
    return opened


def test_the_timeline_is_drawn(page: Page) -> None:
    assert page.find("#title").text == "night.yaml"
    assert "24 frames at 12 a second" in page.find("#facts").text
    labels = page.texts("#labels span")
    assert labels[:6] == ["prompts", "song", "marks", "rendered", "repainted", "camera.zoom"]
    page.until(lambda: page.run("return document.getElementById('lanes').dataset.drawn") != "0")
    colours = page.run(
        "const c = document.getElementById('lanes');"
        "const seen = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
        "return new Set(new Uint32Array(seen.buffer)).size"
    )
    assert colours > 20
    assert page.texts("#prompts li") == ["a lighthouse"]
    refused = [one for one in page.driver.get_log("browser") if one["level"] == "SEVERE"]
    assert refused == []


def test_a_saved_change_is_shown_within_a_second(page: Page) -> None:
    times = [page.save(SCENE.replace("1.02", f"1.0{number}")) for number in range(3, 3 + TRIES)]
    # The best of some, as others may keep the processor from it.
    assert min(times) < 1.0, times
    print(f"shown after {min(times):.2f} to {max(times):.2f} s")


def test_a_mistake_is_told_its_place_is_shown_and_mending_it_helps(page: Page) -> None:
    times = []
    for number in range(TRIES):
        times.append(page.save(SCENE.replace("mode: 2d", f"mode: {number}q")))
        assert page.state() == "problems" and not page.find("#timeline").is_displayed()
        page.show()
    assert min(times) < 1.0, times
    page.save(SCENE.replace("1.02", "none") + "camra: 1\n")
    first, second = page.driver.find_elements("css selector", ".problem")
    assert first.text.startswith("4:") and "camera.zoom" in first.text
    assert second.text.startswith('5:1 camra\nunknown key (did you mean "camera"?)')
    assert second.text.endswith("5 | camra: 1\n^^^^^")
    second.click()
    row = page.find("#source .at")
    assert row.text == "camra: 1" and row.is_displayed()
    assert page.find("#source .at mark").text == "camra"
    page.show()
    assert page.find("#timeline").is_displayed() and not page.find("#mistakes").is_displayed()


def test_scrubbing_changes_the_frames_that_are_shown(page: Page) -> None:
    folder = page.scene.parent / "out"
    if not folder.exists():
        render(page.scene, folder)
    page.until(lambda: "12 of 24" in page.find("#render").text)
    page.until(
        lambda: page.run("return document.getElementById('animatic').dataset.state") == "ready"
    )
    page.until(lambda: page.run("return document.getElementById('film').readyState") >= 2)
    (film, frame), (other_film, other_frame) = (scrub(page, share) for share in (0.1, 0.4))
    assert film != other_film and (frame, other_frame) == (20, 90)
    page.click_at(0.9)
    page.until(lambda: page.find("#frame-note").text == "This frame is not rendered yet.")


def scrub(page: Page, share: float) -> list[float]:
    """Go to a share of the video; what `AVERAGES` says of the pictures there."""
    page.click_at(share)
    frame = int(share * 24)
    assert page.find("#clock").get_attribute("data-frame") == str(frame)
    page.until(lambda: page.find("#frame").get_attribute("data-frame") == str(frame))
    page.until(lambda: not page.run("return document.getElementById('film').seeking"))
    at = page.run("return document.getElementById('film').currentTime")
    assert at == pytest.approx((frame + 0.5) / 12, abs=0.01)
    numbers: list[float] = page.run(AVERAGES)
    return numbers


AVERAGES = """
const average = (id) => {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 64;
  const g = canvas.getContext('2d');
  g.drawImage(document.getElementById(id), 0, 0, 64, 64);
  const data = g.getImageData(0, 0, 64, 64).data;
  let sum = 0;
  for (let n = 0; n < data.length; n += 4) sum += data[n] * (id === 'film' ? 1 + n : 1);
  return id === 'film' ? sum : Math.round(sum / 4096);
};
return [average('film'), average('frame')];
"""
"""A number that tells pictures of the film apart, and the level of the rendered frame."""


def render(scene: Path, folder: Path) -> None:
    """The first half of a render, each frame ten levels lighter than the one before."""
    from pipeline.catalogue.locate import locate_all
    from pipeline.catalogue.network_fingerprints import fingerprints
    from pipeline.catalogue.store import find_store
    from pipeline.plan.make import make_plan
    from pipeline.run.run import Run
    from pipeline.scene.load import load_scene

    plan, store = make_plan(load_scene(scene)), find_store()
    located = locate_all(plan, store)
    prints = {name: fingerprints(one, store) for name, one in located.items()}
    with Run.open(folder, plan, prints) as run:
        for spec in plan.frames[:12]:
            run.save(spec, np.full((96, 96, 3), 10 * spec.frame, dtype=np.uint8), seconds=1.0)


def test_the_animatic_plays_and_a_key_marks_what_is_heard(page: Page) -> None:
    page.until(
        lambda: page.run("return document.getElementById('animatic').dataset.state") == "ready"
    )
    page.until(lambda: page.run("return document.getElementById('film').readyState") >= 2)
    page.click_at(0.02)
    page.press(" ")
    page.until(lambda: page.run("return document.body.dataset.master") == "film")
    # A hundredth more than is asked below: the list of taps rounds to it.
    page.until(lambda: page.run("return document.getElementById('film').currentTime") > 0.41)
    page.press("t")
    page.press(" ")
    assert page.run("return document.getElementById('film').paused")
    assert page.run("return document.getElementById('film').webkitAudioDecodedByteCount") > 0
    tapped = page.run("return Number(document.querySelector('#taps-list li').textContent.slice(2))")
    assert 0.4 < tapped < 2
    page.find("#taps-list input").send_keys("drop")
    page.find("#taps-save").click()
    page.until(lambda: page.find("#taps-lines").is_displayed())
    saved = page.scene.with_name("night-marks.txt").read_text().split("\t")
    assert float(saved[0]) == pytest.approx(tapped, abs=0.006) and saved[2] == "drop\n"
    assert page.find("#taps-lines").text == "marks: night-marks.txt"
    assert page.scene.read_text() == SCENE
    page.save(SCENE.replace("bpm: 240,", "bpm: 240, marks: night-marks.txt,"))
    page.until(lambda: not page.find("#taps").is_displayed())


def test_what_is_saved_in_halves_or_deleted_ends_nothing(page: Page) -> None:
    stop = threading.Event()

    def torn() -> None:
        while not stop.is_set():
            page.scene.write_text(SCENE[:40])
            page.scene.write_text(SCENE)

    writing = threading.Thread(target=torn)
    writing.start()
    sleep(0.5)
    stop.set()
    writing.join()
    page.scene.unlink()
    page.until(lambda: "there is no such scene file" in page.find("#mistakes").text)
    page.scene.write_text(SCENE)
    page.until(lambda: page.state() == "timeline")


def test_nothing_is_asked_of_anybody_else(page: Page) -> None:
    asked = page.run("return performance.getEntriesByType('resource').map((one) => one.name)")
    home = page.run("return location.origin")
    assert asked and all(one.startswith(f"{home}/") for one in asked)


def test_a_narrow_window_is_enough(page: Page) -> None:
    before = page.driver.get_window_size()
    page.driver.set_window_size(520, 800)
    try:
        wide = page.run("return [document.documentElement.scrollWidth, innerWidth]")
        assert wide[0] <= wide[1]
        assert page.find("#lanes").size["width"] > 200 and page.find("#play").is_displayed()
    finally:
        page.driver.set_window_size(before["width"], before["height"])
