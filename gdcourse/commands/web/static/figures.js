// Figures that move without a kernel: each is painted by its own module of the course, and answered from a recording.
// A figure and what it needs are loaded when it comes near the view; until then, and without JavaScript, its picture shows.
window.gdfigures = (() => {
  "use strict";

  const EPOCH = 400; // milliseconds, of a training that is played
  const UNSWEPT = "The sweep was recorded from the lesson's own start alone; in the notebook it begins anywhere.";
  const kinds = {}; // {name: what paints a figure}, once its script has come
  const recordings = {};
  const scripts = {};

  function load(name) {
    scripts[name] ??= new Promise((done, failed) => {
      const script = document.createElement("script");
      Object.assign(script, { src: `_figures/${name}.js`, onload: done, onerror: failed });
      document.head.append(script);
    });
    return scripts[name];
  }

  /** A recording as its figure's module reads it: lists, numbers, texts, and a DataView where bytes are. */
  async function unpacked(text) {
    const data = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream("deflate"));
    const bytes = await new Response(stream).arrayBuffer();
    const end = 4 + new DataView(bytes).getUint32(0, true);
    const views = (_, value) => (value?.$ ? new DataView(bytes, end + value.$[0], value.$[1]) : value);
    return JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 4, end - 4)), views);
  }

  /** The number of the value that is nearest to what is asked. */
  const nearest = (values, asked) =>
    values.reduce((best, value, i) => (Math.abs(value - asked) < Math.abs(values[best] - asked) ? i : best), 0);

  /** A number as the fields of a figure write it. */
  const written = (value) => String(Number(value.toPrecision(4))).replace("-", "−");

  /** What stands in the place of Python: it answers from the recording, as late as Python would, but never at once. */
  class Recorded {
    constructor({ traits, grid }) {
      [this.traits, this.grid, this.listeners] = [traits, grid, new Map()];
    }
    get(name) { return this.traits[name]; }
    on(event, call) { this.listeners.set(event, [...(this.listeners.get(event) || []), call]); }
    off(event, call) { this.listeners.set(event, (this.listeners.get(event) || []).filter((one) => one !== call)); }
    change(traits) {
      Object.assign(this.traits, traits);
      for (const name of Object.keys(traits)) for (const call of this.listeners.get(`change:${name}`) || []) call();
    }
    send(question) { setTimeout(() => this.answer(question)); }
    answer(question) {
      const found = this.found(question);
      this.change({ ...found, answer: { ...found.answer, number: question.number } });
    }
    /** Where on each axis of the grid a question stands; what it doesn't say stays as it is. */
    places(question) {
      const asked = { ...this.traits.answer, ...question };
      return this.grid.axes.map(([path, values]) => nearest(values, path.reduce((part, name) => part[name], asked)));
    }
    found(question) {
      const places = this.places(question);
      const row = places.reduce((row, place, i) => row * this.grid.axes[i][1].length + place, 0);
      const found = this.grid.answers[this.grid.table[row]];
      const trouble = this.unlike(question, places);
      return trouble ? { ...found, answer: { ...found.answer, trouble } } : found;
    }
    /** A sentence about what is asked and not recorded, and what is shown in its place; none where all is recorded. */
    unlike(question, places) {
      const pairs = this.grid.axes.map(([path, values], i) => [path.reduce((part, name) => part?.[name], question), values[places[i]]])
        .filter(([asked]) => asked !== undefined).map((pair) => pair.map(written)).filter(([asked, shown]) => asked !== shown);
      const [asked, shown] = [0, 1].map((i) => pairs.map((pair) => pair[i]).join(" and "));
      const [is, one] = pairs.length > 1 ? ["are", "ones"] : ["is", "one"];
      return asked && `${asked} ${is} not recorded; the figure shows ${shown}, the nearest recorded ${one}.`;
    }
  }

  /** A walk: it keeps the learning rates that were tried from a start, and has the whole sweep of each start. */
  class Walked extends Recorded {
    constructor(recording) {
      super(recording);
      [this.sweeps, this.start, this.tried] = [recording.sweeps, "", new Map()];
      this.note(this.traits.answer);
      this.traits.answer.tried = this.packed();
    }
    /** The sweep from the present start: the starts are the first axes of the grid. */
    get swept() {
      const places = this.places({}).slice(0, this.traits.answer.start.length);
      return this.sweeps[places.reduce((row, place, i) => row * this.grid.axes[i][1].length + place, 0)];
    }
    note({ start, settings, runs }) {
      if (!this.sweeps.length) return;
      if (String(start) !== this.start) this.tried.clear();
      this.start = String(start);
      const rate = settings[0].learning_rate;
      this.tried.delete(rate);
      if (this.traits.scene.regimes[runs[0].regime].name) this.tried.set(rate, runs[0].regime);
    }
    packed() {
      const view = new DataView(new ArrayBuffer(5 * this.tried.size));
      [...this.tried].forEach(([rate, regime], i) => {
        view.setFloat32(4 * i, rate, true);
        view.setUint8(4 * this.tried.size + i, regime);
      });
      return view;
    }
    answer(question) {
      if (question.sweep === "fill" && this.swept) return this.change({ sweep: this.swept });
      if (question.sweep) return this.change({ answer: { ...this.traits.answer, trouble: UNSWEPT } });
      const { answer } = this.found(question);
      const moved = String(answer.start) !== this.start;
      this.note(answer);
      this.change({ ...(moved ? { sweep: {} } : {}), answer: { ...answer, tried: this.packed(), number: question.number } });
    }
  }

  /** A training: it is played, an epoch after the other. */
  class Played extends Recorded {
    constructor({ traits, frames }) {
      super({ traits });
      this.frames = frames;
    }
    play() {
      clearInterval(this.timer);
      let epoch = 0;
      const show = () => {
        this.change(this.frames[epoch]);
        if ((epoch += 1) === this.frames.length) clearInterval(this.timer);
      };
      this.timer = setInterval(show, EPOCH);
      show();
    }
  }

  async function begin(place) {
    const { kind, figure } = place.dataset;
    await Promise.all([load(kind), load(figure)]);
    const recording = await unpacked(recordings[figure]);
    delete recordings[figure];
    const Model = { walk: Walked, training: Played }[kind] || Recorded;
    show(place, kinds[kind], new Model(recording));
  }

  function show(place, { render }, model) {
    const el = document.createElement("div");
    const note = place.querySelector(".gd-note");
    place.querySelector(".gd-still").hidden = true;
    place.insertBefore(el, note);
    note.hidden = false;
    render({ model, el, signal: new AbortController().signal });
    if (!model.play) return;
    const again = Object.assign(document.createElement("button"), { type: "button", textContent: "Play the training", onclick: () => model.play() });
    note.before(again);
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) model.play();
  }

  const seen = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      seen.unobserve(target);
      begin(target).catch((problem) => console.error(problem)); // the picture stays
    }
  }, { rootMargin: "200px" });
  for (const place of document.querySelectorAll(".gd-recorded")) seen.observe(place);

  return {
    kind(name, sheet, module) {
      const style = document.createElement("style");
      style.textContent = sheet;
      document.head.append(style);
      kinds[name] = module();
    },
    recording(name, text) { recordings[name] = text; },
  };
})();
