// Problems of a scene, and its text: a problem that is clicked shows its place.

const MOST_LINES = 4000; // of a text that are shown, around a place
const AROUND = 70; // characters of a long line before a place

const element = (name, className, text) => {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
};

// As editors and the program count them.
export const linesOf = (source) => source.split(/\r\n|[\n\r\u0085\u2028\u2029]/);

export class Problems {
  constructor(list, source, chosen) {
    this.list = list;
    this.source = source;
    this.chosen = chosen;
    this.lines = [];
    this.problems = [];
    this.current = -1;
  }

  show(data) {
    this.lines = linesOf(data.source);
    this.problems = data.problems;
    this.current = -1;
    this.list.replaceChildren(...data.problems.map((problem, place) => this.item(problem, place)));
    if (data.more) this.list.append(element("li", "more", `and ${data.more} more; mend these first`));
    this.write(0);
  }

  item(problem, place) {
    const button = element("button", `problem ${problem.severity}`);
    button.type = "button";
    const where = [problem.elsewhere ?? `${problem.line}:${problem.column}`, problem.path].filter(Boolean).join("  ");
    button.append(element("div", "where", where), this.words(problem));
    const line = problem.elsewhere ? undefined : this.lines[problem.line - 1];
    if (line !== undefined && line.trim()) button.append(excerpt(line, problem));
    button.addEventListener("click", () => this.choose(place));
    const item = element("li");
    item.append(button);
    return item;
  }

  words({ message, remedy }) {
    const words = element("div", "words");
    const at = remedy ? message.lastIndexOf(remedy) : -1;
    if (at < 0) words.textContent = message;
    else words.append(message.slice(0, at), element("em", "", remedy), message.slice(at + remedy.length));
    return words;
  }

  choose(place) {
    this.current = place;
    this.list.querySelectorAll(".problem").forEach((one, n) => one.setAttribute("aria-current", String(n === place)));
    const { line, elsewhere } = this.problems[place];
    if (elsewhere) return;
    this.chosen();
    if (!this.source.querySelector(`[data-line="${line}"]`)) this.write(line);
    this.source.querySelectorAll(".at").forEach((one) => one.classList.remove("at"));
    const row = this.source.querySelector(`[data-line="${line}"]`);
    if (!row) return;
    row.classList.add("at");
    const mark = row.querySelector(`mark[data-problem="${place}"]`) ?? row;
    mark.scrollIntoView({ block: "center", inline: "nearest" });
  }

  write(around) {
    const first = Math.max(0, Math.min(around - MOST_LINES / 2, this.lines.length - MOST_LINES));
    const shown = this.lines.slice(first, first + MOST_LINES);
    this.source.replaceChildren(...shown.map((line, n) => this.row(line, first + n + 1)));
  }

  row(line, number) {
    const row = element("div");
    row.dataset.line = number;
    const here = this.problems.map((problem, place) => ({ ...problem, place })).filter((one) => one.line === number && !one.elsewhere);
    if (here.length) row.classList.add(here.some((one) => one.severity === "error") ? "error" : "warning");
    let at = 0;
    for (const one of here.sort((a, b) => a.column - b.column)) {
      const [start, end] = span(line, one);
      if (start < at) continue;
      row.append(...coloured(line.slice(at, start), at === 0));
      const mark = element("mark", one.severity, line.slice(start, end) || " ");
      mark.dataset.problem = one.place;
      row.append(mark);
      at = end;
    }
    row.append(...coloured(line.slice(at), at === 0));
    if (!line) row.append("\n");
    return row;
  }
}

// Columns count characters, of which JavaScript has some as two.
function span(line, problem) {
  const characters = [...line];
  const start = Math.min(problem.column - 1, characters.length);
  const end = Math.max(start + 1, (problem.end_column ?? 0) - 1);
  const length = (count) => characters.slice(0, count).join("").length;
  return [length(start), length(end)];
}

function excerpt(line, problem) {
  const [start, end] = span(line, problem);
  const from = start > AROUND ? start - AROUND : 0;
  const before = (from ? "…" : "") + line.slice(from, start);
  const number = `${problem.line} | `;
  const code = element("code");
  code.append(number, before, element("mark", "", line.slice(start, end)), line.slice(end, from + 2 * AROUND + 40), "\n");
  const carets = "^".repeat(Math.max(1, Math.min([...line.slice(start, end)].length, 80)));
  code.append(element("span", "hidden", number + before), element("span", "caret", carets));
  return code;
}

// Keys and comments in their colours: enough to find one's way, and no reader of YAML.
function coloured(text, isStart) {
  const parts = [];
  const comment = text.search(/(^|\s)#/);
  const code = comment < 0 ? text : text.slice(0, comment);
  const key = isStart ? code.match(/^(\s*(?:- )?)([^\s:{}[\]"'#][^:{}[\]"'#]*)(?=:(\s|$))/) : null;
  if (key) parts.push(key[1], element("b", "", key[2]), code.slice(key[0].length));
  else parts.push(code);
  if (comment >= 0) parts.push(element("i", "", text.slice(comment)));
  return parts;
}
