// Find the digit: paints the picture and the boxes that Python found, and asks for the digit at another place.

const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
const WIDEST = 400; // of the picture on the page
const MOVING = "Picture. Arrow keys move the digit by a pixel, with Shift by five.";

function render({ model, el, signal }) {
  const scene = model.get("scene");
  const { side } = scene;
  const root = figureIn(el, scene.name);
  let { top, left, threshold, suppress } = model.get("answer");
  let grip = null; // where in the digit the pointer holds it
  const talk = conversation({ model, root, signal }, { asks: () => ({ top, left, threshold, suppress }), adopt, paint, has: "found" });

  const key = make("p", { class: "gdcourse-key" });
  const pad = make("canvas", { class: "gdcourse-grab gdcourse-paper", tabindex: 0, role: "application", "aria-label": MOVING });
  const place = make("div", {}, pad);
  const sure = slider({ label: "boxes surer than", low: scene.thresholds[0], high: scene.thresholds[1], positions: 94, value: threshold },
    (value) => { threshold = value; talk.ask(); }, talk.refused);
  const button = make("button", { type: "button", onclick: () => { suppress = !suppress; talk.ask(); } }, "Suppression");
  root.append(key, place, make("div", { class: "gdcourse-controls" }, sure.element, make("div", { class: "gdcourse-buttons" }, button)));
  const speak = speaker(root);
  root.append(talk.trouble);

  /** Let the controls show what is drawn. */
  function adopt() {
    ({ top, left, threshold, suppress } = model.get("answer"));
    sure.show(threshold);
    button.setAttribute("aria-pressed", String(suppress));
  }

  // Moving, with a pointer that holds the digit where it was taken, or with the keyboard.
  function under(event) {
    const box = pad.getBoundingClientRect();
    return [(side * (event.clientY - box.top - 1)) / (box.height - 2), (side * (event.clientX - box.left - 1)) / (box.width - 2)];
  }
  function move(row, column) {
    const [a, b, c, d] = scene.box; // of the ink in its image: it stays on the picture, as Python keeps it
    [top, left] = [Math.min(side - c, Math.max(-a, Math.round(row))), Math.min(side - d, Math.max(-b, Math.round(column)))];
    talk.ask();
  }
  pad.addEventListener("pointerdown", (event) => {
    if (!event.isPrimary || event.button || talk.gone()) return; // a second finger, another button
    pad.setPointerCapture(event.pointerId);
    const [row, column] = under(event);
    const [a, b, c, d] = scene.box;
    const on = row >= top + a && row < top + c && column >= left + b && column < left + d;
    grip = on ? [row - top, column - left] : [(a + c) / 2, (b + d) / 2]; // a press elsewhere brings the digit there
    move(row - grip[0], column - grip[1]);
  }, { signal });
  pad.addEventListener("pointermove", (event) => {
    if (!grip || !pad.hasPointerCapture(event.pointerId)) return;
    const [row, column] = under(event);
    move(row - grip[0], column - grip[1]);
  }, { signal });
  pad.addEventListener("lostpointercapture", () => (grip = null), { signal });
  pad.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const many = event.shiftKey ? 5 : 1;
    if (!talk.gone()) move(top + many * step[0], left + many * step[1]);
  }, { signal });

  // Painting.
  function paint() {
    const answer = model.get("answer");
    const size = Math.min(WIDEST, place.clientWidth - 2);
    if (!answer.found || size < 40) return; // the figure is closed, or has no room
    const theme = themeOf(root);
    const ratio = window.devicePixelRatio || 1;
    pad.width = pad.height = Math.round(size * ratio); // and clears it
    pad.style.width = pad.style.height = `${size + 2}px`;
    const pen = pad.getContext("2d");
    pen.scale(pad.width / size, pad.width / size);
    const unit = size / side;
    const bytes = new Uint8Array(answer.picture.buffer, answer.picture.byteOffset, answer.picture.byteLength);
    pen.fillStyle = theme.ink;
    bytes.forEach((value, i) => {
      pen.globalAlpha = value / 255;
      pen.fillRect((i % side) * unit, Math.floor(i / side) * unit, unit + 0.5, unit + 0.5);
    });
    pen.globalAlpha = 1;
    for (const box of answer.others) frame(pen, box, unit, theme.vermillion, [6, 4], 2);
    frame(pen, answer.own, unit, theme.vermillion, [6, 4], 3.5);
    for (const [, ...box] of answer.found) frame(pen, box, unit, theme.blue, [], 2);
    const left = nameBoxes(pen, theme, answer, unit, size, bytes);
    key.replaceChildren(
      keyPart("vermillion", "┅┅", "true boxes, thick: yours"),
      keyPart("blue", "━━", `found: digit and how sure${left ? `; no room for the words of ${left}` : ""}`),
    );
    speak.say(answer.words);
    pad.setAttribute("aria-label", `${MOVING} ${scene.text} ${answer.words}`);
  }

  function frame(pen, [up, start, down, end], unit, color, dash, width) {
    pen.setLineDash(dash);
    pen.lineWidth = width;
    pen.strokeStyle = color;
    pen.strokeRect(start * unit, up * unit, (end - start) * unit, (down - up) * unit);
    pen.setLineDash([]);
  }

  /** Write digit and probability beside each box, the surest first; return for how many there was no room. */
  function nameBoxes(pen, theme, answer, unit, size, bytes) {
    const places = ([up, start, down, end]) => ({ left: start * unit, top: up * unit, right: end * unit, bottom: down * unit });
    const boxes = answer.found.map(([, ...numbers]) => places(numbers));
    const inked = [...bytes].flatMap((value, i) => value > 60 ? [[(i % side + 0.5) * unit, (Math.floor(i / side) + 0.5) * unit, 0.5]] : []);
    for (const box of [...boxes, ...answer.others.map(places), places(answer.own)]) inked.push(...edgesOf(box));
    const frame = { left: 1, top: 1, right: size - 1, bottom: size - 1 };
    const order = answer.found.map((_, i) => i).sort((i, j) => answer.found[j][5] - answer.found[i][5]);
    const taken = [];
    for (const i of order) {
      const text = `${answer.found[i][0]}: ${answer.found[i][5].toFixed(2)}`;
      const others = boxes.filter((one) => one !== boxes[i]);
      const room = freePlace(boxes[i], [widthOf(pen, theme, text, true), HIGH], { frame, taken, inked, others, farthest: FAR_OFF });
      if (!room) continue;
      taken.push(room);
      paintLabel(pen, theme, text, room, { color: theme.blue, bold: true, box: boxes[i] });
    }
    return boxes.length - taken.length;
  }

  /** Places along the edges of a box, for labels to keep off. */
  function edgesOf({ left, top, right, bottom }) {
    const shares = Array.from({ length: 10 }, (_, k) => k / 10);
    const [wide, high] = [right - left, bottom - top];
    return shares.flatMap((k) => [[left + k * wide, top, 0.7], [right - k * wide, bottom, 0.7], [left, bottom - k * high, 0.7], [right, top + k * high, 0.7]]);
  }

  talk.begin(() => {
    button.setAttribute("aria-disabled", "true");
    pad.setAttribute("aria-disabled", "true");
  });
  follow(place, paint, signal);
}

export default { render };
