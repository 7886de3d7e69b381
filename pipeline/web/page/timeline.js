// The timeline: a ruler of time, bars and sections, the lanes below it, one playhead through all of them.

import { ink, write } from "./drawing.js";
import { lanesOf } from "./lanes.js";
import { clock } from "./words.js";

const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800];
const CLOSEST = 62; // pixels between two times that are written

export class Timeline {
  constructor(page, state, { seek, moved }) {
    this.page = page;
    this.state = state;
    this.seek = seek;
    this.moved = moved;
    this.data = null;
    this.lanes = [];
    this.a = 0; // frames in sight
    this.b = 1;
    this.drawn = 0;
    for (const canvas of [page.ruler, page.lanes]) this.listen(canvas);
    new ResizeObserver(() => this.draw()).observe(page.section);
    page.rows.addEventListener("scroll", () => this.drawHead());
  }

  show(data) {
    const isNew = !this.data || this.data.frames !== data.frames || this.data.fps !== data.fps;
    const share = isNew && this.data ? [this.a / this.data.frames, this.b / this.data.frames] : [0, 1];
    this.data = data;
    this.state.frames = data.frames;
    this.lanes = lanesOf(data, this.state);
    if (isNew) [this.a, this.b] = [share[0] * data.frames, share[1] * data.frames];
    this.write();
    this.draw();
    if (isNew) this.moved();
  }

  get part() {
    return [Math.max(0, Math.floor(this.a)), Math.min(this.data.frames, Math.ceil(this.b))];
  }

  get prompts() {
    return this.lanes.find((one) => one.label === "prompts")?.all ?? [];
  }

  // The names of the lanes, and what each has at the playhead.
  write() {
    let top = 0;
    this.page.labels.replaceChildren(...this.lanes.map((lane) => {
      const box = document.createElement("div");
      box.style.top = `${top}px`;
      box.style.height = `${lane.height}px`;
      lane.top = top;
      top += lane.height;
      const name = document.createElement("span");
      name.textContent = name.title = lane.label;
      box.append(name);
      if (lane.small || lane.at) {
        const small = document.createElement("small");
        lane.value = document.createElement("b");
        small.append(lane.value, lane.small ?? "");
        small.title = lane.small ?? "";
        box.append(small);
      }
      return box;
    }));
    this.height = top;
    this.page.labels.style.height = `${top}px`;
  }

  get view() {
    const { a, b } = this;
    const width = this.page.lanes.clientWidth || 1;
    return { a, b, width, x: (frame) => ((frame - a) / (b - a)) * width, frame: (x) => a + (x / width) * (b - a) };
  }

  // At most once for each picture of the screen.
  draw() {
    if (this.drawn || !this.data) return;
    this.drawn = requestAnimationFrame(() => {
      this.drawn = 0;
      this.drawLanes();
      this.drawRuler();
      this.drawHead();
    });
  }

  canvas(canvas, height) {
    const scale = devicePixelRatio || 1;
    const width = canvas.clientWidth;
    canvas.style.height = `${height}px`;
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    const g = canvas.getContext("2d");
    g.scale(scale, scale);
    return g;
  }

  drawLanes() {
    const g = this.canvas(this.page.lanes, this.height);
    const v = this.view;
    this.drawSections(g, v, 0, this.height, true);
    this.drawBars(g, v);
    for (const lane of this.lanes) {
      g.save();
      g.translate(0, lane.top);
      g.beginPath();
      g.rect(0, 0, v.width, lane.height);
      g.clip();
      lane.draw(g, v, lane.height);
      g.restore();
      g.fillStyle = "#1d2127";
      g.fillRect(0, lane.top + lane.height - 1, v.width, 1);
    }
    this.page.lanes.dataset.drawn = String(this.state.version);
  }

  // Every second section on a lighter ground.
  drawSections(g, v, top, bottom) {
    const { sections, frames } = this.data;
    sections.forEach((one, n) => {
      const left = Math.max(0, v.x(one.frame)), right = Math.min(v.width, v.x(sections[n + 1]?.frame ?? frames));
      if (n % 2 === 0 && right > left) {
        g.fillStyle = "#ffffff07";
        g.fillRect(left, top, right - left, bottom - top);
      }
    });
    if (v.x(frames) < v.width) {
      g.fillStyle = "#0c0e11";
      g.fillRect(v.x(frames), top, v.width, bottom - top);
    }
  }

  drawBars(g, v) {
    const { bars, beats } = this.data;
    const beat = beats.length > 1 ? v.x(beats[1]) - v.x(beats[0]) : 0;
    const bar = bars.length > 1 ? v.x(bars[1].frame) - v.x(bars[0].frame) : 0;
    const line = (frame, colour) => {
      const x = Math.round(v.x(frame));
      if (x < 0 || x > v.width) return;
      g.fillStyle = colour;
      g.fillRect(x, 0, 1, this.height);
    };
    if (beat >= 14) for (const one of beats) line(one, "#20242b");
    if (bar >= 5 || bars.length === 1) for (const one of bars) line(one.frame, ink.line);
  }

  drawRuler() {
    const g = this.canvas(this.page.ruler, 44);
    const v = this.view;
    const { fps, frames, bars, beats, sections } = this.data;
    this.drawSections(g, v, 0, 44);
    const second = v.x(fps) - v.x(0);
    const step = STEPS.find((one) => one * second >= CLOSEST) ?? STEPS.at(-1);
    for (let n = Math.floor(this.a / fps / step); n * step <= Math.min(this.b, frames) / fps; n++) {
      const x = v.x(n * step * fps);
      g.fillStyle = ink.faint;
      g.fillRect(Math.round(x), 38, 1, 6);
      if (n >= 0 && x + 34 < v.width) write(g, clock(n * step, step < 1 ? 1 : 0), x + 4, 41, 60, ink.faint, 10.5);
    }
    if (beats.length > 1 && v.x(beats[1]) - v.x(beats[0]) >= 6) {
      for (const one of beats) { g.fillStyle = ink.line; g.fillRect(Math.round(v.x(one)), 24, 1, 4); }
    }
    const apart = bars.length > 1 ? v.x(bars[1].frame) - v.x(bars[0].frame) : 99;
    const every = [1, 2, 4, 8, 16, 32, 64, 128].find((one) => one * apart >= 26) ?? 256;
    bars.forEach((one, n) => {
      const number = one.name.replace("bar ", "");
      if ((Number(number) - 1) % every) return;
      const x = v.x(one.frame);
      g.fillStyle = ink.faint;
      g.fillRect(Math.round(x), 18, 1, 10);
      write(g, number, x + 4, 27, every * apart - 4, ink.dim, 11);
    });
    sections.forEach((one, n) => {
      const left = Math.max(0, v.x(one.frame));
      const room = Math.min(v.width, v.x(sections[n + 1]?.frame ?? frames)) - left;
      write(g, one.name, left + 4, 12, room - 8, ink.text, 11.5);
    });
  }

  drawHead() {
    if (!this.data) return;
    const { page, state, data } = this;
    const x = this.view.x(state.time() * data.fps);
    const visible = x >= -1 && x <= page.lanes.clientWidth + 1;
    page.head.style.display = visible ? "" : "none";
    page.head.style.transform = `translateX(${page.lanes.offsetLeft + Math.round(x)}px)`;
    const frame = state.frame();
    for (const lane of this.lanes) if (lane.at && lane.value) lane.value.textContent = lane.at(frame);
    page.ruler.setAttribute("aria-valuemax", String(data.frames - 1));
    page.ruler.setAttribute("aria-valuenow", String(frame));
    page.ruler.setAttribute("aria-valuetext", clock(state.time()));
  }

  // While it plays, the page is turned when the playhead leaves it.
  followHead() {
    const frame = this.state.time() * this.data.fps;
    if (frame >= this.a && frame <= this.b) return;
    const wide = this.b - this.a;
    this.look(frame - 0.02 * wide, frame + 0.98 * wide);
  }

  look(a, b) {
    const { frames, fps } = this.data;
    const wide = Math.max(Math.min(frames, fps / 2, 8), Math.min(frames, b - a));
    this.a = Math.max(0, Math.min(frames - wide, a));
    this.b = this.a + wide;
    this.draw();
    this.moved();
  }

  zoom(factor, around = this.state.time() * this.data.fps) {
    const here = Math.max(this.a, Math.min(this.b, around));
    this.look(here - (here - this.a) * factor, here + (this.b - here) * factor);
  }

  fit() {
    this.look(0, this.data.frames);
  }

  listen(canvas) {
    const place = (event) => this.view.frame(event.clientX - canvas.getBoundingClientRect().left);
    const seek = (event) => this.seek(place(event) / this.data.fps);
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      canvas.setPointerCapture(event.pointerId);
      seek(event);
    });
    canvas.addEventListener("pointermove", (event) => canvas.hasPointerCapture(event.pointerId) && seek(event));
    canvas.addEventListener("dblclick", (event) => this.lookAt(place(event)));
    canvas.addEventListener("wheel", (event) => {
      const across = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
      if (event.ctrlKey || event.metaKey || canvas === this.page.ruler) this.zoom(1.0015 ** event.deltaY, place(event));
      else if (Math.abs(across) > Math.abs(event.shiftKey ? 0 : event.deltaY)) {
        const shift = (across / this.view.width) * (this.b - this.a);
        this.look(this.a + shift, this.b + shift);
      } else return;
      event.preventDefault();
    }, { passive: false });
  }

  // The section around a place, or else its shot; all of it where that is in sight already.
  lookAt(frame) {
    const { sections, shots, frames } = this.data;
    const edges = [...(sections.length ? sections : shots).map((one) => one.frame), frames];
    const n = edges.findIndex((one, k) => one <= frame && frame < edges[k + 1]);
    if (n < 0 || (Math.abs(this.a - edges[n]) < 1 && Math.abs(this.b - edges[n + 1]) < 1)) this.fit();
    else this.look(edges[n], edges[n + 1]);
  }
}
