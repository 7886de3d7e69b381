// What lanes are drawn with: inks, words in their room, and curves with fewer columns than frames.

export const ink = {
  line: "#2a2f37", bar: "#262b33", text: "#d9dce2", dim: "#989da8", faint: "#626873", accent: "#efb056",
  curve: "#9fb6cb", fill: "#9fb6cb1c", slate: ["#2b313a", "#353c47"], wave: "#6f7d8e", stroke: "#8d97a6",
};
const SANS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif";

// Calm tints, far apart from one another; one for each prompt.
export const tint = (place) => `oklch(0.47 0.055 ${(235 + place * 137.5) % 360})`;

export function write(g, words, x, y, room, colour = ink.text, size = 11.5) {
  if (room < 14) return;
  g.font = `${size}px ${SANS}`;
  g.fillStyle = colour;
  let text = words;
  if (g.measureText(text).width > room) {
    while (text && g.measureText(`${text}…`).width > room) text = text.slice(0, -1);
    if (!text) return;
    text += "…";
  }
  g.fillText(text, x, y);
}

// First and last frame in sight, with one more on either side.
export const inSight = (v, count) => [Math.max(0, Math.floor(v.a) - 1), Math.min(count - 1, Math.ceil(v.b) + 1)];

// For each column of pixels the lowest and highest value, or the values themselves where they are fewer.
export function outline(values, v, each) {
  const [first, last] = inSight(v, values.length);
  const many = (v.b - v.a) / v.width > 1.5;
  if (!many) {
    for (let frame = first; frame <= last; frame++) each(v.x(frame + 0.5), values[frame], values[frame], frame);
    return;
  }
  const step = (v.b - v.a) / v.width;
  for (let frame = first; frame <= last; frame += step) {
    let low = Infinity, high = -Infinity;
    const end = Math.min(last + 1, Math.max(frame + 1, frame + step));
    for (let one = Math.floor(frame); one < end; one++) {
      const value = values[one];
      if (value < low) low = value;
      if (value > high) high = value;
    }
    each(v.x(frame + step / 2), low, high, Math.floor(frame));
  }
}
