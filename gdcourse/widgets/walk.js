// A walk on a curve or on a landscape: paints the runs that Python computed, and plays them without Python.

const DASHES = [[], [7, 4], [8, 3, 2, 3], [2, 3], [8, 2, 2, 2, 2, 2]];
const COLORS = ["blue", "vermillion", "green", "purple", "brown"];
const SHAPES = ["circle", "square", "triangle", "diamond", "cross"];
const GLYPHS = { circle: "●", ring: "○", square: "■", triangle: "▲", diamond: "◆", hollow: "◇", cross: "✕" };

const FINGER = 12; // pixels: a finger that has moved less taps

/** One run as Python sent it: rows of w, loss and gradient, and a phrase for each step. */
function unpack({ numbers, above, phrases, words, note }, d) {
  const rows = phrases.byteLength;
  const all = floats(numbers, rows * (2 * d + 1));
  const heights = above && floats(above, rows);
  const row = (k) => {
    const start = k * (2 * d + 1);
    const loss = all[start + d];
    return { w: all.slice(start, start + d), loss, above: heights ? heights[k] : loss, gradient: all.slice(start + d + 1, start + 2 * d + 1) };
  };
  const codes = new Uint8Array(phrases.buffer, phrases.byteOffset, rows);
  return { points: Array.from({ length: rows }, (_, k) => row(k)), phrases: codes, words, note, last: rows - 1 };
}

/** The learning rates that were tried, and what each did: [rate, regime]. */
function unpackTried(view) {
  const count = view.byteLength / 5;
  const bytes = new Uint8Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
  const rates = new Float32Array(bytes.buffer, 0, count);
  return Array.from(rates, (rate, i) => [rate, bytes[4 * count + i]]);
}

// How a run ends, as `sweeps.py` numbers it.
const LEAVES = 4;
const BELOW = 0, ABOVE = 255; // of the heights of an end

/** Where runs end, as Python sent it: [{rate, kind, heights}], the lowest rate first. */
function unpackEnds({ rates, kinds, sizes, heights }) {
  if (!rates) return [];
  const bytes = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const [all, sorts, counts] = [bytes(heights), bytes(kinds), bytes(sizes)];
  let used = 0;
  return Array.from(floats(rates), (rate, i) => ({ rate, kind: sorts[i], heights: all.subarray(used, (used += counts[i])) }));
}

function render({ model, el, signal }) {
  const scene = model.get("scene");
  const d = scene.dimensions;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const root = figureIn(el, scene.name);
  let runs = [];
  let { start, settings, loss: losses } = model.get("answer");
  let position = scene.steps;
  let chosen = Math.max(0, scene.runs.findIndex((run) => run.controls.length));
  let playing = 0;
  let [tried, swept, leaving] = [[], [], []]; // leaving: where the sweep is hatched
  let [late, gone, refusal] = ["", "", ""]; // sentences below the figure

  // What the reader sees, from top to bottom.
  const [map, loss, strip] = ["gdcourse-grab", "", ""].map((kind) => make("canvas", { class: kind }));
  strip.classList.add("gdcourse-pick");
  const legend = make("ul", { class: "gdcourse-legend" });
  const panels = make("div", { class: "gdcourse-panels" }, make("div", {}, map), make("div", {}, loss));
  const [heading, ends] = [make("p", {}), make("p", { role: "status" })];
  const fill = make("button", { type: "button", onclick: () => sweepAll() }, "Sweep all rates");
  if (scene.rates) panels.append(make("div", {}, heading, make("div", {}, strip)));
  const marks = make("div", {}, legend); // at the strip that it belongs to
  if (scene.rates) marks.prepend(make("div", { class: "gdcourse-buttons" }, fill), make("p", {}, `The marks below the ends: what the run did in its first ${scene.steps === 1 ? "step" : `${scene.steps} steps`}.`));
  panels.append(marks);
  const about = make("p", {}, scene.network?.text || ""); // what no picture of a plane can show
  const [back, play, on] = [["Step back", () => move(Math.ceil(position) - 1)], ["Play", toggle], ["Step on", () => move(Math.floor(position) + 1)]]
    .map(([name, act]) => make("button", { type: "button", onclick: act }, name));
  const refused = (sentence) => {
    refusal = sentence;
    showTrouble();
  };
  const scrub = slider({ label: "step", low: 0, high: scene.steps, value: position, positions: scene.steps, whole: true }, move, refused);
  const controls = make("div", { class: "gdcourse-controls" });
  const trouble = make("p", { class: "gdcourse-trouble", role: "status" });
  root.append(panels, make("div", { class: "gdcourse-buttons" }, back, play, on), scrub.element, controls, about);
  const speak = speaker(root);
  root.append(ends, trouble);

  const axes = {
    map: new Axes(map, { ...scene.map, leaves: scene.rates ? 585 : 440 }), // the sliders are in view with it
    loss: new Axes(loss, { ...losses, x: [0, scene.steps], xlabel: "step", height: 0.8 }),
  };
  if (scene.rates) {
    const [low, high] = scene.ends.y;
    const y = [low - 0.18 * (high - low), high]; // the rates that were tried lie below the ends
    axes.strip = new Axes(strip, { x: scene.rates, y, floor: low, xlog: true, xlabel: "learning rate η", ylabel: `${scene.ends.name}, at the end`, height: 0.48 });
  }

  // Questions to Python: the hyperparameters of each run and the start.
  const question = asker(model, (waiting) => {
    late = waiting ? "Python is still computing; the figure shows the last answer." : "";
    showTrouble();
  });
  function ask() {
    refusal = "";
    if (gone) adopt();
    else question.ask({ settings, start });
    showTrouble();
  }
  function showTrouble() {
    const notes = [...new Set(runs.map((run) => run.note))];
    const now = late ? [late] : [model.get("answer").trouble, ...notes];
    const said = gone || [refusal, ...now].filter(Boolean).join(" ");
    if (trouble.textContent !== said) trouble.textContent = said;
  }

  const startSliders = scene.names.map((name, i) =>
    slider({ label: `start ${name}`, low: scene.bounds[i][0], high: scene.bounds[i][1], value: start[i], stops: scene.stops?.[i] }, (value) => begin(i, value), refused));
  function begin(i, value) {
    start = start.with(i, value);
    ask();
  }

  /** Let the controls show the start and the hyperparameters of the runs that are drawn. */
  function adopt() {
    ({ start, settings } = model.get("answer"));
    startSliders.forEach((one, i) => one.show(start[i]));
    for (const { name, show } of shown) show(settings[chosen][name]);
  }

  let shown = []; // the controls of the chosen run
  function showControls() {
    controls.replaceChildren();
    if (scene.runs.length > 1 && scene.runs.some((run) => run.controls.length)) {
      const id = unique("run");
      const choose = make("select", { id, onchange: () => { chosen = Number(choose.value); showControls(); controls.querySelector("select").focus(); paint(); } },
        ...scene.runs.flatMap((run, i) => (run.controls.length ? make("option", { value: i, selected: i === chosen }, run.name) : [])));
      controls.append(make("div", { class: "gdcourse-choose" }, make("label", { for: id }, "hyperparameters of"), choose));
    }
    shown = scene.runs[chosen].controls.map(hyperparameter);
    for (const one of shown) controls.append(one.element);
    for (const one of startSliders) controls.append(one.element);
  }

  function hyperparameter({ name, label, low, high, log, kind, stops }) {
    const set = (value) => {
      settings = settings.with(chosen, { ...settings[chosen], [name]: value });
      ask();
    };
    if (kind !== "switch") return { name, ...slider({ label, low, high, log, stops, value: settings[chosen][name] }, set, refused) };
    const id = unique("switch");
    const box = make("input", { type: "checkbox", id, checked: settings[chosen][name], onchange: () => set(box.checked) });
    const element = make("div", { class: "gdcourse-buttons" }, box, make("label", { for: id }, label));
    return { name, element, show: (value) => (box.checked = value) };
  }

  // Moving along the runs: the browser alone.
  function move(to) {
    pause();
    refusal = "";
    showTrouble();
    position = Math.min(longest(), Math.max(0, to));
    paint();
  }
  const longest = () => Math.max(...runs.map((run) => run.last), 0);
  function pause() {
    cancelAnimationFrame(playing);
    playing = 0;
    play.textContent = "Play";
  }
  function toggle() {
    if (playing) {
      pause();
      return paint();
    }
    if (position >= longest()) position = 0;
    play.textContent = "Pause";
    let before = performance.now();
    const pace = calm.matches ? 2 : Math.max(4, scene.steps / 15); // steps a second
    let exact = position;
    const frame = (now) => {
      exact = Math.min(longest(), exact + (Math.max(0, now - before) / 1000) * pace); // the first frame began before the press
      before = now;
      const shown = calm.matches ? Math.floor(exact) : exact;
      const done = exact >= longest();
      if (shown !== position || done) {
        position = shown;
        if (done) pause();
        paint();
      }
      if (playing) playing = requestAnimationFrame(frame);
    };
    playing = requestAnimationFrame(frame);
  }

  // The start is dragged, or put where the pointer is pressed.
  const dragged = (event) => {
    const [x, y] = axes.map.under(event);
    start = (d === 1 ? [x] : [x, y]).map((value) => Number(value.toPrecision(3)));
    startSliders.forEach((one, i) => one.show(start[i]));
    ask();
  };
  map.addEventListener("pointerdown", (event) => {
    if (!event.isPrimary || event.button) return; // a second finger, another button
    map.setPointerCapture(event.pointerId);
    dragged(event);
  }, { signal });
  map.addEventListener("pointermove", (event) => {
    if (map.hasPointerCapture(event.pointerId)) dragged(event);
  }, { signal });

  // The sweep: a rate is chosen in it, and all are asked for.
  const sweptRate = (event) => {
    const [at] = axes.strip.under(event);
    const near = swept.reduce((best, one) => (Math.abs(Math.log(one.rate / at)) < Math.abs(Math.log(best / at)) ? one.rate : best), Infinity);
    const apart = Math.abs(axes.strip.at(near, 0)[0] - axes.strip.at(at, 0)[0]);
    return Number((apart < 4 ? near : at).toPrecision(apart < 4 ? 5 : 3));
  };
  const chooseRate = (event) => {
    const rate = sweptRate(event);
    settings = settings.with(0, { ...settings[0], learning_rate: rate });
    shown.find(({ name }) => name === "learning_rate")?.show(rate);
    ask();
  };
  let finger = null; // where one came down that may still scroll the page: until it is told apart, it chooses no rate
  const moved = (event) => [event.clientX - finger[0], event.clientY - finger[1]].map(Math.abs);
  strip.addEventListener("pointerdown", (event) => {
    if (!event.isPrimary || event.button) return;
    strip.setPointerCapture(event.pointerId);
    finger = event.pointerType === "touch" ? [event.clientX, event.clientY] : null;
    if (!finger) chooseRate(event);
  }, { signal });
  strip.addEventListener("pointermove", (event) => {
    if (!event.isPrimary || !strip.hasPointerCapture(event.pointerId)) return;
    if (finger) {
      const [across, along] = moved(event);
      if (across < FINGER || across < 2 * along) return;
    }
    finger = null;
    chooseRate(event);
  }, { signal });
  strip.addEventListener("pointerup", (event) => {
    if (event.isPrimary && finger && Math.hypot(...moved(event)) < FINGER) chooseRate(event); // a tap
  }, { signal });
  strip.addEventListener("pointercancel", () => (finger = null), { signal });
  /** Ask for all rates, or stop that. */
  function sweepAll() {
    if (gone || fill.getAttribute("aria-disabled") === "true") return;
    model.send({ sweep: model.get("pace").full ? "stop" : "fill" });
  }
  controls.addEventListener("keydown", (event) => {
    const rate = shown.find(({ name }) => name === "learning_rate");
    if (event.key === "Enter" && scene.rates && event.target === rate?.element.querySelector("input")) sweepAll();
  }, { signal });

  function sweepHeard() {
    const sweep = model.get("sweep");
    if (!scene.rates || !model.get("answer").runs) return;
    swept = unpackEnds(sweep);
    const steps = sweep.steps ? ` in ${sweep.steps.toLocaleString("en")} steps` : "";
    heading.textContent = `Where a run from this start ends, for each rate: the last ${scene.ends.last} values of ${scene.ends.name}${steps}.`;
    fill.setAttribute("aria-disabled", String(sweep.complete === true));
    if (ends.textContent !== (sweep.words || "")) ends.textContent = sweep.words || "";
    if (axes.strip.theme) {
      axes.strip.layout(axes.strip.theme, paintEnds);
      paint();
    }
  }

  /** Say how far it is, and let it go on. */
  function paceHeard() {
    const { going, full, share, slice } = model.get("pace");
    fill.textContent = full && !gone ? `Stop (${Math.round(100 * share)}%)` : "Sweep all rates";
    if (going && !gone) model.send({ sweep: "on", slice });
  }

  /** The last points of each run, a column for each rate; hatched where the runs fly away. */
  function paintEnds(one) {
    const { pen, theme } = one;
    const [low, high] = scene.ends.y;
    const { left, top, width } = one.box;
    const floor = one.at(scene.rates[0], low)[1];
    const [places, full] = [swept.map(({ rate }) => one.at(rate, low)[0]), swept.length > 100];
    const size = full ? 1.6 : 3;
    pen.save();
    pen.fillStyle = pen.strokeStyle = theme.faint;
    pen.fillRect(left, floor - 0.5, width, 1);
    pen.beginPath();
    pen.rect(left, top, width, floor - top);
    pen.clip();
    swept.forEach(({ kind, heights }, i) => {
      if (kind === LEAVES) return;
      pen.fillStyle = theme.blue;
      for (const height of heights) {
        const beyond = height === BELOW || height === ABOVE;
        const y = one.at(scene.rates[0], low + ((height - 1) / 253) * (high - low))[1];
        if (beyond) pen.fillRect(places[i] - 0.5, height === BELOW ? floor - 5 : top, 1, 5);
        else pen.fillRect(places[i] - size / 2, y - size / 2, size, size);
      }
    });
    paintLeaving(one, places, floor);
    pen.restore();
  }

  function paintLeaving(one, places, floor) {
    const { pen, theme } = one;
    const { top } = one.box;
    let from = null;
    leaving = [];
    swept.forEach(({ kind }, i) => {
      if (kind !== LEAVES) return;
      const near = (other) => (Math.abs(other - places[i]) < 4 ? (other + places[i]) / 2 : NaN);
      const [before, after] = [near(places[i - 1]), near(places[i + 1])].map((x, k) => (Number.isNaN(x) ? places[i] + (k ? 1 : -1) : x));
      from = swept[i - 1]?.kind === LEAVES && from !== null && places[i] - places[i - 1] < 4 ? from : before;
      if (swept[i + 1]?.kind === LEAVES && places[i + 1] - places[i] < 4) return;
      hatch(pen, theme.vermillion, from, top, after, floor);
      leaving.push({ left: from, top, right: after, bottom: floor });
      from = null;
    });
  }

  /** Fill a rectangle with lines across. */
  function hatch(pen, color, left, top, right, bottom) {
    pen.save();
    pen.strokeStyle = color;
    pen.globalAlpha = 0.5;
    pen.beginPath();
    pen.rect(left, top, right - left, bottom - top);
    pen.clip();
    pen.beginPath();
    const tall = bottom - top;
    for (let x = 8 * Math.floor((left - tall) / 8); x < right; x += 8) {
      pen.moveTo(x, bottom);
      pen.lineTo(x + tall, top);
    }
    pen.stroke();
    pen.restore();
  }

  // Painting.
  const color = (i) => axes.map.theme[COLORS[i % COLORS.length]];
  const place = (point) => (d === 1 ? [point.w[0], point.loss] : [...point.w]);

  function background(one) {
    if (d === 1) {
      const curve = floats(scene.curve);
      const half = curve.length / 2;
      one.line(Array.from({ length: half }, (_, i) => [curve[i], curve[half + i]]), { color: one.theme.ink, width: 1.5 });
      return;
    }
    paintLandscape(one, scene.landscape);
    for (const [x, y] of scene.minima) one.write("★", one.at(x, y), {});
    if (scene.network) paintNetwork(one);
  }

  /** The run of the network whose plane this is, a ring for each epoch, and the points that the plane goes through. */
  function paintNetwork(one) {
    const numbers = floats(scene.network.points);
    const points = Array.from({ length: numbers.length / 2 }, (_, i) => [numbers[2 * i], numbers[2 * i + 1]]);
    one.line(points, { width: 1.5, dash: [2, 3] });
    for (const point of points) one.mark(...point, { shape: "ring", radius: 4 });
    for (const [, point] of scene.network.named) one.mark(...point, { shape: "diamond", radius: 5 });
  }

  function paint() {
    if (!runs.length) return;
    const step = Math.floor(position);
    scrub.show(step);
    back.setAttribute("aria-disabled", String(position <= 0)); // it can't be pressed, but keeps the focus
    on.setAttribute("aria-disabled", String(position >= longest()));
    const words = runs.map((run, i) => sentence(run, i, step)).join("\n");
    if (axes.map.theme) paintAll();
    speak.say(words, playing !== 0);
    speak.keep();
    if (playing) return;
    describe(map, `${scene.text} ${words}`);
    describe(strip, `${heading.textContent} ${model.get("sweep").words || ""} ${triedInWords()}`);
    describe(loss, `The loss at each step. ${runs.map(lossInWords).join(" ")}`);
  }

  function paintAll() {
    axes.map.begin();
    for (const [name, point] of scene.network?.named ?? []) axes.map.name(name, axes.map.at(...point), { bold: true });
    axes.map.clipped(() => runs.forEach(paintPath));
    runs.forEach(paintPoints);
    if (runs.length > 1) nameRuns();
    axes.map.writeNames();
    axes.loss.change(losses);
    axes.loss.begin();
    axes.loss.clipped(() => runs.forEach(paintLoss));
    runs.forEach(({ points, last }, i) => {
      const k = Math.floor(Math.min(position, last));
      const [at, high] = height(points[k], k);
      axes.loss.mark(at, Math.max(high, losses.y[0]), { shape: SHAPES[i % SHAPES.length], color: color(i), radius: 6 });
    });
    if (!axes.strip) return;
    const [low, high] = scene.ends.y;
    axes.strip.begin();
    const current = settings[0].learning_rate;
    axes.strip.line([[current, axes.strip.spec.y[0]], [current, high]], { width: 1, dash: [4, 3] });
    for (const room of leaving) {
      const middle = [(room.left + room.right) / 2, (room.top + room.bottom) / 2];
      axes.strip.name("flies away", middle, { color: axes.strip.theme.vermillion, radius: 0, room });
    }
    axes.strip.writeNames();
    for (const [rate, regime] of tried) {
      const { shape, color: name } = scene.regimes[regime];
      axes.strip.mark(rate, low - 0.09 * (high - low), { shape, color: axes.strip.theme[name], radius: 5 });
    }
  }

  /** Where a run is now: its step, and the place between this step and the next. */
  function now({ points, last }) {
    const here = Math.min(position, last);
    const step = Math.floor(here);
    const [from, to] = [place(points[step]), place(points[Math.min(step + 1, last)])];
    return { step, at: from.map((value, j) => value + (here - step) * (to[j] - value)) };
  }

  function paintPath(run, i) {
    const { points } = run;
    const { step } = now(run);
    const style = { color: color(i), dash: runs.length > 1 ? DASHES[i % DASHES.length] : [], width: 2 };
    axes.map.line(points.slice(step).map(place), { ...style, alpha: 0.3, width: 1 });
    axes.map.line(points.slice(0, step + 1).map(place), { ...style, width: d === 1 ? 1 : 2 });
  }

  // Dots are whole at the edge too: they are not clipped.
  function paintPoints(run, i) {
    const { points } = run;
    const { step, at } = now(run);
    const shape = SHAPES[i % SHAPES.length];
    points.forEach((point, k) => axes.map.mark(...place(point), { shape, color: color(i), radius: 4, alpha: k <= step ? 1 : 0.3 }));
    if (i === chosen) axes.map.clipped(() => paintStep(points[step], points[step + 1], axes.map.theme[runs.length > 1 ? "ink" : "vermillion"]));
    axes.map.mark(...at, { shape, color: color(i), radius: 7 });
    if (i === chosen) axes.map.mark(...place(points[0]), { shape: "cross", radius: 6 });
  }

  /** The name of each run of a race, at the place where it is. */
  function nameRuns() {
    runs.forEach((run, i) => axes.map.name(scene.runs[i].name, axes.map.at(...now(run).at), { color: color(i), radius: 9 }));
  }

  /** At one point: the tangent and the step on a curve, the gradient in the plane on a landscape. */
  function paintStep(point, next, accent) {
    const one = axes.map;
    if (d === 1) {
      const reach = 0.1 * (scene.map.x[1] - scene.map.x[0]);
      const [w, g] = [point.w[0], point.gradient[0]];
      one.line([[w - reach, point.loss - g * reach], [w + reach, point.loss + g * reach]], { width: 3 });
      if (next) one.arrow(one.at(w, point.loss), within(one, next.w[0], point.loss), { color: accent, label: "step" });
      return;
    }
    const size = Math.hypot(...point.gradient);
    if (!(size > 0)) return;
    const [x, y] = one.at(...point.w);
    if (!one.holds(x, y)) return; // no arrow without its point
    const [right, up] = one.at(point.w[0] + point.gradient[0], point.w[1] + point.gradient[1]).map((end, i) => end - [x, y][i]);
    const drawn = Math.min(90, Math.max(24, (90 * size) / scene.steepest)) / Math.hypot(right, up);
    one.arrow([x, y], [x + drawn * right, y + drawn * up], { color: accent, label: scene.gradient });
  }

  function within(one, x, y) {
    const [px, py] = one.at(x, y);
    return [Math.min(one.size[0] + 20, Math.max(-20, px)), py];
  }

  const height = ({ loss: value, above }, k) => [k, losses.ylog ? above : value];

  function paintLoss({ points, last }, i) {
    const here = Math.min(position, last);
    const one = axes.loss;
    const heights = points.map(height);
    const style = { color: color(i), dash: runs.length > 1 ? DASHES[i % DASHES.length] : [] };
    one.line(heights, { ...style, alpha: 0.3, width: 1 });
    one.line(heights.slice(0, Math.floor(here) + 1), style);
  }

  // In words.
  const weights = d === 1 ? scene.names[0] : `(${scene.names.join(", ")})`;
  const named = (run, i) => (runs.length > 1 ? `${scene.runs[i].name}: ` : "");
  const point = (w) => (d === 1 ? short(w[0]) : `(${[...w].map((x) => short(x)).join(", ")})`);

  function sentence(run, i, step) {
    const k = Math.min(step, run.last);
    const { w, loss: value, gradient } = run.points[k];
    const end = k === run.last ? ` ${run.words}`.trimEnd() : "";
    const slope = `${d === 1 ? "slope" : "gradient"} ${gradient.some(Number.isNaN) ? "unknown" : point(gradient)}`;
    return `${named(run, i)}Step ${k} of ${run.last}: ${weights} = ${point(w)}, loss ${short(value)}, ${slope}; ` +
      `${scene.phrases[run.phrases[k]]}.${end}`;
  }

  function lossInWords(run, i) {
    const losses = run.points.map(({ loss: value }) => value);
    const lowest = losses.indexOf(Math.min(...losses.filter((value) => !Number.isNaN(value))));
    return `${named(run, i)}${short(losses[0])} at the start, ${short(losses[lowest])} at its lowest (step ${lowest}), ${short(losses[run.last])} at the end.`;
  }

  function triedInWords() {
    const latest = tried.slice(-8).map(([rate, regime]) => `${short(rate)} ${scene.regimes[regime].name}`);
    return `The learning rates tried from this start, the latest last: ${latest.join("; ")}.`;
  }

  function showLegend() {
    const items = scene.runs.length > 1
      ? scene.runs.map(({ name }, i) => ({ name, shape: SHAPES[i % SHAPES.length], color: COLORS[i % COLORS.length] }))
      : scene.regimes.filter(({ name }) => scene.rates && name);
    if (scene.network?.points.byteLength) items.unshift({ name: "the network's epochs", shape: "ring", color: "ink" });
    legend.replaceChildren(...items.map(({ name, shape, color: own }) => {
      const glyph = make("span", { "aria-hidden": "true", style: `color: var(--gdcourse-${own})` }, GLYPHS[shape]);
      return make("li", {}, glyph, ` ${name}`);
    }));
  }

  function heard() {
    const answer = model.get("answer");
    if (!answer.runs) return; // the figure is closed
    question.heard(answer);
    const followed = position >= longest();
    runs = answer.runs.map((run) => unpack(run, d));
    position = followed ? longest() : Math.min(position, longest());
    losses = answer.loss;
    tried = unpackTried(answer.tried);
    if (!question.busy()) adopt();
    showTrouble();
    speak.free();
    paint();
  }

  function resized() {
    const theme = themeOf(root);
    if (!axes.map.layout(theme, background)) return;
    axes.loss.layout(theme);
    axes.strip?.layout(theme, paintEnds);
    paint();
  }

  showControls();
  showLegend();
  heard();
  sweepHeard();
  paceHeard();
  model.on("change:answer", heard);
  model.on("change:sweep", sweepHeard);
  model.on("change:pace", paceHeard);
  bereft(model, (sentence) => {
    gone = sentence;
    question.close();
    root.classList.add("gdcourse-lost");
    fill.setAttribute("aria-disabled", "true");
    adopt();
    showTrouble();
    paceHeard();
  }, signal);
  follow(panels, resized, signal);
  signal.addEventListener("abort", () => {
    pause();
    model.off("change:answer", heard);
    model.off("change:sweep", sweepHeard);
    model.off("change:pace", paceHeard);
  });
}

export default { render };
