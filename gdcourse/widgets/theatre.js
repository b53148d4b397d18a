// The bug theatre: paints the losses of two trainings that Python computed, and asks for another mistake or rate.

const TWINS = [
  { shape: "circle", glyph: "●", color: "blue", dash: [] },
  { shape: "square", glyph: "■", color: "vermillion", dash: [7, 4] },
];

function render({ model, el, signal }) {
  const scene = model.get("scene");
  const root = figureIn(el, scene.name);
  let { choice, rate } = model.get("answer");
  let axes = null;
  let [late, gone, refusal] = ["", "", ""]; // sentences below the figure

  const id = unique("mistake");
  const select = make("select", { id, onchange: () => { choice = Number(select.value); ask(); } });
  for (const group of new Set(scene.choices.map((one) => one.group))) {
    const options = scene.choices.map((one, i) => (one.group === group ? make("option", { value: i }, one.label) : ""));
    select.append(make("optgroup", { label: group }, ...options.filter(Boolean)));
  }
  const key = make("p", { class: "gdcourse-key" });
  const canvas = make("canvas", { role: "img" });
  const panel = make("div", {}, canvas);
  const trouble = make("p", { class: "gdcourse-trouble", role: "status" });
  const refused = (sentence) => {
    refusal = sentence;
    showTrouble();
  };
  const rates = slider({ label: "learning rate η", low: scene.rates[0], high: scene.rates[1], log: true, positions: 40, value: rate },
    (value) => { rate = value; ask(); }, refused);
  const choose = make("div", { class: "gdcourse-buttons" }, make("label", { for: id }, "mistake"), select);
  root.append(key, panel, make("div", { class: "gdcourse-controls" }, choose, rates.element));
  const speak = speaker(root);
  root.append(trouble);

  const question = asker(model, (waiting) => {
    late = waiting ? "Python is still computing; the figure shows the last answer." : "";
    showTrouble();
  });
  function ask() {
    refusal = "";
    if (gone) adopt();
    else question.ask({ choice, rate });
    showTrouble();
  }
  function showTrouble() {
    const said = gone || [refusal, late || model.get("answer").trouble].filter(Boolean).join(" ");
    if (trouble.textContent !== said) trouble.textContent = said;
  }

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
      const mark = make("span", { "aria-hidden": "true", style: `color: var(--gdcourse-${TWINS[i].color})` }, TWINS[i].glyph);
      return make("span", {}, mark, ` ${name} ${end}`);
    }), make("span", { class: "gdcourse-plain" }, "thin: each start; thick: their median"));
    speak.say(`${told}\n${words}`);
    canvas.setAttribute("aria-label", `${scene.text} ${told} ${words}`);
    axes = new Axes(canvas, { ...axis, x: [0, scene.steps.at(-1)], xlabel: "step", ylabel: "loss", height: 0.42 });
    if (!axes.layout(themeOf(root))) return;
    axes.begin();
    lines.forEach(paintTwin);
  }

  /** The run of each start, thin, and their median with its marks. */
  function paintTwin({ runs, median }, i) {
    const { shape, color: name, dash } = TWINS[i];
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

  function heard() {
    const answer = model.get("answer");
    if (!answer.lines) return; // the figure is closed
    question.heard(answer);
    if (!question.busy()) adopt();
    showTrouble();
    paint();
  }

  heard();
  adopt();
  model.on("change:answer", heard);
  bereft(model, (sentence) => {
    gone = sentence;
    question.close();
    root.classList.add("gdcourse-lost");
    adopt();
    showTrouble();
  }, signal);
  follow(panel, paint, signal);
  signal.addEventListener("abort", () => model.off("change:answer", heard));
}

export default { render };
