// Numbers and times in words.

export const shown = (number) => (Math.abs(number) >= 1000 ? number.toFixed(0) : String(Number(number.toPrecision(4))));

export const clock = (seconds, places = 2) => {
  const parts = Math.round(seconds * 10 ** places);
  const whole = Math.floor(parts / 10 ** places);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (one) => String(one).padStart(2, "0");
  const rest = places ? `.${String(parts % 10 ** places).padStart(places, "0")}` : "";
  return `${h ? `${h}:${two(m)}` : m}:${two(s)}${rest}`;
};
