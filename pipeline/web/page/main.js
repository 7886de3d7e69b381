// The page of `discoreel watch`: what the server says, and where it goes.

import { unpack } from "./lanes.js";
import { Problems } from "./problems.js";
import { Taps } from "./taps.js";
import { Timeline } from "./timeline.js";
import { Transport } from "./transport.js";
import { clock, shown } from "./words.js";

const $ = (id) => document.getElementById(id);
const QUIET = 500; // milliseconds for which what is in sight must stay, before its animatic is made

const state = {
  version: 0, data: null, frames: 1, wave: null, waveKey: "", waveWords: null, render: null, animatic: { state: "none" },
  time: () => transport.time, frame: () => transport.frame,
  taps: () => taps.taps.map((one) => ({ ...one, frame: one.time * (state.data?.timeline?.fps ?? 1) })),
};

const transport = new Transport($("film"), $("song"), () => tick());
const problems = new Problems($("mistakes-list"), $("source"), () => showText(true));
const timeline = new Timeline(
  { section: $("timeline"), rows: $("rows"), labels: $("labels"), ruler: $("ruler"), lanes: $("lanes"), head: $("playhead") },
  state,
  { seek: (time) => transport.seek(time), moved: () => askSoon() },
);
const taps = new Taps(
  {
    section: $("taps"), words: $("taps-words"), list: $("taps-list"), save: $("taps-save"), undo: $("taps-undo"),
    clear: $("taps-clear"), advice: $("taps-advice"), said: $("taps-said"), lines: $("taps-lines"), copy: $("taps-copy"),
  },
  { changed: () => timeline.draw(), clock, songStart: () => state.data?.timeline?.song?.start ?? 0 },
);

// The scene

let loading = 0;

async function loadScene(version) {
  const mine = ++loading;
  const answer = await fetch("scene.json").catch(() => null);
  if (!answer?.ok || mine !== loading) return;
  const data = await answer.json();
  if (mine !== loading) return;
  state.version = version;
  state.data = data;
  document.title = `${data.file} – discoreel`;
  $("title").textContent = data.file;
  $("title").title = data.folder;
  problems.show(data);
  showProblems(data);
  if (data.timeline) showTimeline(data.timeline);
  else if (transport.playing) transport.toggle();
  document.body.dataset.state = data.timeline ? "timeline" : "problems";
  document.body.dataset.version = String(version);
  document.body.dataset.shown = String(Date.now());
  if (!data.timeline) showText(true);
  else if (state.wasBroken) showText(false);
  state.wasBroken = !data.timeline;
}

function showProblems({ problems: listed, more, timeline: drawn }) {
  const count = listed.length + more;
  const kind = drawn ? "warning" : "mistake";
  const words = count ? `${count} ${kind}${count === 1 ? "" : "s"}` : "";
  $("mistakes").hidden = !count;
  document.body.dataset.warned = count ? "yes" : "no";
  $("mistakes-title").textContent = words && `${words[0].toUpperCase()}${words.slice(1)}`;
  $("status").textContent = drawn ? words || "no mistakes" : words;
}

function showTimeline(data) {
  const size = data.size.join(" × ");
  const length = data.stills ? `${data.frames} stills` : `${clock(data.frames / data.fps)}  ·  ${data.frames} frames at ${shown(data.fps)} a second`;
  $("facts").textContent = `${length}  ·  ${size}`;
  transport.setVideo(data.frames / data.fps, data.fps);
  transport.setSong(data.song?.start ?? null, data.song ? `song?${data.song.stamp}` : null);
  timeline.show(data);
  taps.forget(data.marks);
  fitFilm();
  tick();
  loadWave(data);
  if (state.animatic.state === "none" && !data.stills) askSoon();
}

async function loadWave(data) {
  const key = JSON.stringify([data.song, data.frames, data.fps]);
  if (!data.song) return;
  if (key !== state.waveKey) state.wave = null;
  state.waveKey = key;
  const answer = await fetch("wave.json").catch(() => null);
  if (key !== state.waveKey || !answer) return;
  if (!answer.ok) state.waveWords = await answer.text();
  else {
    const wave = await answer.json();
    state.wave = wave && { ...wave, peaks: unpack(wave.peaks, Int8Array) };
  }
  timeline.draw();
}

function showText(yes) {
  document.body.dataset.text = yes ? "shown" : "hidden";
  $("text").hidden = !yes;
  $("text-toggle").setAttribute("aria-pressed", String(yes));
}

// The animatic

let asking = 0;

function askSoon() {
  clearTimeout(asking);
  asking = setTimeout(ask, QUIET);
}

function ask() {
  const data = state.data?.timeline;
  if (!data || data.stills) return;
  const [from, to] = timeline.part;
  const { state: now, from: a, to: b } = state.animatic;
  // What is there, or under way, shows all of it.
  if ((now === "ready" || now === "making") && a <= from && to <= b) return;
  const most = Math.floor(60 * data.fps);
  const first = to - from <= most ? from : Math.max(from, Math.min(to - most, Math.floor(transport.frame - most / 4)));
  fetch("animatic", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ from: first, to: Math.min(to, first + most) }),
  }).catch(() => {});
}

function showAnimatic(news) {
  const before = state.animatic;
  state.animatic = news;
  const data = state.data?.timeline;
  const { done = 0, from = 0, to = 1 } = news;
  const making = news.state === "making";
  $("film-meter").hidden = !making;
  $("film-meter").firstElementChild.style.width = `${(100 * done) / (to - from)}%`;
  $("film-words").textContent = making ? `drawing ${done} of ${to - from} frames` : "";
  $("animatic").dataset.state = news.state;
  const film = $("film");
  if (news.state === "ready") {
    if (before.number !== news.number || before.state !== "ready") {
      film.dataset.part = `${from} ${to}`;
      film.src = `animatic/${news.number}.mp4`;
      film.addEventListener("loadeddata", () => {
        if (state.animatic !== news) return;
        const fps = state.data.timeline.fps;
        transport.setFilm([from / fps, to / fps]);
        tick();
      }, { once: true });
    }
  } else if (film.hasAttribute("src")) {
    transport.setFilm(null);
    film.removeAttribute("src");
    film.load();
  }
  if (data && news.state === "none" && !data.stills) askSoon();
  tick();
}

// The picture of the film fills its screen; the panel below it is cut off.
function fitFilm() {
  const data = state.data?.timeline;
  if (!data) return;
  const { draft } = data;
  const screen = $("film").parentElement;
  const scale = Math.min(screen.clientHeight / draft.height, screen.clientWidth / draft.picture);
  $("film").style.width = `${draft.width * scale}px`;
  $("film").style.top = `${(screen.clientHeight - draft.height * scale) / 2}px`;
  $("film").style.clipPath = `inset(0 ${((draft.width - draft.picture) / 2) * scale}px calc(100% - ${draft.height * scale}px))`;
}

// What is rendered

let frameWanted = "", frameLoading = false;

function showRender(render) {
  state.render = render;
  $("render").hidden = !render?.painted;
  if (render?.painted) {
    const left = render.left ? `, ${clock(render.left, 0)} left` : "";
    const words = `${render.painted} of ${render.planned} frames`;
    $("render-words").textContent = render.running ? `rendering: ${words}${left}` : `rendered: ${words}`;
    $("render-meter").style.width = `${(100 * render.painted) / render.planned}%`;
    $("render").title = render.pace ? `${shown(render.pace)} s a frame` : "";
    state.renderKey = `${render.painted}-${Date.now()}`;
  }
  timeline.draw();
  tick();
}

function stateOf(frame) {
  let first = 0;
  for (const [kind, count] of state.render?.runs ?? []) {
    if (frame < first + count) return kind;
    first += count;
  }
  return 0;
}

function showFrame() {
  const frame = transport.frame;
  const kind = stateOf(frame);
  $("frame-words").textContent = ["", `frame ${frame}`, `frame ${frame}, from before an edit`][kind];
  if (!kind) {
    frameWanted = "";
    $("frame").hidden = true;
    $("frame").removeAttribute("data-frame");
    $("frame-note").textContent = state.render?.painted ? "This frame is not rendered yet." : "Nothing is rendered yet.";
    return;
  }
  frameWanted = `frames/${frame}.png?${state.renderKey}`;
  loadFrame();
}

// One at a time: while scrubbing, the newest that is wanted comes next.
function loadFrame() {
  const wanted = frameWanted;
  if (frameLoading || !wanted || $("frame").getAttribute("src") === wanted) return;
  frameLoading = true;
  const image = new Image();
  image.onload = image.onerror = (event) => {
    frameLoading = false;
    if (event.type === "load" && frameWanted) {
      $("frame").src = wanted;
      $("frame").dataset.frame = wanted.match(/\d+/)[0];
      $("frame").hidden = false;
      $("frame-note").textContent = "";
    }
    if (frameWanted !== wanted) loadFrame();
    else if (event.type === "error") $("frame-note").textContent = "This frame cannot be read.";
  };
  image.src = wanted;
}

// The playhead

let told = "";

function tick() {
  const data = state.data?.timeline;
  if (!data) return;
  $("clock").textContent = clock(transport.time);
  $("play").setAttribute("aria-label", transport.playing ? "Stop" : "Play");
  document.body.dataset.master = transport.playing ? transport.master : "";
  timeline.drawHead();
  showNote(data);
  const key = `${state.version} ${transport.frame} ${state.renderKey}`;
  if (key === told) return;
  told = key;
  $("place").textContent = placeOf(data, transport.frame);
  $("clock").dataset.frame = String(transport.frame);
  showPrompts(transport.frame);
  showFrame();
}

function showNote(data) {
  const { state: now, words } = state.animatic;
  const covered = transport.covers(transport.time) || (now === "ready" && transport.covers(transport.time - 1 / data.fps));
  $("film").style.visibility = covered ? "" : "hidden";
  const notes = { making: "The animatic is being drawn.", failed: words, ready: "The animatic does not reach here: zoom in.", none: data.stills ? "These are stills, and nothing moves between them." : words ?? "" };
  $("film-note").textContent = covered ? "" : notes[now];
}

const last = (marks, frame) => marks.findLast((one) => one.frame <= frame);

function placeOf(data, frame) {
  const bar = last(data.bars, frame);
  const beat = bar ? data.beats.filter((one) => Math.round(one) >= bar.frame && Math.round(one) <= frame).length : 0;
  const words = [bar && `${bar.name}, beat ${Math.max(1, beat)}`, `frame ${frame}`, last(data.sections, frame)?.name];
  if (data.shots.length > 1) words.push(last(data.shots, frame)?.name);
  return words.filter(Boolean).join("  ·  ");
}

function showPrompts(frame) {
  const listed = timeline.prompts.filter((one) => one.shares[frame] > 0.005);
  $("prompts").replaceChildren(...listed.map((one) => {
    const item = document.createElement("li");
    item.style.setProperty("--tint", one.tint.replace("0.47 0.055", "0.7 0.09"));
    item.className = one.away ? "away" : "";
    item.append(one.away ? `not ${one.name}` : one.name);
    if (listed.length > 1) {
      const share = document.createElement("b");
      share.textContent = `${Math.round(100 * one.shares[frame])}%`;
      item.append(share);
    }
    return item;
  }));
}

function play() {
  transport.toggle();
  const step = () => {
    if (!transport.playing) return tick();
    transport.advance();
    timeline.followHead();
    tick();
    requestAnimationFrame(step);
  };
  if (transport.playing) requestAnimationFrame(step);
}

// The moment of the press: on a busy page the last picture drawn may lie well before it.
const tap = () => {
  if (transport.playing) transport.advance();
  taps.add(transport.time);
};

// Buttons and keys

$("play").addEventListener("click", play);
$("tap").addEventListener("click", tap);
$("fit").addEventListener("click", () => timeline.fit());
$("in").addEventListener("click", () => timeline.zoom(0.6));
$("out").addEventListener("click", () => timeline.zoom(1 / 0.6));
$("text-toggle").addEventListener("click", () => showText($("text").hidden));
new ResizeObserver(fitFilm).observe($("film").parentElement);

const step = (frames) => transport.seek((transport.frame + frames + 0.001) / state.data.timeline.fps);
const keys = {
  " ": play, t: tap, T: tap, f: () => timeline.fit(), "+": () => timeline.zoom(0.6), "-": () => timeline.zoom(1 / 0.6),
  ArrowLeft: (event) => step(event.shiftKey ? -10 : -1), ArrowRight: (event) => step(event.shiftKey ? 10 : 1),
  Home: () => transport.seek(0), End: () => transport.seek(transport.duration - 0.5 / transport.fps),
};

addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, pre");
  if (!state.data?.timeline || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === " " && event.target.closest("button:not(#play)")) return;
  const does = keys[event.key];
  if (!does || (event.repeat && !event.key.startsWith("Arrow"))) return;
  event.preventDefault();
  does(event);
});
// A button that was clicked would take the space bar for its own.
document.addEventListener("click", (event) => event.detail && event.target.closest("#stage button, .tools button")?.blur());

// What the server says

const events = new EventSource("events");
events.addEventListener("scene", ({ data }) => loadScene(JSON.parse(data).version));
events.addEventListener("animatic", ({ data }) => showAnimatic(JSON.parse(data)));
events.addEventListener("render", ({ data }) => showRender(JSON.parse(data)));
events.addEventListener("error", () => {
  document.body.dataset.state = document.body.dataset.state === "waiting" ? "waiting" : "gone";
  $("status").textContent = "discoreel watch has ended; start it again";
});
