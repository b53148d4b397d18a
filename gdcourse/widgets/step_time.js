// Where the time of a step goes: paints the shares that Python computed, and asks for another batch or network.

const HALF = 2 ** 0.4; // of a bar, on the logarithmic axis of the processes

function render({ model, el, signal }) {
  const scene = model.get("scene");
  const root = figureIn(el, scene.name);
  let { batch, numbers } = model.get("answer");
  const talk = conversation({ model, root, signal }, { asks: () => ({ batch, numbers }), adopt, paint, has: "computing" });

  const part = (color, glyph, name) =>
    make("span", {}, make("span", { "aria-hidden": "true", style: `color: var(--gdcourse-${color})` }, glyph), ` ${name}`);
  const key = make("p", { class: "gdcourse-key" }, part("blue", "▨", "computing"), part("vermillion", "■", "messages"),
    make("span", { class: "gdcourse-plain" }, "above each bar: how many times as fast as one process"));
  const canvas = make("canvas", { role: "img" });
  const panel = make("div", {}, canvas);
  const [least, most] = scene.batches;
  const batches = slider({ label: "images in a batch", low: least, high: most, log: true, positions: 40, whole: true, stops: scene.stops?.batch, value: batch },
    (value) => { batch = value; talk.ask(); }, talk.refused);
  const [small, large] = scene.numbers;
  const weights = slider({ label: "weights", low: small, high: large, log: true, positions: 36, whole: true, stops: scene.stops?.numbers, value: numbers },
    (value) => { numbers = value; talk.ask(); }, talk.refused);
  root.append(key, panel, make("div", { class: "gdcourse-controls" }, batches.element, weights.element));
  const speak = speaker(root);
  root.append(talk.trouble);

  /** Let the sliders show what is drawn. */
  function adopt() {
    ({ batch, numbers } = model.get("answer"));
    batches.show(batch);
    weights.show(numbers);
  }

  function paint() {
    const { computing, faster, words } = model.get("answer");
    if (!computing) return; // the figure is closed
    speak.say(words);
    canvas.setAttribute("aria-label", `${scene.text} ${words}`);
    const wide = panel.clientWidth > 460;
    const named = scene.processes.filter((_, k) => wide || k % 2 === 0);
    const [first, last] = [scene.processes[0], scene.processes.at(-1)];
    const axes = new Axes(canvas, {
      x: [first / HALF ** 1.3, last * HALF ** 1.3], xlog: true, xticks: named, xlabel: "processes",
      y: [0, wide ? 112 : 118], ylabel: "% of the step", height: wide ? 0.42 : 0.75,
    });
    if (!axes.layout(themeOf(root))) return;
    axes.begin();
    scene.processes.forEach((processes, k) => {
      bar(axes, processes, 0, computing[k], axes.theme.blue, true);
      bar(axes, processes, computing[k], 100, axes.theme.vermillion, false);
      if (named.includes(processes)) axes.write(`${short(faster[k], faster[k] < 100 ? 2 : 3)}×`, axes.at(processes, wide ? 106 : 110));
    });
  }

  /** A part of a bar, from one share to another; hatched: with lines across, so that colour is not the only sign. */
  function bar(axes, processes, from, to, color, hatched) {
    const { pen } = axes;
    const [left, top] = axes.at(processes / HALF, to);
    const [right, bottom] = axes.at(processes * HALF, from);
    pen.save();
    pen.beginPath();
    pen.rect(left, top, right - left, bottom - top);
    pen.clip();
    pen.fillStyle = color;
    pen.fillRect(left, top, right - left, bottom - top);
    if (hatched) {
      pen.strokeStyle = axes.theme.paper;
      pen.lineWidth = 1.5;
      pen.beginPath();
      for (let x = left - (bottom - top); x < right; x += 9) {
        pen.moveTo(x, bottom);
        pen.lineTo(x + (bottom - top), top);
      }
      pen.stroke();
    }
    pen.restore();
  }

  talk.begin();
  follow(panel, paint, signal);
}

export default { render };
