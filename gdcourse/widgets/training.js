// A network in training: paints the lines that Python sends, and passes on the wish to stop.

const KINDS = [
  { name: "training", shape: "circle", glyph: "●", color: "blue", dash: [] },
  { name: "validation", shape: "square", glyph: "■", color: "vermillion", dash: [7, 4] },
];
const LATE = "Python has not stopped yet. The square in the toolbar interrupts the cell, and what was learned is kept as well.";

/** The points [epoch, number] of a line, as far as they are numbers. */
function pointsOf(view) {
  const numbers = floats(view);
  const points = Array.from({ length: numbers.length / 2 }, (_, i) => [numbers[2 * i], numbers[2 * i + 1]]);
  return points.filter(([, y]) => Number.isFinite(y));
}

/** A number as the text has it: Python's `rounded`. */
const rounded = (y) => {
  const size = Math.abs(y);
  return (size >= 0.01 && size < 1000) || y === 0 ? y.toFixed(2).replace("-", "−") : short(y, size < 1 ? 1 : size < 1e5 ? 2 : 3);
};

/** The axis of some numbers: a share, such as an accuracy, ends at one; a loss that falls by far has a log axis. */
function vertical(values, share) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (!values.length) return { y: [0, 1] };
  if (share && low >= 0 && high <= 1) return { y: [Math.max(0, Math.floor(low * 10 - 1e-6) / 10), 1] };
  if (low > 0 && high > 100 && high > 1000 * low) return { y: [low / 1.5, high * 1.5], ylog: true };
  return { y: [Math.min(0, 1.1 * low), Math.max(0, 1.1 * high) || 1] };
}

function render({ model, el, signal }) {
  const scene = model.get("scene");
  const root = figureIn(el, scene.name);
  const panels = make("div", { class: "gdcourse-panels gdcourse-even" });
  const views = [0, 1].map(() => {
    const canvas = make("canvas");
    const key = make("p", { class: "gdcourse-key" });
    const place = make("div", {}, key, make("div", {}, canvas));
    panels.append(place);
    return { canvas, place, key };
  });
  const stop = make("button", { type: "button", onclick: press }, "Stop training");
  const line = make("span");
  if (scene.recorded) stop.hidden = true; // nothing trains
  root.append(panels, make("div", { class: "gdcourse-buttons" }, stop, line));
  const speak = speaker(root);
  const trouble = make("p", { class: "gdcourse-trouble", role: "status" });
  root.append(trouble);
  let [stopping, gone] = [false, ""];
  let [frame, late] = [0, 0];
  let spoken = -Infinity;

  function press() {
    if (stopping || gone || model.get("answer").end) return;
    stopping = true;
    model.send({ stop: true });
    late = setTimeout(() => (trouble.textContent = LATE), 5000);
    showButton();
  }

  // The button can't be pressed any more after the end, but keeps the focus of whoever pressed it.
  function showButton() {
    const { end } = model.get("answer");
    const now = gone ? "Kernel gone" : stopping ? "Stopping…" : "Stop training";
    stop.textContent = end ? end.split(/[ .:;]/, 1)[0].replace("The", "Diverged") : now;
    stop.setAttribute("aria-disabled", String(Boolean(end || gone) || stopping));
  }

  function showProgress() {
    const { end, panels: shown } = model.get("answer");
    const [epoch, batch, batches, ...values] = floats(model.get("progress"));
    if (end || gone || !epoch) {
      line.textContent = "";
      return;
    }
    const numbers = shown.map(({ label }, i) => (Number.isNaN(values[i]) && i ? "" : `, ${label} so far ${short(values[i], 3)}`));
    line.textContent = `Epoch ${epoch} of ${scene.epochs}, batch ${batch}${batches ? ` of ${batches}` : ""}${numbers.join("")}`;
  }

  function paint() {
    frame = 0;
    const { panels: shown, text, end } = model.get("answer");
    const theme = themeOf(root);
    const lines = shown.map((panel) => panel.lines.map(pointsOf));
    const epochs = lines.flat(2).map(([epoch]) => epoch);
    const [first, last] = [Math.min(...epochs, scene.epochs), Math.max(...epochs, 1)];
    const start = epochs.length ? first : 1;
    // The axis grows with a long run, by doubling; it never waits empty for a thousand epochs.
    const until = end ? last : Math.max(last, Math.min(scene.epochs, Math.max(20, 2 ** Math.ceil(Math.log2(last + 1)))));
    const beside = Math.max(0.5, 0.02 * (until - start));
    const whole = ticks(start, Math.max(until, start + 1), 6).filter((value) => Number.isInteger(value) && value <= until);
    views.forEach(({ place }, i) => (place.hidden = i >= shown.length));
    shown.forEach(({ label }, i) => {
      const one = new Axes(views[i].canvas, {
        x: [start - beside, until + beside],
        ...vertical(lines[i].flat().map(([, y]) => y), i > 0),
        xlabel: "epoch",
        ylabel: label,
        xticks: whole,
      });
      showKey(views[i].key, lines[i]);
      if (one.layout(theme)) paintLines(one, lines[i]);
      describe(views[i].canvas, `${label[0].toUpperCase()}${label.slice(1)} after each epoch. ${text}`);
    });
  }

  /** The lines; what each is, and its last number, stands above, where it covers nothing. */
  function paintLines(one, lines) {
    one.begin();
    lines.forEach((points, i) => {
      const { shape, dash, color } = KINDS[i];
      one.line(points, { color: one.theme[color], dash });
      const each = Math.max(1, Math.floor((12 * points.length) / one.box.width)); // marks that don't touch
      points.forEach(([x, y], k) => {
        if ((points.length - 1 - k) % each === 0) one.mark(x, y, { shape, color: one.theme[color], radius: 4 });
      });
    });
  }

  function showKey(key, lines) {
    key.replaceChildren(...lines.flatMap((points, i) => {
      if (!points.length) return [];
      const { name, color, glyph } = KINDS[i];
      return [keyPart(color, glyph, `${name} ${rounded(points.at(-1)[1])}`)];
    }));
  }

  function told() {
    const { text, end, trouble: words } = model.get("answer");
    // A long run is heard every ten seconds, and at its end.
    const quiet = !end && performance.now() - spoken < 10000;
    if (!quiet) spoken = performance.now();
    speak.say(end ? `${text} ${end}` : text, quiet);
    if (end) clearTimeout(late);
    if (end || words) trouble.textContent = [gone, words].filter(Boolean).join(" ");
    showButton();
    showProgress();
    frame ||= requestAnimationFrame(paint);
  }

  told();
  model.on("change:answer", told);
  model.on("change:progress", showProgress);
  bereft(model, (sentence) => {
    if (model.get("answer").end) return; // nothing is missing: the training is over
    gone = sentence;
    clearTimeout(late);
    trouble.textContent = gone;
    showButton();
    showProgress();
  }, signal);
  follow(panels, paint, signal);
  signal.addEventListener("abort", () => {
    cancelAnimationFrame(frame);
    clearTimeout(late);
    model.off("change:answer", told);
    model.off("change:progress", showProgress);
  });
}

export default { render };
