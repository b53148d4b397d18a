// The time machine: paints one epoch of a training as Python measured it, with a scrubber over all of them.

const GAP = 2; // weights between two pictures
const HIGHEST = 280; // of the pictures on the page
const LARGEST_WEIGHT = 18; // on the page, of a layer with few inputs
const NARROW = 400; // where there is less room, half as many pictures stand in a row
const PACE = 250; // milliseconds between two epochs while playing

/** What a drawing pad takes for its own model: its part of the scene, of the answers and of the questions. */
function padOf(model) {
  const scene = model.get("scene").pad;
  return {
    get: (name) => (name === "scene" ? scene : { ...model.get("answer").pad, number: model.get("answer").number }),
    send: (question) => model.send(question),
    on: (...given) => model.on(...given),
    off: (...given) => model.off(...given),
    widget_manager: model.widget_manager,
  };
}

function render({ model, el, signal }) {
  const scene = model.get("scene");
  const { first, last, tile, layers } = scene;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const root = figureIn(el, scene.name);
  root.classList.add("gdcourse-rewind");
  let answer = model.get("answer");
  let [late, gone, refusal] = ["", "", ""]; // sentences below the figure
  let wanted = answer.epoch;
  let playing = 0;

  // What the reader sees, from top to bottom.
  const canvases = [0, 1].map(() => make("canvas"));
  const keys = [0, 1].map(() => make("p", { class: "gdcourse-key" }));
  const panels = make("div", { class: "gdcourse-panels gdcourse-even" },
    ...canvases.map((canvas, i) => make("div", {}, keys[i], make("div", {}, canvas))));
  const pictures = make("canvas");
  const place = make("div", {}, make("p", {}, scene.about), ...(tile ? [make("div", {}, pictures)] : []));
  const bars = layers.slice(0, -1).map((_, l) => {
    const [bar, value] = [make("span", { class: "gdcourse-bar", "aria-hidden": "true" }), make("span")];
    return { bar, value, row: make("li", {}, `layer ${l + 1}: `, bar, value) };
  });
  const list = make("ul", { class: "gdcourse-bars gdcourse-dead", role: "list", "aria-label": "Dead units" }, ...bars.map(({ row }) => row));
  const dead = make("div", {}, make("p", {}, "Dead units (they give 0 for every sample)"), list);
  const [back, play, on] = [["Epoch back", () => move(wanted - 1)], ["Play", toggle], ["Epoch on", () => move(wanted + 1)]]
    .map(([name, act]) => make("button", { type: "button", onclick: act }, name));
  const refused = (sentence) => {
    refusal = sentence;
    showTrouble();
  };
  const scrub = slider({ label: "epoch", low: first, high: last, value: wanted, positions: last - first, whole: true }, move, refused);
  const controls = make("div", { class: "gdcourse-controls" },
    make("div", { class: "gdcourse-buttons" }, back, play, on), scrub.element);
  root.append(panels, place, ...(bars.length ? [dead] : []));
  if (last > first) root.append(controls);
  const speak = speaker(root);
  const trouble = make("p", { class: "gdcourse-trouble", role: "status" });
  root.append(trouble);

  // Questions to Python: an epoch. What is painted is always the answer to the newest of them.
  const question = asker(model, (waiting) => {
    late = waiting ? "Python is still computing; the figure shows the last answer." : "";
    showTrouble();
  });
  function move(to) {
    pause();
    go(to);
  }
  function go(to) {
    refusal = "";
    if (!gone) {
      wanted = Math.min(last, Math.max(first, to));
      question.ask({ epoch: wanted });
    }
    showTrouble();
    showControls();
  }
  function showTrouble() {
    const said = gone || [refusal, late || answer.trouble].filter(Boolean).join(" ");
    if (trouble.textContent !== said) trouble.textContent = said;
  }
  function showControls() {
    scrub.show(wanted);
    back.setAttribute("aria-disabled", String(Boolean(gone) || wanted <= first)); // it can't be pressed, but keeps the focus
    on.setAttribute("aria-disabled", String(Boolean(gone) || wanted >= last));
    play.setAttribute("aria-disabled", String(Boolean(gone)));
    play.textContent = playing ? "Pause" : "Play";
  }

  // Playing: an epoch after the other, each once Python has answered the one before.
  function pause() {
    if (!playing) return;
    clearInterval(playing);
    playing = 0;
    speak.say(answer.text);
  }
  function toggle() {
    if (playing || gone) pause();
    else {
      if (wanted >= last) go(first);
      playing = setInterval(() => {
        if (question.busy()) return;
        if (wanted >= last) pause();
        else go(wanted + 1);
        showControls();
      }, calm.matches ? 2 * PACE : PACE);
    }
    showControls();
  }

  // Painting.
  const losses = scene.losses.map(training.pointsOf);
  const beside = Math.max(0.5, 0.02 * (last - first));
  const until = Math.max(last, first + 1, ...losses.flat().map(([epoch]) => epoch));
  const axes = [
    new Axes(canvases[0], {
      x: [first - beside, until + beside],
      ...training.vertical(losses.flat().map(([, y]) => y), false),
      xlabel: "epoch",
      ylabel: "loss",
      xticks: ticks(first, until, 6).filter(Number.isInteger),
    }),
    new Axes(canvases[1], {
      x: [0.5, layers.length + 0.5],
      y: scene.gradient,
      ylog: true,
      xlabel: "layer",
      ylabel: "gradient length",
      xticks: ticks(1, Math.max(2, layers.length), 10).filter((l) => Number.isInteger(l) && l <= layers.length),
    }),
  ];

  function paint() {
    if (!axes[0].theme) return;
    paintLosses(axes[0]);
    paintGradients(axes[1]);
    if (tile) paintPictures();
  }

  function paintLosses(one) {
    one.begin();
    const { y } = one.spec;
    one.line(y.map((end) => [answer.epoch, end]), { color: one.theme.ink, width: 2, dash: [2, 3] });
    losses.forEach((points, i) => {
      const { shape, dash, color } = training.KINDS[i];
      one.line(points, { color: one.theme[color], dash });
      const each = Math.max(1, Math.floor((12 * points.length) / one.box.width)); // marks that don't touch
      points.forEach(([x, value], k) => {
        if ((points.length - 1 - k) % each === 0) one.mark(x, value, { shape, color: one.theme[color], radius: 3 });
      });
      const here = answer.losses[i];
      if (here !== null) one.mark(answer.epoch, here, { shape, color: one.theme[color], radius: 7 });
    });
  }

  /** A mark for each layer, on a line from below; hollow where it was at the start; at the foot if it is 0. */
  function paintGradients(one) {
    one.begin();
    const [foot, top] = scene.gradient;
    const height = (size) => Math.max(size, foot * (top / foot) ** 0.05);
    answer.gradients.forEach((size, l) => {
      if (size === null) return;
      one.line([[l + 1, foot], [l + 1, height(size)]], { color: one.theme.blue, width: 4 });
      one.mark(l + 1, height(size), { color: one.theme.blue, radius: 6 });
    });
    answer.start.forEach((size, l) => {
      if (size !== null) one.mark(l + 1, height(size), { shape: "hollow", color: one.theme.ink, radius: 4 });
    });
  }

  function paintPictures() {
    const { height, width, units } = tile;
    const room = pictures.parentElement.clientWidth;
    const columns = width > 1 && room < NARROW ? Math.ceil(tile.columns / 2) : tile.columns;
    const gap = width > 1 ? GAP : 0;
    const [wide, high] = [columns * (width + gap) - gap, Math.ceil(units / columns) * (height + gap) - gap];
    const scale = Math.min(room / wide, HIGHEST / high, LARGEST_WEIGHT);
    if (!(scale > 0)) return;
    const ratio = window.devicePixelRatio || 1;
    const theme = themeOf(root);
    const [blue, red] = [theme.blue, theme.vermillion].map((color) => [1, 3, 5].map((i) => parseInt(color.slice(i, i + 2), 16)));
    const small = document.createElement("canvas");
    [small.width, small.height] = [wide, high];
    const pixels = new ImageData(wide, high);
    const bytes = model.get("pictures");
    new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength).forEach((value, i) => {
      const [unit, inside] = [Math.floor(i / (height * width)), i % (height * width)];
      const top = Math.floor(unit / columns) * (height + gap) + Math.floor(inside / width);
      const left = (unit % columns) * (width + gap) + (inside % width);
      pixels.data.set([...(value > 0 ? red : blue), 2 * Math.abs(value)], 4 * (top * wide + left));
    });
    small.getContext("2d").putImageData(pixels, 0, 0);
    pictures.width = Math.round(wide * scale * ratio); // and clears it
    pictures.height = Math.round(high * scale * ratio);
    pictures.style.width = `${wide * scale}px`;
    pictures.style.height = `${high * scale}px`;
    const pen = pictures.getContext("2d");
    pen.imageSmoothingEnabled = scale * ratio < 1;
    pen.drawImage(small, 0, 0, pictures.width, pictures.height);
    // A small cross in the corner of a dead unit's picture, which stays to be seen.
    const arm = 3.5 * ratio;
    for (const unit of answer.crossed) {
      const right = ((unit % columns) * (width + gap) + width) * scale * ratio;
      const x = width > 1 ? right - 2 * arm : right - (scale * ratio) / 2;
      const y = Math.floor(unit / columns) * (height + gap) * scale * ratio + 2 * arm;
      for (const [color, thick] of [[theme.paper, 5], [theme.ink, 2]]) {
        pen.strokeStyle = color;
        pen.lineWidth = thick * ratio;
        pen.beginPath();
        for (const side of [1, -1]) {
          pen.moveTo(x - arm, y - side * arm);
          pen.lineTo(x + arm, y + side * arm);
        }
        pen.stroke();
      }
    }
  }

  // In words and in HTML.
  function showKeys() {
    keys[0].replaceChildren(...losses.flatMap((points, i) => {
      if (!points.length) return [];
      const { name, color, glyph } = training.KINDS[i];
      const here = answer.losses[i] === null ? "" : ` ${training.rounded(answer.losses[i])}`;
      return [keyPart(color, glyph, `${name}${here}`)];
    }));
    keys[1].replaceChildren(keyPart("blue", "●", "this epoch"), keyPart("ink", "◇", "the start"));
  }

  function showDead() {
    bars.forEach(({ bar, value }, l) => {
      bar.style.setProperty("--share", answer.dead[l] / layers[l]);
      value.textContent = `${answer.dead[l]} of ${layers[l]}`;
    });
  }

  function showWords() {
    const sizes = answer.gradients.map((size, l) => `layer ${l + 1}: ${size === null ? "unknown" : short(size, 2)}`);
    describe(canvases[0], `The loss after each epoch, and a mark at epoch ${answer.epoch}. ${answer.text}`);
    describe(canvases[1], `The length of the gradient, ${sizes.join(", ")}. At the start ` +
      `${answer.start.map((size) => (size === null ? "unknown" : short(size, 2))).join(", ")}.`);
    describe(pictures, `${answer.weights} Epoch ${answer.epoch}.`);
    speak.say(answer.text, playing !== 0);
  }

  function heard() {
    if (!model.get("answer").text) return; // the figure is closed
    answer = model.get("answer");
    question.heard(answer);
    if (!question.busy()) wanted = answer.epoch;
    showControls();
    showTrouble();
    showKeys();
    showDead();
    showWords();
    paint();
  }

  function resized() {
    const theme = themeOf(root);
    if (axes.map((one) => one.layout(theme)).every(Boolean)) paint();
  }

  heard();
  model.on("change:answer", heard);
  if (scene.pad) {
    const pad = make("div");
    root.insertBefore(pad, trouble);
    drawing.render({ model: padOf(model), el: pad, signal });
  }
  bereft(model, (sentence) => {
    gone = sentence;
    pause();
    question.close();
    root.classList.add("gdcourse-lost");
    wanted = answer.epoch;
    showControls();
    showTrouble();
  }, signal);
  follow(panels, resized, signal);
  signal.addEventListener("abort", () => {
    pause();
    model.off("change:answer", heard);
  });
}

export default { render };
