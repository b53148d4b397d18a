// Where the time of a step goes: paints the shares that Python computed, and asks for another batch or network.

const HALF = 2 ** 0.4; // of a bar, on the logarithmic axis of the processes
const ROW = 15; // pixels: the height of a row of numbers above the bars

function render({ model, el, signal }) {
  const scene = model.get("scene");
  const root = figureIn(el, scene.name);
  let { batch, numbers } = model.get("answer");
  const talk = conversation({ model, root, signal }, { asks: () => ({ batch, numbers }), adopt, paint, has: "computing" });

  const key = make("p", { class: "gdcourse-key" }, keyPart("blue", "▨", "computing"), keyPart("vermillion", "■", "messages"),
    make("span", { class: "gdcourse-plain" }, "above each bar: how many times as fast as one process"));
  const canvas = make("canvas");
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
    const { computing, faster, words, shares } = model.get("answer");
    if (!computing) return; // the figure is closed
    speak.say(words);
    describe(canvas, `${scene.text} ${words} ${shares}`);
    const wide = panel.clientWidth > 460;
    const named = scene.processes.filter((_, k) => wide || k % 2 === 0);
    const [first, last] = [scene.processes[0], scene.processes.at(-1)];
    const [theme, height] = [themeOf(root), wide ? 0.42 : 0.8];
    const font = `${wide ? 13 : 11}px ${theme.font}`;
    const times = faster.map((one) => `${short(one, one < 100 ? 2 : 3)}×`);
    const rows = rowsOf(times, font);
    const bars = Math.max(height * panel.clientWidth, LEAST) - 56 - rows * ROW - 4; // what is left for them
    const axes = new Axes(canvas, {
      x: [first / HALF ** 1.3, last * HALF ** 1.3], xlog: true, xticks: named, xlabel: "processes",
      y: [0, 100 * (1 + (rows * ROW + 4) / bars)], ylabel: "% of the step", height,
    });
    if (!axes.layout(theme)) return;
    axes.begin();
    scene.processes.forEach((processes, k) => {
      bar(axes, processes, 0, computing[k], axes.theme.blue, true);
      bar(axes, processes, computing[k], 100, axes.theme.vermillion, false);
      number(axes, processes, times[k], k % rows, font);
    });
  }

  /** How many rows the numbers above the bars need, so that none overprints another. */
  function rowsOf(times, font) {
    const pen = canvas.getContext("2d");
    pen.font = font;
    const each = (panel.clientWidth - 76) / (scene.processes.length + 0.1); // pixels from bar to bar
    return Math.ceil((Math.max(...times.map((one) => pen.measureText(one).width)) + 4) / each);
  }

  /** A number above a bar; from a row further up a line leads to it. */
  function number(axes, processes, text, row, font) {
    const { pen, theme } = axes;
    const [x, foot] = axes.at(processes, 100);
    pen.save();
    pen.font = font;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillStyle = theme.ink;
    if (row) pen.fillRect(x - 0.5, foot - row * ROW, 1, row * ROW);
    pen.fillText(text, x, foot - (row + 0.5) * ROW - 1);
    pen.restore();
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
