"""Frames that hold although their digests differ: what differs is idle in both.

Their pixels would come again bit for bit, so that nobody has to wait for them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.run.digest import RECIPE, Fingerprints, frame_digest, pixel_json
from pipeline.run.journal import FrameRecord
from pipeline.spec.frame import FrameId, FrameSpec
from pipeline.spec.idle import awake, without_idle
from pipeline.spec.json_form import from_json_data
from pipeline.spec.plan import Plan

Records = Mapping[FrameId, FrameRecord]


def restated(
    plan: Plan,
    fingerprints: Mapping[FrameId, Fingerprints],
    records: Records,
    digests: Mapping[FrameId, str],
) -> Records:
    """The records with the plan's digests and values for frames that only idle values tell apart.

    A frame has to be right by what is journaled of it, and of what it grows from. Returns `records`
    itself if there is no such frame.
    """
    now = dict(records)
    for spec in plan.as_they_grow:
        record, digest = records.get(spec.id), digests[spec.id]
        if record is None or record.digest == digest or record.stand_in is not None:
            continue
        if any(one not in now or now[one].digest != digests[one] for one in spec.earlier):
            continue
        prints = fingerprints[spec.id]
        if _is_same(record, [records[one].digest for one in spec.earlier], spec, prints):
            values = pixel_json(spec)
            now[spec.id] = replace(record, digest=digest, spec=values, fingerprints=prints)
    return now if any(now[one] is not records[one] for one in now) else records


def has_values_of(record: FrameRecord, spec: FrameSpec) -> bool:
    """Whether a journaled frame was made by the values of `spec`, but for idle ones.

    Its files, and what it grows from, are not asked.
    """
    if record.recipe != RECIPE:
        return False
    # As a journal has it, in which a pair is a list.
    return record.spec == json.loads(json.dumps(pixel_json(spec))) or _awake(
        record
    ) == without_idle(spec)


def _awake(record: FrameRecord) -> FrameSpec | None:
    """What a journaled frame was made by, without what was idle; None for another release's."""
    try:
        return without_idle(from_json_data(FrameSpec, record.spec))
    except ValueError:
        return None


def _is_same(
    record: FrameRecord, grown_from: Sequence[str], spec: FrameSpec, fingerprints: Fingerprints
) -> bool:
    """Whether a journaled frame is what `spec` makes, by all that is not idle."""
    if record.recipe != RECIPE:
        return False
    if record.digest != frame_digest(record.spec, record.fingerprints, grown_from):
        return False
    now = without_idle(spec)
    return _awake(record) == now and awake(now, record.fingerprints) == awake(now, fingerprints)
