"""Broken scenes of the sections: video, prompts, shots, music, outputs and how frames are made.

Each is a small file, and what is told of it: line and column, place, and how the message begins.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.scene_files import BASE, VIDEO, assert_told

VIDEOS = [
    ("video: {size: [64, 61], duration: 48}\nprompts: a\n", "1:15: video.size: found [64, 61]"),
    (
        "video: {size: 64, duration: 48}\nprompts: a\n",
        "1:15: video.size: expected [width, height] in whole pixels, found 64",
    ),
    ("video: {size: [64, 0], duration: 48}\nprompts: a\n", "1:20: video.size.1: found 0"),
    (
        "video: {size: 64x64, duration: 48}\nprompts: a\n",
        '1:15: video.size: expected [width, height] in whole pixels, found "64x64"',
    ),
    ("video: {size: [96, 96], duration: 0}\nprompts: a\n", "1:35: video.duration: 0 is 0 frames"),
    (
        "video: {size: [96, 96], duration: 4 bars}\nprompts: a\n",
        '1:35: video.duration: "4 bars" needs a tempo',
    ),
    (
        "video: {size: [96, 96], duration: bar 4}\nprompts: a\n",
        '1:35: video.duration: a duration is a number of frames such as 96, or "16 bars", "2',
    ),
    (
        "video: {size: [96, 96], duration: song}\nprompts: a\n",
        "1:35: video.duration: song is the length of the music",
    ),
    (
        "video: {size: [96, 96], duration: -4s}\nprompts: a\n",
        "1:35: video.duration: a duration cannot be negative",
    ),
    (
        "video: {size: [96, 96], duration: 10, n_batches: 2}\nprompts: a\n",
        "1:35: video.duration: write duration (a video) or n_batches (stills), not both",
    ),
    (
        "video: {size: [96, 96]}\nprompts: a\n",
        "1:1: video.duration: write duration (a video, such as 16 bars) or n_batches (stills)",
    ),
    (
        "video: {size: [96, 96], duration: 48, fps: 0}\nprompts: a\n",
        "1:44: video.fps: a frame rate is a number above 0 such as 24 or 29.97, or a ratio",
    ),
    (
        "video: {size: [96, 96], duration: 48, fps: 24fps}\nprompts: a\n",
        "1:44: video.fps: a frame rate is a number above 0 such as 24 or 29.97, or a ratio",
    ),
    (
        "video: {size: [96, 96], duration: 2.5}\nprompts: a\n",
        "1:35: video.duration: found 2.5, and a number alone counts whole frames",
    ),
    (
        "video: {size: [96, 96], duration: 99999999}\nprompts: a\n",
        "1:35: video.duration: 99999999 is 1e+08 frames",
    ),
    (
        "video: {size: [96, 96], n_batches: 2}\nprompts: a\ncamera: {zoom: 2}\n",
        "3:9: camera: n_batches makes stills: remove camera, or write duration for a video",
    ),
    (
        "video: {size: [96, 96], duration: ten seconds}\nprompts: a\n",
        '1:35: video.duration: a duration is a number of frames such as 96, or "16 bars", "2',
    ),
]


@pytest.mark.parametrize(("text", "told"), VIDEOS)
def test_video(tmp_path: Path, text: str, told: str | tuple[str, ...]) -> None:
    assert_told(tmp_path, text, told)


PROMPTS = [
    ("prompts: ''", "2:10: prompts: a prompt without text"),
    ("prompts: []", "2:10: prompts: an empty list"),
    ("prompts: {}", "2:10: prompts: there are no prompts"),
    (
        "prompts: 3",
        "2:10: prompts: expected a text, {text, weight}, {image, weight} or a list of these,",
    ),
    (
        "prompts: true",
        "2:10: prompts: expected a text, {text, weight}, {image, weight} or a list of these,",
    ),
    (
        "prompts: {text: a}\nseed: x",
        '3:7: seed: expected a whole number from 0 to 9223372036854775807, found "x"',
    ),
    (
        "prompts: [{text: a, weight: 0}]",
        "2:10: prompts: the weights of the prompts at the start sum to 0 (0)",
    ),
    (
        "prompts: [{text: a, weight: 1}, {text: b, weight: -1}]",
        "2:10: prompts: the weights of the prompts at the start sum to 0 (1, -1)",
    ),
    (
        "prompts: [{text: a, wieght: 1}]",
        '2:21: prompts.0.wieght: unknown key (did you mean "weight"?)',
    ),
    ("prompts: [{weight: 1}]", "2:11: prompts.0.text: expected a text, found nothing"),
    ("prompts: [{text: a, weight: big}]", '2:29: prompts.0.weight: expected a number, found "big"'),
    (
        "prompts: {0s: a, 1s: }",
        "2:21: prompts.1s: expected a text, {text, weight}, {image, weight} or a list of",
    ),
    (
        "prompts: {0s: a, 1x: b}",
        '2:18: prompts.1x: a time is a frame number such as 96, or "4s", "250ms", "1:30",',
    ),
    ("prompts: {0s: a, 0: b}", "2:18: prompts.0: 0s and frame 0 are both frame 0"),
    ("prompts: {0s: a, 1s: b, blend: 1 bar}", '2:32: prompts.blend: "1 bar" needs a tempo'),
    ("prompts: {0s: a, 1s: b, blend: -1}", "2:32: prompts.blend: a duration cannot be negative"),
    (
        "prompts: {0s: a, 12: b, 14: c, blend: 8}",
        "2:39: prompts.blend: the blend takes 8 frames, but only 2 lie between frame 12 and",
    ),
    ('prompts: "fog:-0.3"', "2:10: prompts: a weight inside a text would be read as words"),
    ('prompts: "(fog:1.3)"', "2:10: prompts: a weight inside a text would be read as words"),
    (
        'prompts: "a castle --neg fog"',
        "2:10: prompts: a negative prompt inside a text would be read as words",
    ),
    ('prompts: "a | b"', "2:10: prompts: several prompts inside a text would be read as words"),
    ('prompts: "[fog]"', "2:10: prompts: a weight inside a text would be read as words"),
    ("prompts: castle.png", "2:10: prompts: the name of a picture would be read as words"),
    ("prompts: {image: none.png}", '2:18: prompts.image: "none.png" does not exist'),
    (
        'prompts: "a, {lyric}"',
        "2:10: prompts: {lyric} is the line that is sung, and there are no lyrics",
    ),
    (
        "prompts: {blend: 2}",
        "2:10: prompts: a text and its weight are written with their names: {text: blend,",
    ),
    (
        "prompts: [{text: a, weight: 5000}]",
        "2:29: prompts.0.weight: a weight is a number from -1000 to 1000",
    ),
    (
        "prompts: {0s: [a, [b]]}",
        "2:19: prompts.0s.1: expected a text, {text, weight} or {image, weight}, found a list",
    ),
]


@pytest.mark.parametrize(("text", "told"), PROMPTS)
def test_prompts(tmp_path: Path, text: str, told: str | tuple[str, ...]) -> None:
    assert_told(tmp_path, VIDEO + text + "\n", told)


SHOTS = [
    ("shots: []", "3:8: shots: expected a list of shots, found an empty list"),
    ("shots: {}", "3:8: shots: expected a list of shots, found a mapping"),
    ("shots: 3", "3:8: shots: expected a list of shots, found 3"),
    ("shots: [{until: 24}]", "3:9: shots.0.name: this is missing, and a scene needs it"),
    (
        "shots: [{name: a}, {name: a}]",
        (
            "3:9: shots.0: it is not said when shot a ends and shot a begins",
            '3:27: shots.1.name: found "a", which another shot is called',
        ),
    ),
    (
        "shots: [{name: a}, {name: b}]",
        "3:9: shots.0: it is not said when shot a ends and shot b begins",
    ),
    (
        "shots: [{name: a, until: 1s}, {name: b, from: 2s}]",
        "3:47: shots.1.from: shot b begins at frame 48 (0:02), and shot a before it ends at",
    ),
    (
        "shots: [{name: a, until: 2s}, {name: b, from: 1s}]",
        "3:47: shots.1.from: shot b begins at frame 24 (0:01), and shot a before it ends at",
    ),
    (
        "shots: [{name: a, until: 3s}]",
        "3:26: shots.0.until: shot a ends at frame 72, and the video at frame 48",
    ),
    (
        "shots: [{name: a/b}]",
        '3:16: shots.0.name: expected a name of letters, digits, blanks, - and _, found "a/b"',
    ),
    (
        "shots: [{name: a, untill: 1s}, {name: b}]",
        '3:19: shots.0.untill: unknown key (did you mean "until"?)',
    ),
    (
        "shots: [{name: a, until: 1s}, {name: b, enter: fede}]",
        '3:48: shots.1.enter: expected cut, continue or {fade: 1 beat}, found "fede"',
    ),
    (
        "shots: [{name: a, until: 1s}, {name: b, enter: {fade: 9s}}]",
        "3:55: shots.1.enter.fade: the fade takes 216 frames, and shot b has 24",
    ),
    (
        "shots: [{name: a, until: 1s}, {name: b, enter: {fade: 1 beat}}]",
        '3:55: shots.1.enter.fade: "1 beat" needs a tempo',
    ),
    (
        "shots: [{name: a, enter: continue}]",
        "3:26: shots.0.enter: there is no shot before the first",
    ),
    ("shots: [{name: a, start: no.png}]", '3:26: shots.0.start: "no.png" does not exist'),
    (
        "shots: [{name: a, seed: x}]",
        '3:25: shots.a.seed: expected a whole number from 0 to 9223372036854775807, found "x"',
    ),
    ("shots: [{name: a, camera: {zoom: 0}}]", "3:34: shots.a.camera.zoom: zoom is 0"),
    ("shots: [{name: a, video: {fps: 3}}]", "3:19: shots.0.video: unknown key"),
    (
        "shots: [a, b]",
        (
            '3:9: shots.0: expected a mapping of settings, found "a"',
            '3:12: shots.1: expected a mapping of settings, found "b"',
        ),
    ),
    (
        "shots: [{name: a, loop: maybe}]",
        '3:25: shots.0.loop: expected true, false or {fade: 1 beat}, found "maybe"',
    ),
    ("loop: maybe", '3:7: loop: expected true, false or {fade: 1 beat}, found "maybe"'),
    ("loop: {fade: 9s}", "3:7: loop: the fade takes 216 frames, and the video has 48"),
]


@pytest.mark.parametrize(("text", "told"), SHOTS)
def test_shots(tmp_path: Path, text: str, told: str | tuple[str, ...]) -> None:
    assert_told(tmp_path, BASE + text + "\n", told)


MUSIC = [
    ("music: {file: no.ogg}", '3:15: music.file: "no.ogg" does not exist'),
    ("music: {bpm: 0}", "3:14: music.bpm: found 0"),
    ("music: {bpm: fast}", "3:14: music.bpm: expected a number of beats a minute, from 20 to 400"),
    ("music: {bpm: auto}", "3:14: music.bpm: auto listens to the song"),
    ("music: {bpm: 120, tempo: {bar 1: 120}}", "3:26: music.tempo: bpm already settles this"),
    ("music: {first_beat: 1}", "3:21: music.first_beat: first_beat needs bpm"),
    ("music: {beats_per_bar: 3}", "3:24: music.beats_per_bar: beats_per_bar needs bpm"),
    ("music: {bpm: 120, beats_per_bar: 0}", "3:34: music.beats_per_bar: found 0"),
    ("music: {sections: {verse: bar 3}}", '3:27: music.sections.verse: "bar 3" needs a tempo'),
    (
        "music: {bpm: 120, sections: {verse: bra 3}}",
        '3:37: music.sections.verse: a time is a frame number such as 96, or "4s", "250ms",',
    ),
    (
        "music: {bpm: 120, sections: [verse]}",
        "3:29: music.sections: expected names and times, such as {verse: bar 9}, found a list",
    ),
    (
        "music: {marks: {drop: 1x}}",
        '3:23: music.marks.drop: a time is a frame number such as 96, or "4s", "250ms",',
    ),
    ("music: {start: 1s, fade_in: -1}", "3:29: music.fade_in: found -1"),
    ("music: {stems: {drums: no.flac}}", '3:24: music.stems.drums: "no.flac" does not exist'),
    ("music: {midi: no.mid}", '3:15: music.midi: "no.mid" does not exist'),
    ("music: {lyrics: no.lrc}", '3:17: music.lyrics: "no.lrc" does not exist'),
    ("music: {beats: no.txt}", '3:16: music.beats: "no.txt" does not exist'),
    ("music: {bpm: {auto: 80-110}}", "3:14: music.bpm: auto listens to the song"),
    (
        "music: {file: song.ogg, speed: 2}",
        ('3:15: music.file: "song.ogg" does not exist', "3:25: music.speed: unknown key"),
    ),
    ("music: {start: -1}", "3:16: music.start: found -1"),
    (
        "music: {bpm: 120, sections: {bar 3: bar 2}}",
        '3:30: music.sections.bar 3: "bar 3" is a time or a word of its own',
    ),
]


@pytest.mark.parametrize(("text", "told"), MUSIC)
def test_music(tmp_path: Path, text: str, told: str | tuple[str, ...]) -> None:
    assert_told(tmp_path, BASE + text + "\n", told)


OUTPUTS = [
    (
        "output: {file: a.avi}",
        "3:16: output.file: expected a name without folders that ends in .mp4, .m4v, .webm,",
    ),
    (
        "output: {file: ''}",
        "3:16: output.file: expected a name without folders that ends in .mp4, .m4v, .webm,",
    ),
    (
        "output: {file: ../a.mp4}",
        "3:16: output.file: expected a name without folders that ends in .mp4, .m4v, .webm,",
    ),
    ("output: {file: a.mp4, crf: 60}", "3:28: output.crf: found 60"),
    (
        "output: {file: a.mov, crf: 20}",
        "3:28: output.crf: crf is for H.264 (.mp4 and .m4v) and VP9 (.webm)",
    ),
    ("output: {file: a.gif, bit_depth: 10}", "3:34: output.bit_depth: found 10"),
    (
        "output: {preset: quick}",
        "3:18: output.preset: expected ultrafast, superfast, veryfast, faster, fast, medium,",
    ),
    (
        "output: {upscale: none, size: [128, 128]}",
        "3:31: output.size: upscale: none keeps the frames' own size",
    ),
    ("output: {size: [128, 128], scale: 2}", "3:35: output.scale: size already settles this"),
    ("output: {scale: 0}", "3:17: output.scale: found 0"),
    ("output: {fit: crop}", '3:15: output.fit: expected cover, contain or stretch, found "crop"'),
    ("output: {display_rate: -1}", "3:24: output.display_rate: found -1"),
    (
        "output: {intermediate_saves: [0]}",
        "3:31: output.intermediate_saves.0: expected a step, a whole number from 1 to 1000",
    ),
    (
        "output: {file: a/b.png}",
        "3:16: output.file: expected a name without folders that ends in .mp4, .m4v, .webm,",
    ),
    ("output: {fps: 30}", "3:10: output.fps: unknown key"),
    (
        "output: {file: a/####.png, crf: 3}",
        "3:33: output.crf: crf is for H.264 (.mp4 and .m4v) and VP9 (.webm)",
    ),
    ("outputs: []", "3:10: outputs: expected a list of outputs, found an empty list"),
    ("outputs: {file: a.mp4}", "3:10: outputs: expected a list of outputs, found a mapping"),
    ("outputs: [{file: a.mp4}, {file: A.mp4}]", '3:26: outputs.1: "A.mp4" is output 1 already'),
    ("outputs: [a.mp4]", '3:11: outputs.0: expected a mapping of settings, found "a.mp4"'),
    ("outputs: [{file: a.mp4, crf: 99}]", "3:30: outputs.0.crf: found 99"),
    (
        "outputs: [{file: a.xyz}]",
        "3:18: outputs.0.file: expected a name without folders that ends in .mp4, .m4v,",
    ),
]


@pytest.mark.parametrize(("text", "told"), OUTPUTS)
def test_outputs(tmp_path: Path, text: str, told: str | tuple[str, ...]) -> None:
    assert_told(tmp_path, BASE + text + "\n", told)


FRAMES = [
    (
        "sampler: {name: dimm}",
        "3:17: sampler.name: expected ddim, plms, dpmpp_2m, dpmpp_2m_sde, euler, euler_a, heun, lcm"
        ' or unipc, found "dimm" (did you mean',
    ),
    ("sampler: {steps: 0}", "3:18: sampler.steps: found 0"),
    ("sampler: {steps: 2000}", "3:18: sampler.steps: found 2000"),
    (
        "sampler: {skip_steps: 30, steps: 25}",
        "3:23: sampler.skip_steps: found 30, which leaves none of the 25 steps",
    ),
    (
        "sampler: {skip_steps: 120%}",
        '3:23: sampler.skip_steps: found "120%", which leaves none of the 25 steps',
    ),
    (
        "sampler: {skip_steps: {furst: 3}}",
        '3:24: sampler.skip_steps.furst: unknown key (did you mean "first"?)',
    ),
    (
        "sampler: {skip_steps: 3, strength: 0.5}",
        "3:36: sampler.strength: skip_steps says the same in other words",
    ),
    ("sampler: {strength: 2}", "3:21: sampler.strength: strength is 2"),
    (
        "sampler: {name: plms, eta: 0.5}",
        "3:28: sampler.eta: plms draws no noise: remove eta, or take another name:",
    ),
    ("sampler: {noise_period: 0}", "3:25: sampler.noise_period: found 0"),
    (
        "sampler: {noise: fresh, fresh_noise: 0.5}",
        "3:38: sampler.fresh_noise: fresh_noise has effect with noise: warped alone, and",
    ),
    ("sampler: {init_image: no.png}", '3:23: sampler.init_image: "no.png" does not exist'),
    (
        "sampler: {init_image: a.png, perlin_init: color}",
        '3:23: sampler.init_image: "a.png" does not exist',
    ),
    ("sampler: {symmetry: {diagonal: [0.1]}}", "3:22: sampler.symmetry.diagonal: unknown key"),
    (
        "sampler: {clip_denoised: maybe}",
        '3:26: sampler.clip_denoised: expected true or false, found "maybe"',
    ),
    (
        "sampler: {clip_denoised: true, dynamic_threshold: 0.9}",
        "3:26: sampler.clip_denoised: dynamic_threshold already settles this",
    ),
    ("guidance: {gradient: secondary}", "3:22: guidance.gradient: there is no secondary model"),
    ("guidance: {init_hold: 2}", "3:23: guidance.init_hold: init_hold is 2"),
    (
        "guidance: {hold_memory: always}",
        "3:25: guidance.hold_memory: expected a number of frames from 0 to 100000, a length",
    ),
    ("guidance: {keep_colour: fist}", '3:25: guidance.keep_colour: "fist" does not exist'),
    (
        "guidance: {repaint: {hole: 1}}",
        '3:22: guidance.repaint.hole: unknown key (did you mean "holes"?)',
    ),
    ("guidance: {repaint: {mask: y < z}}", '3:32: guidance.repaint.mask: unknown name "z"'),
    (
        "guidance: {perceptual: lpisp}",
        '3:24: guidance.perceptual: expected pyramid or lpips, found "lpisp" (did you mean',
    ),
    (
        "guidance: {cutn_batches: 1.5}",
        "3:26: guidance.cutn_batches: expected a whole number from 1 to 64, found 1.5",
    ),
    ("guidance: {tv_scale: -1}", "3:22: guidance.tv_scale: tv_scale is -1"),
    (
        "models: {preset: discoo}",
        "3:18: models.preset: expected starter, disco, disco-256, pixelart, watercolor, "
        "sd15, sdxl, sd-turbo or lcm,",
    ),
    ("models: {denoiser: no-such}", '3:20: models.denoiser: there is no denoiser "no-such"'),
    (
        "models: {encoders: [ViT-B/32]}",
        '3:21: models.encoders.0: there is no encoder "ViT-B/32" (did you mean',
    ),
    ("models: {encoders: []}", "3:20: models.encoders: an empty list"),
    (
        "models: {depth: {name: starter, weight: 0}}",
        "3:41: models.depth.weight: expected a number above 0 and up to 1000, found 0",
    ),
    (
        "models: {precision: fp8}",
        '3:21: models.precision: expected auto, fp32, bf16 or fp16, found "fp8"',
    ),
    (
        "models: {denoiser: https://example.org/a.pt}",
        '3:20: models.denoiser: found "https://example.org/a.pt", and addresses are not',
    ),
    ("models: {denoiser: {file: no.pt}}", '3:27: models.denoiser.file: "no.pt" is no file'),
    (
        "camera: {memory: shot, projection: disco}",
        "3:18: camera.memory: projection: disco moves each pixel by itself, and has no space",
    ),
    ("camera: {offset: {zoom: 20}}", "3:25: camera.offset.zoom: zoom is 20"),
    (
        "camera: {padding: mirror}",
        '3:19: camera.padding: expected wrap, border, reflection or zeros, found "mirror"',
    ),
    ("camera: {depth: no/}", '3:17: camera.depth: "no" does not exist'),
]


@pytest.mark.parametrize(("text", "told"), FRAMES)
def test_how_frames_are_made(tmp_path: Path, text: str, told: str | tuple[str, ...]) -> None:
    assert_told(tmp_path, BASE + text + "\n", told)
