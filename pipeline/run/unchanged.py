"""Frames that hold although their digests differ: what differs is idle in both.

Their pixels would come again bit for bit, so that nobody has to wait for them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.run.digest import RECIPE, CountsAs, Fingerprints, chain, frame_digest, pixel_json
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
    counts_as: CountsAs,
) -> tuple[Records, dict[FrameId, str]]:
    """The records with the plan's digests and values for frames that only idle values tell apart.

    A frame has to be right by what is journaled of it, and of what it grows from; one that a person
    keeps stays, in the place of the plan's frame of now. The digests by which the frames then
    count, all told as `counts_as` does, come second. Returns `records` itself if there is no such
    frame.
    """
    now, specs, digests = dict(records), {spec.id: spec for spec in plan}, dict[FrameId, str]()

    def holds(frame: FrameId) -> bool:
        return frame in now and now[frame].digest == digests[frame]

    def counted(frame: FrameId, own: str) -> str:
        spec, record, prints = specs[frame], records.get(frame), fingerprints[frame]
        digests[frame] = counts_as(frame, own)
        if record is None or holds(frame) or not all(map(holds, spec.earlier)):
            return digests[frame]
        if _is_same(record, [records[one].digest for one in spec.earlier], spec, prints):
            kept = record.stand_in
            said = replace(record, spec=pixel_json(spec), fingerprints=prints)
            if kept is None:
                now[frame] = replace(said, digest=own)
            elif counts_as(frame, kept.instead) == record.digest:
                now[frame] = replace(said, stand_in=replace(kept, instead=own))
                digests[frame] = record.digest
        return digests[frame]

    chain(plan, fingerprints, counted)
    return now if any(now[one] is not records[one] for one in now) else records, digests


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
    """Whether a journaled frame is what `spec` makes, by all that is not idle.

    Of one that a person keeps, whether the frame is in whose place it stands.
    """
    if record.recipe != RECIPE:
        return False
    made = record.digest if record.stand_in is None else record.stand_in.instead
    if made != frame_digest(record.spec, record.fingerprints, grown_from):
        return False
    now = without_idle(spec)
    return _awake(record) == now and awake(now, record.fingerprints) == awake(now, fingerprints)
