// Forward and back through a network: paints what Python says of each unit, and asks for another image, step or weight.

const [TALLEST, OUTPUTS, PAIR] = [24, 10, 40]; // a unit's side at most; classes; pixels of a heading of two lines
const [SHUT, OFF] = [1, 2]; // in the marks of a unit

function render({ model, el, signal }) {
  const scene = model.get("scene");
  const { sizes, side, rows } = scene;
  const [last, own] = [sizes.length, scene.labels.length]; // layers; the number of the reader's own image
  const root = figureIn(el, scene.name);
  root.classList.add("gdcourse-backprop");
  let { way, image, stage, label, weight } = model.get("answer");
  let ready = readyOf(model.get("answer")); // the ready digit that is the own image, or null
  let jump = null; // where the next question goes on its own
  let places = []; // of what can be pressed: {column, number, box}
  const lately = [(side * side + side) / 2, ...sizes.map(() => 0)]; // what was chosen last in each column, 0 for the pixels
  const talk = conversation({ model, root, signal }, { asks, adopt, paint, has: "layers" });

  function readyOf(answer) {
    return answer.ready.length ? answer.ready : null;
  }
  function asks() {
    const drawn = ready ? { ready } : { strokes: pad.strokes() };
    return { way, image, stage, label, weight, ...(image === own ? drawn : {}), ...(jump ? { jump } : {}) };
  }

  // Which image.
  const thumbs = scene.labels.map((digit, i) => {
    const canvas = make("canvas", { width: side, height: side, "aria-hidden": "true" });
    return make("button", { type: "button", class: "gdcourse-thumb", "aria-label": `image ${i}, label ${digit}`, onclick: () => take({ image: i }) }, canvas);
  });
  const draw = make("button", { type: "button", onclick: () => take({ image: own }) }, "Your own digit");
  const images = make("div", { class: "gdcourse-buttons gdcourse-controls", role: "group", "aria-label": "Image" }, "image", ...thumbs, draw);
  const pad = drawingPad(root, scene, { changed: () => { ready = null; talk.ask(); }, gone: talk.gone, signal });
  const [labelled, chosen, kinds] = [unique("label"), unique("way"), unique("layer")];
  const labels = make("select", { id: labelled, onchange: () => take({ label: Number(labels.value) }) },
    ...Array.from({ length: OUTPUTS }, (_, digit) => make("option", { value: digit }, `${digit}`)));
  const readies = make("div", { class: "gdcourse-buttons", role: "group", "aria-label": "Ready digits, from MNIST's test images" }, "ready digits",
    ...Array.from({ length: OUTPUTS }, (_, digit) => make("button", { type: "button", onclick: () => takeReady(digit) }, `${digit}`)));
  const drawing = make("div", { class: "gdcourse-controls gdcourse-drawing" }, pad.element,
    make("div", { class: "gdcourse-own" }, make("div", { class: "gdcourse-buttons" }, make("label", { for: labelled }, "it is a"), labels), readies));

  // Which step, which function.
  const steps = slider({ label: "step", low: 0, high: 2 * last, whole: true, positions: 2 * last, value: stage }, (value) => take({ stage: value }), talk.refused);
  const before = make("button", { type: "button", onclick: () => go(stage - 1) }, "Step back");
  const after = make("button", { type: "button", onclick: () => go(stage + 1) }, "Step on");
  const all = make("button", { type: "button", onclick: () => go(2 * last) }, "All steps");
  const select = make("select", { id: chosen, onchange: () => take({ way: Number(select.value) }) });
  for (const group of new Set(scene.ways.map((one) => one.group))) {
    const options = scene.ways.map((one, i) => (one.group === group ? make("option", { value: i }, one.label) : ""));
    select.append(make("optgroup", { label: group }, ...options.filter(Boolean)));
  }

  // Which weight: a pair of sliders for each layer, of which one is shown.
  const layers = make("select", { id: kinds, onchange: () => takeLayer(layers.value) }, ...sizes.flatMap((_, i) =>
    ["W", "b"].map((kind) => make("option", { value: `${kind}${i + 1}` }, `${kind}${i + 1}`))));
  const pairs = sizes.map((size, i) => {
    const inputs = i ? sizes[i - 1] : side * side;
    const one = (name, most, place) => slider({ label: name, low: 0, high: most, whole: true, positions: most, value: 0 },
      (value) => take({ weight: weight.map((old, k) => (k === place ? value : old)) }), talk.refused);
    const to = i + 1 < last ? `to unit of layer ${i + 1}` : "to output";
    return [one(i ? `from unit of layer ${i}` : "from pixel", inputs - 1, 1), one(to, size - 1, 2)];
  });
  const steepest = make("button", { type: "button", onclick: () => leap("steepest") }, "The steepest");
  const wrong = make("button", { type: "button", onclick: () => leap("off") }, "One that is off");

  // What is seen.
  const key = make("p", { class: "gdcourse-key" },
    ...[["ink", "■", "sent forward"], ["ink", "╱", "gate shut"], ["vermillion", "▲", "slope +"], ["blue", "▼", "slope −"], ["purple", "□", "slope off"]].map(
      (part) => keyPart(...part)));
  const canvas = make("canvas");
  const field = make("div", { class: "gdcourse-field" }, canvas);
  const table = make("table");
  const share = make("div", { class: "gdcourse-share", tabindex: 0, role: "group", "aria-label": "The chosen weight's slope as a sum over the images" }, table);
  const choose = make("div", { class: "gdcourse-controls" },
    make("div", { class: "gdcourse-buttons" }, make("label", { for: kinds }, "weight of"), layers, steepest, wrong), ...pairs.flatMap((pair) => pair.map(({ element }) => element)));
  root.append(images, drawing,
    make("div", { class: "gdcourse-controls" }, steps.element, make("div", { class: "gdcourse-buttons" }, before, after, all),
      make("div", { class: "gdcourse-buttons" }, make("label", { for: chosen }, "back by"), select)),
    key, make("div", { class: "gdcourse-network" }, field, share), choose);
  const speak = speaker(root);
  root.append(talk.trouble);

  function take(changed) {
    if (!talk.gone()) ({ way, image, stage, label, weight } = { way, image, stage, label, weight, ...changed });
    talk.ask();
  }
  function takeReady(digit) {
    if (talk.gone()) return;
    ready = [digit, ready?.[0] === digit ? (ready[1] + 1) % scene.examples : 0];
    pad.show([]);
    take({ label: digit });
  }
  function go(step) {
    if (step >= 0 && step <= 2 * last) take({ stage: step });
  }
  function takeLayer(name) {
    const layer = Number(name.slice(1));
    take({ weight: [layer, name[0] === "b" ? null : lately[layer - 1], lately[layer]] });
  }
  function leap(where) {
    if (where === "off" && !model.get("answer").off) return;
    jump = where;
    talk.ask();
    jump = null;
  }

  /** A unit or a pixel is pressed: it becomes one end of the chosen weight. */
  canvas.addEventListener("click", (event) => {
    const frame = canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - frame.left, event.clientY - frame.top];
    const hit = places.find(({ box: [left, top, wide, high] }) => x >= left && x < left + wide && y >= top && y < top + high);
    if (!hit) return;
    const [layer, from, to] = weight;
    const { column, number } = hit;
    if (column === layer) take({ weight: [layer, from, number] });
    else if (column === layer - 1 && from !== null) take({ weight: [layer, number, to] });
    else take({ weight: column === 0 ? [1, number, lately[1]] : [column, lately[column - 1], number] });
  }, { signal });

  /** Let the controls show what is drawn. */
  function adopt() {
    const answer = model.get("answer");
    ({ way, image, stage, label, weight } = answer);
    ready = readyOf(answer);
    lately[weight[0]] = weight[2];
    if (weight[1] !== null) lately[weight[0] - 1] = weight[1];
    if (!pad.busy()) pad.show(unpacked(answer.strokes, scene.lift));
    select.value = String(way);
    labels.value = String(label);
    layers.value = `${weight[1] === null ? "b" : "W"}${weight[0]}`;
    steps.show(stage);
    pairs.forEach(([from, to], i) => {
      from.element.hidden = i + 1 !== weight[0] || weight[1] === null;
      to.element.hidden = i + 1 !== weight[0];
      if (i + 1 !== weight[0]) return;
      from.show(weight[1] ?? 0);
      to.show(weight[2]);
    });
  }

  function paint() {
    const answer = model.get("answer");
    if (!answer.layers) return; // the figure is closed
    const theme = themeOf(root);
    [...thumbs, draw].forEach((button, i) => button.setAttribute("aria-pressed", String(i === answer.image)));
    thumbs.forEach((button, i) => {
      const brush = button.firstChild.getContext("2d");
      brush.clearRect(0, 0, side, side);
      paintPixels(brush, theme, pixelsOf(i), side, side);
    });
    drawing.hidden = answer.image !== own;
    if (!drawing.hidden) pad.paint();
    before.setAttribute("aria-disabled", String(answer.stage === 0));
    after.setAttribute("aria-disabled", String(answer.stage === 2 * last));
    all.setAttribute("aria-disabled", String(answer.stage === 2 * last));
    wrong.setAttribute("aria-disabled", String(!answer.off));
    paintNetwork(answer, theme);
    paintSum(answer);
    describe(canvas, `${scene.text} ${answer.told}`);
    speak.say(answer.told);
  }

  /** The pixels of an image of the batch, or of the reader's own. */
  function pixelsOf(i) {
    const { buffer, byteOffset, byteLength } = i === own ? model.get("answer").picture : scene.images;
    return new Uint8Array(buffer, byteOffset + (i === own ? 0 : i * side * side), Math.min(byteLength, side * side));
  }

  const columnsOf = (size) => Math.ceil(size / rows);
  const reached = (layer, answer) => answer.stage > 2 * last - layer;

  function paintNetwork(answer, theme) {
    const width = Math.floor(field.clientWidth);
    if (width < 40) return;
    const wide = rows + sizes.slice(0, -1).reduce((sum, size) => sum + columnsOf(size), 0) + 3.2; // units across, bars included
    const gap = width < 480 ? 12 : 30;
    const unit = Math.max(5, Math.min(TALLEST, (width - last * gap - 18 - (width < 480 ? 0 : 42)) / wide));
    const high = rows * unit;
    const height = Math.ceil(2 * (PAIR + high) + 14);
    const ratio = window.devicePixelRatio || 1;
    [canvas.width, canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    const brush = canvas.getContext("2d");
    brush.setTransform(ratio, 0, 0, ratio, 0, 0);
    places = [];
    const tops = [PAIR, 2 * PAIR + high + 8];
    const columns = [{ left: 1, wide: high }];
    sizes.forEach((size, i) => {
      const before = columns.at(-1);
      columns.push({ left: before.left + before.wide + gap, wide: i + 1 < last ? columnsOf(size) * unit : 18 + 3.2 * unit });
    });
    const tools = { brush, theme, unit, high, width, answer, columns };
    tops.forEach((top, back) => {
      paintField(tools, top, back);
      for (let layer = 1; layer <= last; layer += 1) paintLayer(tools, layer, top, back);
      paintChosen(tools, top, back);
    });
  }

  /** Words over a column: a longer form where there is room. */
  function write({ brush, theme, width }, left, room, y, forms, bold) {
    brush.font = `${bold ? "bold " : ""}13px ${theme.font}`;
    brush.fillStyle = theme.ink;
    brush.textAlign = "left";
    brush.textBaseline = "middle";
    const text = forms.find((form) => brush.measureText(form).width <= room) ?? "";
    brush.fillText(text, Math.min(left, width - brush.measureText(text).width), y);
  }

  function paintField(tools, top, back) {
    const { brush, theme, unit, high, answer, columns } = tools;
    const { left } = columns[0];
    const dot = high / side;
    brush.lineWidth = 1;
    brush.strokeStyle = theme.faint;
    brush.strokeRect(left, top, high, high);
    const room = high + (columns[1].left - left - high) - 4;
    if (!back) {
      write(tools, left, room, top - 28, ["forward ▶"], true);
      write(tools, left, room, top - 10, ["784 pixels"]);
      brush.fillStyle = theme.ink;
      pixelsOf(answer.image).forEach((value, i) => {
        brush.globalAlpha = value / 255;
        brush.fillRect(left + (i % side) * dot, top + Math.floor(i / side) * dot, dot + 0.3, dot + 0.3);
      });
      brush.globalAlpha = 1;
    } else {
      write(tools, left, room, top - 28, ["◀ back"], true);
      write(tools, left, room, top - 10, [...(answer.image === own ? [] : [`dW1[:, ${answer.unit}], all images`]), `dW1[:, ${answer.unit}]`]);
      if (reached(1, answer)) {
        const { buffer, byteOffset, byteLength } = answer.pixels;
        new Int8Array(buffer, byteOffset, byteLength).forEach((value, i) =>
          triangle(tools, left + ((i % side) + 0.5) * dot, top + (Math.floor(i / side) + 0.5) * dot, value / 127, 1.25 * dot));
      }
    }
    for (let i = 0; i < side * side; i += 1) places.push({ column: 0, number: i, box: [left + (i % side) * dot, top + Math.floor(i / side) * dot, dot, dot] });
  }

  /** The box of a unit in its column. */
  function boxOf({ unit, high, columns }, column, number, top) {
    const { left } = columns[column];
    if (column === 0) return [left + (number % side) * (high / side), top + Math.floor(number / side) * (high / side), high / side, high / side];
    if (column === last) return [left + 16, top + (number * high) / OUTPUTS, Math.min(unit, high / OUTPUTS), high / OUTPUTS];
    const across = columnsOf(sizes[column - 1]);
    return [left + (number % across) * unit, top + Math.floor(number / across) * unit, unit, unit];
  }

  /** A triangle that points up for a positive slope and down for a negative one; its area says how steep. */
  function triangle({ brush, theme }, x, y, value, room) {
    const half = (Math.sqrt(Math.min(1, Math.abs(value))) * room) / 2;
    if (!(half > 0.3)) return;
    const way = value > 0 ? 1 : -1;
    brush.fillStyle = value > 0 ? theme.vermillion : theme.blue;
    brush.beginPath();
    brush.moveTo(x, y - way * half);
    brush.lineTo(x + half, y + way * half);
    brush.lineTo(x - half, y + way * half);
    brush.fill();
  }

  function paintLayer(tools, layer, top, back) {
    const { brush, theme, unit, high, answer, columns, width } = tools;
    const { left, wide } = columns[layer];
    const { out, slope, marks, open, largest } = answer.layers[layer - 1];
    const shown = back ? reached(layer, answer) : answer.stage >= layer;
    const room = (columns[layer + 1]?.left ?? width) - left - 4;
    const name = layer === last ? "p" : `a${layer}`;
    if (back) {
      write(tools, left, room, top - 28, [`dz${layer}`], true);
      if (shown && largest) write(tools, left, room, top - 10, [`largest ${largest}`, `≤ ${largest}`]);
    } else {
      write(tools, left, room, top - 28, [layer === last ? "probabilities p" : `layer ${layer}: ${name}`, name], true);
      if (shown && open) write(tools, left, room, top - 10, [open, open.replace(" of ", "/").replace(" open", "")]);
      else if (shown && layer === last) write(tools, left, room, top - 10, [`label ${labelOf(answer)}`]);
    }
    const values = back ? (slope.byteLength ? floats(slope) : []) : floats(out);
    const most = Math.max(...Array.from(values, (value) => Math.abs(value) || 0)) || 1;
    new Uint8Array(marks.buffer, marks.byteOffset, marks.byteLength).forEach((mark, i) => {
      const [x, y, w, h] = boxOf(tools, layer, i, top);
      if (layer === last) {
        brush.font = `${i === labelOf(answer) ? "bold " : ""}${Math.min(13, Math.floor(h) + 1)}px ${theme.font}`;
        brush.fillStyle = theme.ink;
        brush.textAlign = "right";
        brush.textBaseline = "middle";
        brush.fillText(`${i}`, left + 11, y + h / 2);
      }
      places.push({ column: layer, number: i, box: layer === last ? [left, y, wide, h] : [x, y, w, h] });
      brush.lineWidth = 1;
      brush.strokeStyle = theme.faint;
      const bar = !back && layer === last;
      brush.strokeRect(x + 1.5, y + 1.5, (bar ? 3 * unit : w) - 3, h - 3);
      if (!shown) return;
      if (mark & SHUT) {
        brush.strokeStyle = theme.ink;
        brush.beginPath();
        brush.moveTo(x + 3, y + h - 3);
        brush.lineTo(x + w - 3, y + 3);
        brush.stroke();
      }
      if (bar) {
        brush.fillStyle = theme.ink;
        brush.fillRect(x + 1.5, y + 1.5, (3 * unit - 3) * values[i], h - 3);
        if (width >= 480) {
          brush.textAlign = "left";
          brush.fillText(values[i].toFixed(2), x + 3 * unit + 4, y + h / 2);
        }
      } else if (!back) {
        const half = (Math.sqrt(values[i] / most) * (w - 5)) / 2;
        brush.fillStyle = theme.ink;
        brush.fillRect(x + w / 2 - half, y + h / 2 - half, 2 * half, 2 * half);
      } else {
        triangle(tools, x + w / 2, y + h / 2, values[i] / most, Math.min(w, h) - 5);
        if (mark & OFF) {
          brush.lineWidth = Math.min(2.5, w / 6);
          brush.strokeStyle = theme.purple;
          brush.strokeRect(x + 1.5, y + 1.5, w - 3, h - 3);
        }
      }
    });
  }

  const labelOf = (answer) => (answer.image === own ? answer.label : scene.labels[answer.image]);

  /** The chosen weight: an arrow between its two ends, once its layer is reached. */
  function paintChosen(tools, top, back) {
    const { brush, theme, answer, unit } = tools;
    const [layer, from, to] = answer.weight;
    const middle = ([x, y, w, h]) => [x + w / 2, y + h / 2];
    const ends = [boxOf(tools, layer, to, top)];
    if (from !== null) ends.unshift(boxOf(tools, layer - 1, from, top));
    const outline = ([x, y, w, h], color, thick) => {
      const more = Math.max(0, 9 - w) / 2; // a pixel is small
      brush.strokeStyle = color;
      brush.lineWidth = thick;
      brush.strokeRect(x - more, y - more, w + 2 * more, h + 2 * more);
    };
    for (const [color, thick] of [[theme.paper, 3], [theme.ink, 1.5]]) {
      if (ends.length === 2 && (back ? reached(layer, answer) : answer.stage >= layer)) {
        const [a, b] = ends.map(middle);
        const [start, end] = [[a[0] + ends[0][2] / 2 + 2, a[1]], [b[0] - ends[1][2] / 2 - 2, b[1]]];
        const [tail, tip] = back ? [end, start] : [start, end];
        const length = Math.hypot(tip[0] - tail[0], tip[1] - tail[1]);
        const [ux, uy] = [(tip[0] - tail[0]) / length, (tip[1] - tail[1]) / length];
        brush.strokeStyle = brush.fillStyle = color;
        brush.lineWidth = thick;
        brush.beginPath();
        brush.moveTo(...tail);
        brush.lineTo(tip[0] - 8 * ux, tip[1] - 8 * uy);
        brush.stroke();
        brush.beginPath();
        brush.moveTo(...tip);
        brush.lineTo(tip[0] - 9 * ux - 5 * uy, tip[1] - 9 * uy + 5 * ux);
        brush.lineTo(tip[0] - 9 * ux + 5 * uy, tip[1] - 9 * uy - 5 * ux);
        brush.fill();
      }
      ends.forEach((box) => outline(box, color, thick));
    }
  }

  function paintSum({ sum, image: here }) {
    const cell = (text) => make("td", {}, text);
    const head = make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "image"), ...sum.heads.map((name) => make("th", { scope: "col" }, name)),
      make("th", { scope: "col" }, "share"), make("td", {})));
    const body = make("tbody", {}, ...sum.rows.map(([name, ...numbers], i) => {
      const bar = make("span", { class: `gdcourse-balance${sum.bars[i] < 0 ? " gdcourse-against" : ""}`, style: `--share: ${Math.abs(sum.bars[i])}`, "aria-hidden": "true" });
      return make("tr", { class: here === own || i === here ? "gdcourse-here" : "" }, make("th", { scope: "row" }, name), ...numbers.map(cell), make("td", {}, bar));
    }));
    const sign = { right: "✓ agrees", off: "✗ differs", unsure: "? can't tell" }[sum.verdict] ?? "";
    const foot = make("tfoot", {}, ...[["sum of the shares", sum.total, ""], [sum.name, sum.slope, ""], ["nudged", sum.nudged, sign]].map(([name, number, mark]) =>
      make("tr", { class: mark ? "gdcourse-here" : "" }, make("th", { scope: "row", colspan: 3 }, mark ? `${name} ${mark}` : name), cell(number), make("td", {}))));
    table.replaceChildren(make("caption", {}, `${sum.name}: a sum over the images`), head, body, foot);
  }

  talk.begin();
  follow(field, paint, signal);
}

export default { render };
