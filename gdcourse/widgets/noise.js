// The cloud of a noisy run: paints the weights that Python's runs visit, and asks for another rate or batch size.

function render({ model, el, signal }) {
  const scene = model.get("scene");
  const root = figureIn(el, scene.name);
  let { rate, batch, kept } = model.get("answer");
  const talk = conversation({ model, root, signal }, { asks: () => ({ rate, batch, kept }), adopt, paint, has: "points" });

  const key = make("p", { class: "gdcourse-key" });
  const [map, way] = [make("canvas"), make("canvas")];
  const panels = make("div", { class: "gdcourse-panels gdcourse-even" }, make("div", {}, map), make("div", {}, way));
  const rates = slider({ label: "learning rate η", low: scene.rates[0], high: scene.rates[1], log: true, positions: 56, value: rate },
    (value) => { rate = value; talk.ask(); }, talk.refused);
  const batches = slider({ label: "batch size", stops: scene.sizes, whole: true, value: batch },
    (value) => { batch = value; talk.ask(); }, talk.refused);
  const keep = make("button", { type: "button", onclick: () => { kept = [rate, batch]; talk.ask(); } }, "Keep this cloud to compare");
  root.append(key, panels, make("div", { class: "gdcourse-controls" }, rates.element, batches.element,
    make("div", { class: "gdcourse-buttons" }, keep)));
  const speak = speaker(root);
  root.append(talk.trouble);

  /** Let the controls show what is drawn. */
  function adopt() {
    ({ rate, batch, kept } = model.get("answer"));
    rates.show(rate);
    batches.show(batch);
  }

  const wide = (width) => (width === null ? "no cloud" : `${short(width)} ${scene.unit} wide`);

  function paint() {
    const answer = model.get("answer");
    if (!answer.points) return; // the figure is closed
    key.replaceChildren(keyPart("blue", "●━", `now: ${wide(answer.width)}`), keyPart("vermillion", "╌╌", `kept: ${wide(answer.kept_width)}`),
      make("span", { class: "gdcourse-plain" }, "thin: one run; dotted: near the star"));
    speak.say(answer.words);
    for (const canvas of [map, way]) describe(canvas, `${scene.text} ${answer.words}`);
    paintMap(answer);
    paintWay(answer);
  }

  /** The cloud around the star, a circle as wide as it, and one as wide as the kept cloud. */
  function paintMap({ points, width, kept_width }) {
    const axes = new Axes(map, { x: scene.x, y: scene.y, equal: true, xlabel: `weight in ${scene.unit}`, ylabel: `bias in ${scene.unit}` });
    if (!axes.layout(themeOf(root))) return;
    axes.begin();
    const { blue, vermillion } = axes.theme;
    const visited = floats(points);
    axes.clipped(() => {
      for (let i = 0; i < visited.length; i += 2) axes.mark(visited[i], visited[i + 1], { color: blue, radius: 2.5, alpha: 0.6 });
      if (width !== null) axes.line(circle(width), { color: blue, width: 2.5 });
      if (kept_width !== null) axes.line(circle(kept_width), { color: vermillion, dash: [8, 5], width: 2.5 });
    });
    axes.write("★", axes.at(...scene.star));
  }

  function circle(radius) {
    const turn = Array.from({ length: 73 }, (_, i) => (2 * Math.PI * i) / 72);
    return turn.map((angle) => [scene.star[0] + radius * Math.cos(angle), scene.star[1] + radius * Math.sin(angle)]);
  }

  /** The distance from the star: half of the runs are nearer; with one run, and with that of the kept place. */
  function paintWay({ run, median, kept_median, near }) {
    const [first, last] = [0, scene.steps.at(-1)];
    const axes = new Axes(way, {
      x: [first, last], y: scene.distances, ylog: true, xlabel: "step", ylabel: `distance from the star in ${scene.unit}`,
      height: 0.95,
    });
    if (!axes.layout(themeOf(root))) return;
    axes.begin();
    const { blue, vermillion, ink } = axes.theme;
    axes.clipped(() => {
      axes.line([[first, scene.near], [last, scene.near]], { color: ink, dash: [1, 4], width: 1.5 });
      axes.line(pointsOf(run), { color: blue, width: 1, alpha: 0.6 });
      axes.line(pointsOf(median), { color: blue, width: 2.5 });
      axes.line(pointsOf(kept_median), { color: vermillion, dash: [8, 5], width: 2.5 });
    });
    if (near !== null && near <= last) {
      axes.mark(near, scene.near, { color: blue, radius: 5 });
      axes.name(`${near}`, axes.at(near, scene.near), { color: blue, bold: true, towards: [1, -1] });
      axes.writeNames();
    }
  }

  const pointsOf = (view) => Array.from(floats(view), (distance, i) => [scene.steps[i], distance]).filter(([, y]) => Number.isFinite(y));

  talk.begin();
  follow(panels, paint, signal);
}

export default { render };
