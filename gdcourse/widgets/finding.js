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
    pen.font = `bold 12px ${theme.font}`;
    pen.textBaseline = "alphabetic";
    for (const [label, up, , , right, certain] of answer.found) write(pen, `${label}: ${certain.toFixed(2)}`, right * unit, up * unit, size, theme);
    key.replaceChildren(
      make("span", {}, make("span", { "aria-hidden": "true", style: "color: var(--gdcourse-vermillion)" }, "┅ "), "true boxes, thick: yours"),
      make("span", {}, make("span", { "aria-hidden": "true", style: "color: var(--gdcourse-blue)" }, "━ "), "found: digit and how sure"),
    );
    speak.say(answer.words);
    pad.setAttribute("aria-label", `${MOVING} ${answer.words}`);
  }

  function frame(pen, [up, start, down, end], unit, color, dash, width) {
    pen.setLineDash(dash);
    pen.lineWidth = width;
    pen.strokeStyle = color;
    pen.strokeRect(start * unit, up * unit, (end - start) * unit, (down - up) * unit);
    pen.setLineDash([]);
  }

  /** Words at the upper right corner of a box, kept on the picture, on a ground of their own. */
  function write(pen, words, right, up, size, theme) {
    const width = pen.measureText(words).width;
    const x = Math.min(size - width - 2, Math.max(2, right - width));
    const y = Math.max(14, up - 3);
    pen.fillStyle = theme.paper;
    pen.globalAlpha = 0.8;
    pen.fillRect(x - 1, y - 11, width + 2, 14);
    pen.globalAlpha = 1;
    pen.fillStyle = theme.blue;
    pen.fillText(words, x, y);
  }

  talk.begin(() => {
    button.setAttribute("aria-disabled", "true");
    pad.setAttribute("aria-disabled", "true");
  });
  follow(place, paint, signal);
}

export default { render };
