// A threshold on distances: paints pairs that Python judged and the curve of both errors, and asks for another threshold.

const PIXEL = 3; // of a picture, on the page: four pairs stand in a row, or two on a phone

function render({ model, el, signal }) {
  const scene = model.get("scene");
  const root = figureIn(el, scene.name);
  const edges = floats(scene.edges);
  const shares = scene.shares.map((view) => floats(view));
  const flat = floats(scene.curve);
  const curve = Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i], flat[2 * i + 1]]);
  let { threshold } = model.get("answer");
  const talk = conversation({ model, root, signal }, { asks: () => ({ threshold }), adopt, paint, has: "examples" });

  const key = make("p", { class: "gdcourse-key" }, ...scene.kinds.map((name, i) => {
    const { glyph, color } = TWO_KINDS[i];
    return keyPart(color, glyph, name);
  }), make("span", { class: "gdcourse-plain" }, "shaded: the errors; ◆ this threshold on the curve; dotted: both errors equal"));
  const [left, right] = [0, 1].map(() => make("canvas"));
  const panels = make("div", { class: "gdcourse-panels" }, make("div", {}, left), make("div", {}, right));
  const examples = scene.outcomes.map((words) => {
    const picture = make("canvas");
    const caption = make("p", {}, words);
    return { words, picture, caption, element: make("div", { style: `width: ${PIXEL * (2 * scene.size[1] + 1)}px` }, picture, caption) };
  });
  const control = slider({ label: "threshold", low: 0, high: scene.most, stops: scene.stops, value: threshold }, (value) => {
    threshold = value;
    talk.ask();
  }, talk.refused);
  root.append(key, panels, make("div", { class: "gdcourse-controls" }, control.element));
  const speak = speaker(root);
  root.append(make("p", {}, "The pairs nearest to the threshold:"));
  root.append(make("div", { class: "gdcourse-drawing" }, ...examples.map((one) => one.element)), talk.trouble);

  const axes = [
    new Axes(left, { x: [0, scene.most], y: [0, scene.top], xlabel: "distance", ylabel: "share of the pairs", height: 0.6 }),
    new Axes(right, { x: [0, 1], y: [0, 1], xlabel: "false accepts", ylabel: "false rejects", height: 0.9 }),
  ];

  /** Let the slider show what is drawn. */
  function adopt() {
    threshold = model.get("answer").threshold;
    control.show(threshold);
  }

  /** The outline of a histogram between two distances. */
  function outline(heights, from, to) {
    const points = [];
    heights.forEach((height, i) => {
      const [a, b] = [Math.max(from, edges[i]), Math.min(to, edges[i + 1])];
      if (a < b) points.push([a, height], [b, height]);
    });
    return points;
  }

  function shade(points, color) {
    if (!points.length) return;
    const { pen } = axes[0];
    const closed = [[points[0][0], 0], ...points, [points.at(-1)[0], 0]];
    pen.save();
    [pen.globalAlpha, pen.fillStyle] = [0.3, color];
    pen.beginPath();
    for (const [x, y] of closed) pen.lineTo(...axes[0].at(x, y));
    pen.fill();
    pen.restore();
  }

  function paint() {
    const answer = model.get("answer");
    if (!answer.examples) return; // the figure is closed
    speak.say(answer.words);
    describe(left, `${scene.text} ${answer.words}`);
    const [accepts, rejects] = answer.percents;
    describe(right, `The curve of both errors: here ${accepts} false accepts and ${rejects} false rejects.`);
    examples.forEach(paintExample);
    if (!axes.every((one) => one.layout(themeOf(root)))) return;
    for (const one of axes) one.begin();
    const [distances, errors] = axes;
    distances.clipped(() => {
      shade(outline(shares[0], answer.threshold, scene.most), distances.theme[TWO_KINDS[0].color]);
      shade(outline(shares[1], 0, answer.threshold), distances.theme[TWO_KINDS[1].color]);
      distances.line([[answer.threshold, 0], [answer.threshold, scene.top]], { width: 2 });
    });
    TWO_KINDS.forEach(({ shape, color: name, dash }, k) => {
      const color = distances.theme[name];
      distances.clipped(() => distances.line(outline(shares[k], 0, scene.most), { color, dash, width: 2.5 }));
      shares[k].forEach((height, i) => {
        if (i % 4 === 2 * k && height > 0) distances.mark((edges[i] + edges[i + 1]) / 2, height, { shape, color });
      });
    });
    errors.clipped(() => {
      errors.line([[0, 0], [1, 1]], { color: errors.theme.ink, dash: [2, 3], width: 1.5 });
      errors.line(curve, { color: errors.theme.purple, width: 2.5 });
    });
    errors.mark(...answer.errors, { shape: "diamond", radius: 8 });
  }

  /** Two pictures side by side, or an empty place where no pair has this outcome. */
  function paintExample({ words, picture, caption }, k) {
    const { distance, pictures } = model.get("answer").examples[k];
    const [height, width] = scene.size;
    picture.width = 2 * width + 1;
    picture.height = height;
    Object.assign(picture.style, { width: `${PIXEL * picture.width}px`, imageRendering: "pixelated" });
    const said = distance < 0 ? `${words}: none` : words;
    if (caption.textContent !== said) caption.textContent = said;
    describe(picture, distance < 0 ? said : `Two pictures at the distance ${short(distance)}: ${words}`);
    if (distance < 0) return;
    const bytes = new Uint8Array(pictures.buffer, pictures.byteOffset, pictures.byteLength);
    const pen = picture.getContext("2d");
    for (const side of [0, 1]) {
      const pixels = pen.createImageData(width, height);
      for (let i = 0; i < width * height; i += 1) {
        const grey = bytes[side * width * height + i];
        pixels.data.set([grey, grey, grey, 255], 4 * i);
      }
      pen.putImageData(pixels, side * (width + 1), 0);
    }
  }

  talk.begin();
  follow(panels, paint, signal);
}

export default { render };
