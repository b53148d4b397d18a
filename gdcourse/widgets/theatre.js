// The bug theatre: paints the losses of two trainings that Python computed, and asks for another mistake or rate.

function render({ model, el, signal }) {
  const scene = model.get("scene");
  const root = figureIn(el, scene.name);
  let { choice, rate } = model.get("answer");
  let axes = null;
  const talk = conversation({ model, root, signal }, { asks: () => ({ choice, rate }), adopt, paint, has: "lines" });

  const id = unique("mistake");
  const select = make("select", { id, onchange: () => { choice = Number(select.value); talk.ask(); } });
  for (const group of new Set(scene.choices.map((one) => one.group))) {
    const options = scene.choices.map((one, i) => (one.group === group ? make("option", { value: i }, one.label) : ""));
    select.append(make("optgroup", { label: group }, ...options.filter(Boolean)));
  }
  const key = make("p", { class: "gdcourse-key" });
  const canvas = make("canvas");
  const panel = make("div", {}, canvas);
  const rates = slider({ label: "learning rate η", low: scene.rates[0], high: scene.rates[1], log: true, positions: 40, value: rate },
    (value) => { rate = value; talk.ask(); }, talk.refused);
  const choose = make("div", { class: "gdcourse-choose" }, make("label", { for: id }, "mistake"), select);
  root.append(key, panel, make("div", { class: "gdcourse-controls" }, choose, rates.element));
  const speak = speaker(root);
  root.append(talk.trouble);

  /** Let the controls show what is drawn. */
  function adopt() {
    ({ choice, rate } = model.get("answer"));
    select.value = String(choice);
    rates.show(rate);
  }

  const pointsOf = (view) => Array.from(floats(view), (loss, i) => [scene.steps[i], loss]).filter(([, y]) => Number.isFinite(y));

  function paint() {
    const { lines, axis, told, words } = model.get("answer");
    if (!lines) return; // the figure is closed
    key.replaceChildren(...lines.map(({ name, end }, i) => {
      const { color, glyph } = TWO_KINDS[i];
      return keyPart(color, glyph, `${name} ${end}`);
    }), make("span", { class: "gdcourse-plain" }, "thin: each start; thick: their median"));
    speak.say(`${told}\n${words}`);
    describe(canvas, `${scene.text} ${told} ${words}`);
    axes = new Axes(canvas, { ...axis, x: [0, scene.steps.at(-1)], xlabel: "step", ylabel: "loss", height: 0.42 });
    if (!axes.layout(themeOf(root))) return;
    axes.begin();
    lines.forEach(paintTwin);
  }

  /** The run of each start, thin, and their median with its marks. */
  function paintTwin({ runs, median }, i) {
    const { shape, color: name, dash } = TWO_KINDS[i];
    const color = axes.theme[name];
    const points = pointsOf(median);
    axes.clipped(() => {
      for (const run of runs) axes.line(pointsOf(run), { color, dash, width: 1, alpha: 0.4 });
      axes.line(points, { color, dash, width: 2.5 });
    });
    points.forEach(([x, y], k) => {
      if (k % 5 === 0) axes.mark(x, y, { shape, color, radius: 5 });
    });
  }

  talk.begin();
  follow(panel, paint, signal);
}

export default { render };
