// The lanes of the timeline: each knows its label, its height, and how it is drawn over the part in sight.
//
// Places are frames of the video. `x(frame)` says where one lies in pixels; `ink` holds the colours.

import { ink, inSight, outline, tint, write } from "./drawing.js";
import { shown } from "./words.js";

export const unpack = (text, Kind = Float32Array) => {
  const bytes = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  return new Kind(bytes.buffer);
};

// What stood before it, where there is no number.
function carried(values) {
  const kept = values.slice();
  let last = values.find((one) => !Number.isNaN(one)) ?? 0;
  for (let frame = 0; frame < kept.length; frame++) {
    if (Number.isNaN(kept[frame])) kept[frame] = last;
    else last = kept[frame];
  }
  return kept;
}

function curve({ name, low, high, values }) {
  const numbers = carried(unpack(values));
  return {
    label: name, small: `${shown(low)} to ${shown(high)}`, height: 44,
    at: (frame) => shown(numbers[frame]),
    draw(g, v, h) {
      const y = (value) => h - 6 - ((value - low) / (high - low)) * (h - 12);
      const points = [];
      outline(numbers, v, (x, least, most) => { points.push([x, y(most)]); if (most !== least) points.push([x, y(least)]); });
      if (!points.length) return;
      g.beginPath();
      points.forEach(([px, py], n) => (n ? g.lineTo(px, py) : g.moveTo(px, py)));
      g.strokeStyle = ink.curve;
      g.lineWidth = 1.4;
      g.lineJoin = "round";
      g.stroke();
      g.lineTo(points.at(-1)[0], h);
      g.lineTo(points[0][0], h);
      g.fillStyle = ink.fill;
      g.fill();
    },
  };
}

function prompts(listed) {
  const all = listed.map((one, n) => ({ ...one, shares: unpack(one.shares), tint: tint(n) }));
  return {
    label: "prompts", height: 58, all,
    draw(g, v, h) {
      const count = all[0]?.shares.length ?? 0;
      const [first, last] = inSight(v, count);
      if (!count) return;
      const step = Math.max(1, Math.floor((v.b - v.a) / v.width));
      const top = new Float32Array(count);
      for (const one of all) drawBand(g, v, h - 6, one, top, first, last, step);
    },
  };
}

function drawBand(g, v, h, one, top, first, last, step) {
  const { shares } = one;
  let begin = -1;
  let best = 0;
  const close = (end) => {
    if (begin < 0) return;
    g.beginPath();
    for (let f = begin; f <= end; f += step) g.lineTo(f === begin ? v.x(f) : v.x(f + 0.5), 3 + top[f] * h);
    g.lineTo(v.x(end + 1), 3 + top[end] * h);
    g.lineTo(v.x(end + 1), 3 + (top[end] + shares[end]) * h);
    for (let f = end; f >= begin; f -= step) g.lineTo(f - step < begin ? v.x(begin) : v.x(f + 0.5), 3 + (top[f] + shares[f]) * h);
    g.closePath();
    g.fillStyle = one.away ? hatch(g, one.tint) : one.tint;
    g.fill();
    nameBand(g, v, h, one, top, begin, end, best);
    begin = -1;
    best = 0;
  };
  for (let frame = first; frame <= last; frame++) {
    if (shares[frame] > 0.001) {
      if (begin < 0) begin = frame;
      best = Math.max(best, shares[frame]);
    } else close(frame - 1);
  }
  close(last);
  for (let frame = first; frame <= last; frame++) top[frame] += shares[frame];
}

function nameBand(g, v, h, one, top, begin, end, best) {
  let start = begin, stop = end;
  while (start < end && one.shares[start] < 0.7 * best) start++;
  while (stop > start && one.shares[stop] < 0.7 * best) stop--;
  const left = Math.max(v.x(start), 0) + 8;
  const room = Math.min(v.x(stop + 1), v.width) - left - 6;
  const middle = 3 + (top[start] + one.shares[start] / 2) * h;
  if (best * h >= 13) write(g, one.away ? `not ${one.name}` : one.name, left, middle + 4, room, one.away ? ink.dim : "#eef0f4");
}

function hatch(g, colour) {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 8;
  const t = tile.getContext("2d");
  t.strokeStyle = colour;
  t.lineWidth = 1.6;
  t.beginPath();
  for (const shift of [-8, 0, 8]) { t.moveTo(shift, 8); t.lineTo(shift + 8, 0); }
  t.stroke();
  return g.createPattern(tile, "repeat");
}

function shots(listed, shares) {
  const rising = shares.map((one) => unpack(one.shares));
  return {
    label: "shots", height: 26, spans: listed,
    draw(g, v, h) {
      listed.forEach((shot, n) => {
        const last = shot.frame + shot.length;
        const over = listed[n + 1]?.fade ?? 0; // what the next one fades in over
        const [left, right] = [v.x(shot.frame), v.x(last + over)];
        if (right < 0 || left > v.width) return;
        g.beginPath();
        g.moveTo(left, h - 3);
        g.lineTo(v.x(shot.frame + shot.fade), 3);
        g.lineTo(v.x(last) - 1, 3);
        g.lineTo(right - 1, over ? h - 3 : 3);
        g.lineTo(right - 1, h - 3);
        g.fillStyle = ink.slate[n % 2];
        g.fill();
        const from = Math.max(v.x(shot.frame + shot.fade / 2), 0) + 8;
        write(g, shot.name, from, h / 2 + 4, Math.min(v.x(last), v.width) - from - 4);
      });
      return rising;
    },
  };
}

function painted(packed) {
  const strength = unpack(packed);
  const count = strength.reduce((sum, one) => sum + (one > 0), 0);
  return {
    label: "repainted", small: `${Math.round((100 * count) / strength.length)}% of the frames`, height: 34,
    at: (frame) => (strength[frame] > 0 ? shown(strength[frame]) : "moved"),
    draw(g, v, h) {
      g.fillStyle = ink.stroke;
      const wide = Math.max(1, Math.min(v.x(1) - v.x(0) - 1, 40));
      outline(strength, v, (x, _, most) => {
        if (most > 0) g.fillRect(x - wide / 2, h - 4 - most * (h - 10), wide, most * (h - 10));
      });
    },
  };
}

function wave(song, fps, state) {
  return {
    label: "song", small: song.name, height: 60,
    draw(g, v, h) {
      if (!state.wave) {
        write(g, state.waveWords ?? "listening …", 10, h / 2 + 4, v.width - 20, ink.faint);
        return;
      }
      const { hop, start, peaks } = state.wave;
      g.fillStyle = ink.wave;
      const place = (x) => (v.frame(x) / fps - start) / hop;
      for (let x = 0; x < v.width; x++) {
        const from = Math.floor(place(x)), to = Math.max(from + 1, Math.floor(place(x + 1)));
        if (to <= 0 || from * 2 >= peaks.length) continue;
        let low = 0, high = 0;
        for (let n = Math.max(0, from); n < to && 2 * n < peaks.length; n++) {
          low = Math.min(low, peaks[2 * n]);
          high = Math.max(high, peaks[2 * n + 1]);
        }
        const [up, down] = [(high / 127) * (h / 2 - 3), (-low / 127) * (h / 2 - 3)];
        g.fillRect(x, h / 2 - up, 1, Math.max(1, up + down));
      }
    },
  };
}

function marks(listed, state) {
  const flag = (g, v, h, frame, name, colour, hollow) => {
    const x = Math.round(v.x(frame)) + 0.5;
    if (x < -200 || x > v.width) return;
    g.strokeStyle = g.fillStyle = colour;
    g.lineWidth = 1;
    g.beginPath();
    g.moveTo(x, 2);
    g.lineTo(x, h);
    g.stroke();
    g.beginPath();
    g.moveTo(x, 3);
    g.lineTo(x + 6, 6.5);
    g.lineTo(x, 10);
    hollow ? g.stroke() : g.fill();
    if (name) write(g, name, x + 9, 12, 110, colour, 11);
  };
  return {
    label: "marks", height: 24,
    draw(g, v, h) {
      const taps = state.taps();
      if (!listed.length && !taps.length) write(g, "T marks the moment at the playhead", 10, h / 2 + 4, v.width - 20, ink.faint, 11);
      for (const one of listed) flag(g, v, h, one.frame, one.name, ink.dim, false);
      for (const one of taps) flag(g, v, h, one.frame, one.name, ink.accent, one.saved);
    },
  };
}

const STATES = [null, "#7d8ca0", "#3b424d"];

function renderedLane(state) {
  return {
    label: "rendered", height: 18,
    draw(g, v, h) {
      let frame = 0;
      g.fillStyle = ink.bar;
      g.fillRect(Math.max(0, v.x(0)), h / 2 - 2, Math.min(v.width, v.x(state.frames)) - Math.max(0, v.x(0)), 4);
      for (const [kind, count] of state.render?.runs ?? []) {
        const [left, right] = [Math.max(0, v.x(frame)), Math.min(v.width, v.x(frame + count))];
        if (STATES[kind] && right > left) {
          g.fillStyle = STATES[kind];
          g.fillRect(left, h / 2 - 2, Math.max(1, right - left), 4);
        }
        frame += count;
      }
    },
  };
}

export function lanesOf(data, state) {
  const lanes = [];
  if (data.shots.length > 1) lanes.push(shots(data.shots, data.shotShares));
  lanes.push(prompts(data.prompts));
  if (data.song) lanes.push(wave(data.song, data.fps, state));
  lanes.push(marks(data.marks, state), renderedLane(state), painted(data.painted));
  lanes.push(...data.curves.map(curve));
  return lanes;
}
