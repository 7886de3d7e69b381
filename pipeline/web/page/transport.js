// Time: the playhead, and what plays. The animatic plays with its own sound where there is one; elsewhere
// the song does; without a song the clock goes on alone. Whatever plays says what time it is.

const LATE = 0.02;

export class Transport {
  constructor(film, song, changed) {
    this.film = film;
    this.song = song;
    this.changed = changed;
    this.time = 0;
    this.playing = false;
    this.duration = 0;
    this.fps = 24;
    this.part = null; // seconds of the video that the film shows, once it can be played
    this.songStart = null; // second of the song on the first frame, if it can be played
    this.master = "none";
    this.wanted = null;
    film.addEventListener("seeked", () => this.seekFilm());
    film.addEventListener("ended", () => this.playing && this.choose());
    song.addEventListener("error", () => { this.songStart = null; if (this.playing) this.choose(); });
  }

  setVideo(duration, fps) {
    this.duration = duration;
    this.fps = fps;
    if (this.time > duration) this.seek(duration);
  }

  setSong(start, source) {
    if (source === null) {
      this.songStart = null;
      this.song.removeAttribute("src");
    } else if (this.song.getAttribute("src") !== source) {
      this.song.src = source;
      this.songStart = start;
    } else this.songStart = start;
    if (this.playing) this.choose();
  }

  setFilm(part) {
    this.part = part;
    this.wanted = null;
    if (this.playing) this.choose();
    else this.seekFilm();
  }

  covers(time) {
    return this.part !== null && time >= this.part[0] && time < this.part[1] - 1e-6;
  }

  get frame() {
    const last = Math.max(0, Math.round(this.duration * this.fps) - 1);
    return Math.max(0, Math.min(last, Math.floor(this.time * this.fps + 1e-4)));
  }

  seek(time) {
    this.time = Math.max(0, Math.min(this.duration, time));
    if (this.playing) this.choose();
    else this.seekFilm();
    this.changed();
  }

  // The middle of a frame, so that rounding never shows its neighbour; one seek at a time.
  seekFilm() {
    if (this.playing || !this.covers(this.time)) return;
    const wanted = (this.frame + 0.5) / this.fps - this.part[0];
    if (this.film.seeking || Math.abs(wanted - this.film.currentTime) < 1e-3) return;
    this.film.currentTime = wanted;
  }

  choose() {
    this.film.pause();
    this.song.pause();
    const song = this.songStart === null ? -1 : this.time + this.songStart;
    if (this.covers(this.time)) {
      this.master = "film";
      this.start(this.film, this.time - this.part[0]);
    } else if (song >= 0 && !(song >= this.song.duration)) {
      this.master = "song";
      this.start(this.song, song);
    } else this.master = "clock";
    this.then = performance.now();
  }

  start(medium, time) {
    if (Math.abs(medium.currentTime - time) > LATE) medium.currentTime = time;
    medium.play().catch(() => { if (this.playing) this.master = "clock"; });
  }

  toggle() {
    if (this.playing) {
      this.playing = false;
      this.film.pause();
      this.song.pause();
      this.seekFilm();
    } else {
      if (this.time >= this.duration - 0.5 / this.fps) this.time = 0;
      this.playing = true;
      this.choose();
    }
    this.changed();
  }

  // Called for every picture of the screen while something plays.
  advance() {
    const now = performance.now();
    const before = this.time;
    if (this.master === "film" && !this.film.seeking) this.time = this.part[0] + this.film.currentTime;
    else if (this.master === "song" && !this.song.seeking) this.time = this.song.currentTime - this.songStart;
    else if (this.master === "clock") this.time += (now - this.then) / 1000;
    this.then = now;
    if (this.time >= this.duration) {
      this.time = this.duration;
      this.toggle();
    } else if (this.master === "film" ? this.film.ended || !this.covers(this.time) : this.covers(this.time) && !this.covers(before)) {
      if (this.film.ended) this.time = Math.max(this.time, this.part[1]);
      this.choose();
    } else if (this.master === "song" && this.song.ended) this.master = "clock";
  }
}
