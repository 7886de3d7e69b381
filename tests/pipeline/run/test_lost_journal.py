"""A journal that is lost or damaged: frames are found again by what their pictures carry."""

from __future__ import annotations

import errno
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import RunError
from pipeline.files.png import decode_png, encode_png
from pipeline.files.png_chunks import read_note, with_note, without_note
from pipeline.run.footage import read_footage
from pipeline.run.journal import FrameRecord, Journal
from pipeline.run.run import Run
from pipeline.run.seams import threads_of
from pipeline.run.status import read_status
from pipeline.run.takes import restore
from pipeline.run.verify import verify
from pipeline.spec.frame import FrameId
from pipeline.spec.platform import Platform
from tests.faults import Disk, failing
from tests.pipeline.plans import NETWORKS, chain_plan, picture, with_zoom
from tests.pipeline.runs import contents, forget, missing, set_aside

PLAN = chain_plan(5)
MEMORY = {"noise": np.arange(12.0)}
STUDIO = Platform("Xeon, AVX512, torch 2.15.0", threads=3)


def save(out: Path, count: int = 5, platform: Platform = STUDIO) -> None:
    """Save the frames of the plan that are missing, up to the `count`th, with a memory each."""
    with Run.open(out, PLAN, NETWORKS) as run:
        run.compute_on(platform, PLAN, accept=True)
        for spec in run.missing(PLAN)[:count]:
            run.save(spec, picture(spec.frame), 0.5, MEMORY)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    save(tmp_path / "out")
    return tmp_path / "out"


def journal(out: Path) -> Path:
    return out / "journal.jsonl"


def frame(out: Path, number: int) -> Path:
    return out / "frames" / f"{number:06d}.png"


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage() for one in caplog.records]


def test_a_lost_journal_is_written_again_from_the_frames(
    out: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before, files = Journal(journal(out)).records, contents(out / "frames")
    journal(out).unlink()
    assert missing(out, PLAN) == []
    assert told(caplog) == [
        "the journal was lost: 5 frames were found again by what they carry",
    ]
    untimed = {key: replace(one, seconds=0.0) for key, one in before.items()}
    assert Journal(journal(out)).records == untimed
    assert contents(out / "frames") == files
    assert not (out / "takes").exists()
    caplog.clear()
    assert missing(out, PLAN) == [] and told(caplog) == []


def test_found_frames_are_judged_as_any_other(out: Path) -> None:
    edited = with_zoom(PLAN, 3, 1.5)
    journal(out).unlink()
    with pytest.raises(RunError, match=r"^frame 3 would change: camera.zoom was 1.02, is now 1.5"):
        missing(out, edited)
    journal(out).unlink()
    assert missing(out, edited, replace_stale=True) == [3, 4]
    journal(out).unlink()
    assert missing(out, edited) == [3, 4], "what an edit has put aside does not come back"


def test_a_truncated_journal_lacks_what_it_lost(
    out: Path, caplog: pytest.LogCaptureFixture
) -> None:
    lines = journal(out).read_bytes().splitlines(keepends=True)
    journal(out).write_bytes(b"".join(lines[:4]))
    assert missing(out, PLAN) == []
    assert told(caplog) == [
        "the journal was incomplete: 1 frame was found again by what it carries"
    ]
    assert threads_of(out) == 3


def test_two_renders_of_a_frame_are_equal_files(out: Path, tmp_path: Path) -> None:
    with Run.open(tmp_path / "other", PLAN, NETWORKS) as run:
        run.compute_on(replace(STUDIO, threads=1), PLAN)
        for spec in PLAN:
            run.save(spec, picture(spec.frame), 99.0, MEMORY)
    assert contents(tmp_path / "other" / "frames") == contents(out / "frames")


def test_what_computed_frames_is_known_where_it_was_one(out: Path) -> None:
    journal(out).unlink()
    assert threads_of(out) == 3
    assert verify(out).platforms == {STUDIO: 5}
    missing(out, PLAN)
    frame(out, 4).unlink()
    with Run.open(out, PLAN, NETWORKS) as run:
        with pytest.raises(RunError, match="frame 4 would grow from frame 3, which was computed"):
            run.compute_on(replace(STUDIO, threads=1), PLAN)
        run.compute_on(replace(STUDIO, threads=1), PLAN, accept=True)
        run.save(PLAN[4], picture(4), 0.5, MEMORY)
    journal(out).unlink()
    assert verify(out).platforms == {None: 5}
    assert threads_of(out) is None


@pytest.mark.parametrize("text", ["", "{", "[1]", "null", '[{"threads": "x"}]', "[" * 9000])
def test_what_computed_frames_may_be_lost_as_well(out: Path, text: str) -> None:
    (out / "platforms.json").write_text(text)
    journal(out).unlink()
    assert verify(out).platforms == {None: 5}
    assert missing(out, PLAN) == []


def flipped(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


def repainted(data: bytes) -> bytes:
    """As an editor that keeps the texts of a picture."""
    return with_note(encode_png(255 - decode_png(data)), read_note(data))


@pytest.mark.parametrize("harm", [flipped, repainted, without_note, lambda data: data[:-9]])
def test_a_picture_that_is_not_as_it_was_saved_is_not_found(
    out: Path, harm: Callable[[bytes], bytes]
) -> None:
    data = harm(frame(out, 2).read_bytes())
    frame(out, 2).write_bytes(data)
    journal(out).unlink()
    assert missing(out, PLAN) == [2]
    assert (set_aside(out) / "frames" / "000002.png").read_bytes() == data


def test_a_frame_without_its_memory_or_in_the_place_of_another_is_not_found(out: Path) -> None:
    (out / "memory" / "000001.npz").unlink()
    (out / "memory" / "000002.npz").write_bytes(b"?")
    shutil.copy(frame(out, 3), frame(out, 4))
    journal(out).unlink()
    assert missing(out, PLAN) == [1, 2, 4]


def test_frames_of_earlier_releases_carry_nothing(
    out: Path, caplog: pytest.LogCaptureFixture
) -> None:
    forget(out)
    found = read_status(out)
    assert (found.saved, found.known.fault, len(found.known.unknown)) == (5, "", 0)
    journal(out).unlink()
    found = read_status(out)
    assert (found.saved, found.known.fault, len(found.known.unknown)) == (0, "lost", 5)
    assert missing(out, PLAN) == [0, 1, 2, 3, 4]
    assert len(list((set_aside(out) / "frames").iterdir())) == 5
    assert told(caplog) == []


def test_status_verify_and_footage_see_through_a_lost_journal(out: Path) -> None:
    journal(out).unlink()
    before = contents(out)
    status, verified = read_status(out), verify(out)
    assert (status.saved, status.following, status.seconds) == (5, None, None)
    assert (status.known.fault, status.known.found_words) == (
        "lost",
        "5 frames by what they carry",
    )
    assert (verified.whole, verified.faults) == (5, ())
    assert len(read_footage(out).frames) == 5
    assert contents(out) == before, "looking changes nothing"


def damage(out: Path, *numbers: int) -> list[bytes]:
    """Make the lines of these numbers, from 0, useless; returns what was made of them."""
    lines = journal(out).read_bytes().split(b"\n")
    for number in numbers:
        lines[number] = b"\0" * 9 + lines[number][9:]
    journal(out).write_bytes(b"\n".join(lines))
    return [lines[number] for number in numbers]


def test_damaged_lines_are_kept_and_their_frames_found_again(
    out: Path, caplog: pytest.LogCaptureFixture
) -> None:
    damaged = damage(out, 1, 2)
    found = read_status(out)
    assert (found.saved, found.known.fault) == (5, "damaged in line 2, 3")
    assert missing(out, PLAN) == []
    assert told(caplog) == [
        "the journal was damaged in line 2, 3: 2 frames were found again by what they carry"
    ]
    assert (out / "journal.damaged").read_bytes() == b"".join(one + b"\n" for one in damaged)
    assert len(Journal(journal(out)).records) == 5


def test_a_damaged_line_is_refused_where_its_frame_carries_nothing(out: Path) -> None:
    forget(out)
    damage(out, 1)
    before = contents(out)
    for look in (lambda: missing(out, PLAN), lambda: read_status(out), lambda: verify(out)):
        with pytest.raises(RunError, match=r"journal\.jsonl:2: expected the JSON record of a fr"):
            look()
    assert contents(out) == before
    lines = journal(out).read_bytes().split(b"\n")
    journal(out).write_bytes(b"\n".join(lines[:1] + lines[2:]))
    assert missing(out, PLAN) == [1], "the remedy that is told"


def test_a_take_without_its_journal_is_put_back(out: Path) -> None:
    old = contents(out / "frames")
    assert missing(out, with_zoom(PLAN, 2, 1.5), replace_stale=True) == [2, 3, 4]
    journal(out / "takes" / "001").unlink()
    journal(out).unlink()
    back, _ = restore(out, 1)
    assert back == (FrameId(2), FrameId(3), FrameId(4))
    assert missing(out, PLAN) == [] and contents(out / "frames") == old


def test_the_next_frames_go_on_after_a_lost_journal(tmp_path: Path) -> None:
    save(tmp_path, 3)
    journal(tmp_path).unlink()
    save(tmp_path)
    records = Journal(journal(tmp_path)).records
    assert [one.is_timed for one in records.values()] == [False, False, False, True, True]
    assert read_status(tmp_path).seconds == 0.5


@pytest.mark.parametrize("text", [None, b"", b"{", b"\0" * 99])
def test_a_render_that_has_lost_its_manifest_too_is_one(out: Path, text: bytes | None) -> None:
    before = contents(out)
    journal(out).unlink()
    (out / "run.json").unlink()
    if text is not None:
        (out / "run.json").write_bytes(text)
    assert missing(out, PLAN) == []
    assert contents(out) | {"journal.jsonl": before["journal.jsonl"]} == before


def test_frames_that_carry_nothing_make_no_render(out: Path) -> None:
    forget(out)
    journal(out).unlink()
    (out / "run.json").unlink()
    with pytest.raises(RunError, match="is not a render of discoreel: it has no run"):
        missing(out, PLAN)


def strange(data: bytes, change: Callable[[dict[str, object]], object]) -> bytes:
    """The picture with another note."""
    return with_note(without_note(data), json.dumps(change(json.loads(read_note(data)))))


def nested(depth: int) -> dict[str, object]:
    data: dict[str, object] = {}
    for _ in range(depth):
        data = {"a": data}
    return data


@pytest.mark.parametrize(
    "change",
    [
        lambda data: [],
        lambda data: None,
        lambda data: {},
        lambda data: {**data, "frame": -1},
        lambda data: {**data, "frame": True},
        lambda data: {**data, "frame": 1e300},
        lambda data: {**data, "frame": 10**4000},
        lambda data: {**data, "shot": "../.."},
        lambda data: {**data, "shot": None},
        lambda data: {**data, "spec": []},
        lambda data: {**data, "spec": nested(300)},
        lambda data: {**data, "spec": nested(900)},
        lambda data: {**data, "memory": "../../x"},
        lambda data: {**data, "digest": ["x"] * 1000},
        lambda data: {**data, "unheard": "x" * 100_000},
        lambda data: {**data, "sha256": "0" * 64},
        lambda data: {**data, "fingerprints": {"role": 1}},
        lambda data: {**data, "spec": {"x": "y" * (3 << 20)}},
    ],
)
def test_a_note_of_a_stranger_is_no_news(
    out: Path, change: Callable[[dict[str, object]], object]
) -> None:
    frame(out, 2).write_bytes(strange(frame(out, 2).read_bytes(), change))
    journal(out).unlink()
    found = read_status(out)
    assert found.saved in (4, 5)
    verify(out)
    try:
        assert missing(out, PLAN) in ([2], [])
        assert missing(out, PLAN) in ([2], [])
    except RunError as error:
        assert "frame 2 would change" in str(error)


@pytest.mark.parametrize("text", ["x", "[" * 100_000, "1" * 9999, '"' + "a" * 70_000, "{" * 500])
def test_a_note_that_is_no_json_is_none(out: Path, text: str) -> None:
    frame(out, 2).write_bytes(with_note(without_note(frame(out, 2).read_bytes()), text))
    journal(out).unlink()
    assert missing(out, PLAN) == [2]


def test_a_note_of_a_million_bytes_is_not_written(tmp_path: Path) -> None:
    from pipeline.run.carried import carrying

    plain = encode_png(picture(0))
    record = FrameRecord(0, 4, "d", "", 0.5, {"text": "é" * 200_000})
    assert carrying(plain, record) == plain
    assert carrying(plain, replace(record, spec={})) != plain


@pytest.mark.slow
def test_odd_bytes_in_a_note_never_end_in_a_traceback(out: Path) -> None:
    data = frame(out, 2).read_bytes()
    plain, note = without_note(data), read_note(data)
    generator = np.random.default_rng(13)
    for _ in range(400):
        text = bytearray(note.encode("ascii"))
        for _ in range(int(generator.integers(1, 4))):
            text[generator.integers(len(text))] = generator.integers(32, 127)
        frame(out, 2).write_bytes(with_note(plain, text.decode("ascii")))
        journal(out).unlink(missing_ok=True)
        assert read_status(out).saved in (4, 5)
        verify(out)


@pytest.mark.slow
@pytest.mark.parametrize(("code", "lasting"), [(errno.EIO, False), (errno.ENOSPC, True)])
def test_a_disk_that_fails_while_frames_are_found_again_loses_none(
    out: Path, tmp_path: Path, code: int, lasting: bool
) -> None:
    damaged, old = damage(out, 1), contents(out / "frames")
    lines = journal(out).read_bytes().splitlines(keepends=True)
    journal(out).write_bytes(b"".join(lines[:3]))
    here, first, reached = tmp_path / "here", 0, True
    while reached:
        first += 1
        shutil.rmtree(here, ignore_errors=True)
        shutil.copytree(out, here)
        disk = Disk(here, first, code, lasting)
        with failing(disk):
            try:
                missing(here, PLAN)
            except RunError:
                assert disk.has_failed
        reached = disk.has_failed
        assert missing(here, PLAN) == [], f"at operation {first} of {disk.done}"
        assert contents(here / "frames") == old
        assert (here / "journal.damaged").read_bytes() == damaged[0] + b"\n"
        assert len(Journal(journal(here)).records) == 5
    assert first > 40, "there are not so few"


@pytest.mark.slow
def test_a_journal_of_any_damage_costs_no_picture_and_no_traceback(out: Path) -> None:
    whole, pictures = journal(out).read_bytes(), set(contents(out / "frames").values())
    generator = np.random.default_rng(5)
    refused = 0
    for trial in range(300):
        text = bytearray(whole)
        place, length = int(generator.integers(len(text))), int(generator.integers(1, 1500))
        harm = (b"\0" * length, generator.bytes(length), b"", text[place : place + 1].swapcase())
        text[place : place + length] = harm[trial % 4]
        journal(out).write_bytes(text)
        try:
            missing(out, PLAN)
        except RunError as error:
            refused += 1
            assert "would change" in str(error) or "delete this line" in str(error)
        found = contents(out)
        assert pictures <= {data for name, data in found.items() if name.endswith(".png")}
        if (out / "takes").exists():  # a sum that is another one, in a line that is still JSON
            for path in (out / "takes" / "001" / "frames").iterdir():
                path.replace(out / "frames" / path.name)
            for path in (out / "takes" / "001" / "memory").iterdir():
                path.replace(out / "memory" / path.name)
            shutil.rmtree(out / "takes")
    assert refused < 100
