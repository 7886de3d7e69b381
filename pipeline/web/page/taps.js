// Taps: moments marked while the song plays. They are the page's own until they are saved, in a file
// beside the scene; the scene itself is the author's to change.

export class Taps {
  constructor(page, { changed, clock, songStart }) {
    this.page = page;
    this.changed = changed;
    this.clock = clock;
    this.songStart = songStart;
    this.taps = []; // { time, name, saved }
    page.save.addEventListener("click", () => this.save());
    page.undo.addEventListener("click", () => this.remove(this.fresh.at(-1)));
    page.clear.addEventListener("click", () => { this.taps = []; page.advice.hidden = true; this.show(); });
    page.copy.addEventListener("click", () => this.copy());
  }

  get fresh() {
    return this.taps.filter((one) => !one.saved);
  }

  add(time) {
    this.taps.push({ time, name: "", saved: false });
    this.page.advice.hidden = true;
    this.show();
  }

  remove(tap) {
    this.taps = this.taps.filter((one) => one !== tap);
    this.show();
  }

  // What the scene reads by now is the scene's.
  forget(marks) {
    const known = new Set(marks.map((one) => one.name));
    const left = this.taps.filter((one) => !(one.saved && known.has(one.name.toLowerCase())));
    if (left.length === this.taps.length) return;
    this.taps = left;
    if (!this.taps.length) this.page.advice.hidden = true;
    this.show();
  }

  show() {
    const { page, fresh } = this;
    page.section.hidden = !this.taps.length && page.advice.hidden;
    page.words.textContent = fresh.length ? `${fresh.length} ${fresh.length === 1 ? "tap" : "taps"}` : "";
    for (const one of [page.save, page.undo]) one.hidden = !fresh.length;
    page.list.replaceChildren(...fresh.map((tap) => this.item(tap)));
    page.list.scrollTop = page.list.scrollHeight;
    this.changed();
  }

  item(tap) {
    const item = document.createElement("li");
    const name = document.createElement("input");
    name.value = tap.name;
    name.placeholder = "name";
    name.maxLength = 60;
    name.setAttribute("aria-label", `Name of the tap at ${this.clock(tap.time)}`);
    name.addEventListener("input", () => { tap.name = name.value; this.changed(); });
    item.append(this.clock(tap.time), name);
    return item;
  }

  async save() {
    const { page, fresh } = this;
    const start = this.songStart();
    const marks = fresh.map((tap) => ({ second: Math.max(0, tap.time + start), name: tap.name }));
    const answer = await fetch("marks", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(marks),
    }).catch(() => null);
    page.advice.hidden = false;
    page.section.hidden = false;
    if (!answer?.ok) {
      page.said.textContent = answer ? await answer.text() : "The program has ended; start it again.";
      page.lines.textContent = "";
      return;
    }
    const { file, marks: kept, advice, lines } = await answer.json();
    this.taps = kept.map((one) => ({ time: one.second - start, name: one.name, saved: true }));
    page.said.textContent = advice ? `Saved in ${file}. ${advice}` : `Saved in ${file}, which the scene reads.`;
    page.lines.textContent = lines;
    this.show();
  }

  async copy() {
    const text = this.page.lines.textContent;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      getSelection().selectAllChildren(this.page.lines);
      document.execCommand("copy");
    }
    this.page.copy.textContent = "Copied";
    setTimeout(() => { this.page.copy.textContent = "Copy"; }, 1500);
  }
}
