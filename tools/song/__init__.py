"""The song that ships with the scenes, *Pulse*: composed, synthesised and written by rule.

`python -m tools.song` makes `scenes/music/pulse.ogg`, its drums as `pulse-drums.mid` and its words
as `pulse.lrc`. Tune, sounds and words are the project's own, under its licence (MIT). The samples
are the same on every run; the Ogg file's bytes also hang on the version of ffmpeg.

Facts that hold exactly, and that tests may build on:
    120 beats a minute, 4 beats a bar, 20 bars; bar 1 begins at 0.5 s, bar n at 0.5 + 2 (n - 1) s.
    verse: bars 1 to 8; break, without drums: bars 9 and 10; chorus: bars 11 to 18; outro: 19, 20.
    The drums, to the sample, are those of `tools.song.score.drum_hits`.
"""
