// Draw a digit: paints the strokes as they are drawn, and what Python says that the network sees and reads.

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const NEAR = 4; // units of the pad: points nearer than this to the last one are left out
const LARGEST = 280; // of the pad on the page
const PADDING = "Drawing pad. Arrow keys move the pen, two at once slantwise. Space puts it down or lifts it. " +
  "Delete clears the pad, Control Z takes the last stroke back.";

/** The strokes in the bytes that Python sent: x, y, x, y, …, and a mark where the pen is lifted. */
function unpacked(view, lift) {
  const strokes = [[]];
  for (const byte of new Uint8Array(view.buffer, view.byteOffset, view.byteLength)) {
    if (byte === lift) strokes.push([]);
    else strokes.at(-1).push(byte);
  }
  return strokes.slice(0, -1);
}

function render({ model, el, signal }) {
  const scene = model.get("scene");
  const { pad: units, side } = scene;
  const root = figureIn(el, scene.name);
  let strokes = [];
  let drawing = null; // the stroke that is being drawn
  let pen = null; // where the keyboard's pen is, once it was used
  let gone = ""; // a sentence, once the kernel is
  const held = new Set(); // arrow keys that are down

  // What the reader sees, from left to right, or from top to bottom.
  const pad = make("canvas", { class: "gdcourse-grab gdcourse-paper", tabindex: 0, role: "application", "aria-label": PADDING });
  const hint = make("p", { role: "status" });
  const undo = make("button", { type: "button", onclick: takeBack }, "Undo");
  const clear = make("button", { type: "button", onclick: wipe }, "Clear");
  const picture = make("canvas", { class: "gdcourse-paper gdcourse-pixels", width: side, height: side, role: "img" });
  const bars = Array.from({ length: 10 }, (_, digit) => {
    const [bar, value] = [make("span", { class: "gdcourse-bar", "aria-hidden": "true" }), make("span")];
    return { bar, value, row: make("li", {}, `${digit}: `, bar, value) };
  });
  const list = make("ul", { class: "gdcourse-bars", role: "list", "aria-label": "Probability of each digit" }, ...bars.map(({ row }) => row));
  const place = make("div", { class: "gdcourse-pad" }, hint, pad, make("div", { class: "gdcourse-buttons" }, undo, clear));
  const seen = make("div", {}, make("p", {}, "What the network sees"), picture, make("p", {}, `${side} × ${side} pixels`));
  const read = make("div", { class: "gdcourse-read" }, make("p", {}, "Its probabilities"), list);
  const panels = make("div", { class: "gdcourse-drawing" }, place, make("div", { class: "gdcourse-drawing" }, seen, read));
  const ready = make("div", { class: "gdcourse-buttons", role: "group", "aria-label": "Ready digits, from MNIST's test images" }, "Ready digits:",
    ...bars.map((_, digit) => make("button", { type: "button", onclick: () => choose(digit) }, `${digit}`)));
  root.append(panels, ready);
  const speak = speaker(root);
  const trouble = make("p", { class: "gdcourse-trouble", role: "status" });
  root.append(trouble); // below the pad, which must not move while one draws

  // Questions to Python: all strokes, or a ready digit.
  const question = asker(model, (late) => {
    trouble.textContent = late && !gone ? "Python is still computing; you can go on drawing." : gone || model.get("answer").trouble;
  });

  function changed() {
    paint();
    question.ask({ strokes });
  }
  function choose(digit) {
    if (gone) return;
    [strokes, drawing] = [[], null];
    paint();
    question.ask({ digit });
  }
  function wipe() {
    if (gone) return;
    [strokes, drawing] = [[], null];
    changed();
  }
  function takeBack() {
    if (gone || !strokes.length) return;
    drawing = null;
    strokes.pop();
    changed();
  }

  // Drawing, with whatever points or with the keyboard.
  function put(x, y) {
    if (gone) return;
    drawing = [x, y];
    strokes.push(drawing);
    changed();
  }
  function draw(x, y) {
    const [before, last] = drawing.slice(-2);
    if (Math.hypot(x - before, y - last) < NEAR) return;
    drawing.push(x, y);
    changed();
  }
  function lift() {
    drawing = null;
    held.clear();
    paint();
  }
  const inside = (value) => Math.round(Math.min(units, Math.max(0, value)));
  function under(event) {
    const box = pad.getBoundingClientRect();
    const across = (at, from, size) => inside((units * (at - from)) / size);
    // The canvas has a border of one pixel on each side.
    return [across(event.clientX, box.left + 1, box.width - 2), across(event.clientY, box.top + 1, box.height - 2)];
  }
  pad.addEventListener("pointerdown", (event) => {
    if (!event.isPrimary || event.button) return; // a second finger, another button
    pad.setPointerCapture(event.pointerId);
    pen = null;
    put(...under(event));
  }, { signal });
  pad.addEventListener("pointermove", (event) => {
    if (!drawing || !pad.hasPointerCapture(event.pointerId)) return;
    const between = event.getCoalescedEvents?.() ?? [];
    for (const one of between.length ? between : [event]) draw(...under(one));
  }, { signal });
  pad.addEventListener("lostpointercapture", lift, { signal });

  pad.addEventListener("keydown", (event) => {
    const { key } = event;
    const withControl = event.ctrlKey || event.metaKey;
    if (key === "Delete" || key === "Backspace") wipe();
    else if (withControl && key.toLowerCase() === "z") takeBack();
    else if (withControl || event.altKey) return;
    else if (key === " ") {
      pen ??= [units / 2, units / 2];
      if (drawing) lift();
      else if (!event.repeat) put(...pen);
    } else if (key in ARROWS) {
      pen ??= [units / 2, units / 2];
      held.add(key);
      for (const one of held) pen = pen.map((value, i) => inside(value + (units / side) * ARROWS[one][i]));
      if (drawing) draw(...pen);
    } else return;
    event.preventDefault();
    paint();
  }, { signal });
  pad.addEventListener("keyup", ({ key }) => held.delete(key), { signal });
  pad.addEventListener("focus", () => {
    if (pad.matches(":focus-visible")) pen ??= [units / 2, units / 2];
    paint();
  }, { signal });
  pad.addEventListener("blur", lift, { signal });

  // Painting.
  function paint() {
    const size = Math.min(LARGEST, place.clientWidth - 2);
    if (size < 40) return;
    const ratio = window.devicePixelRatio || 1;
    const theme = themeOf(root);
    pad.width = pad.height = Math.round(size * ratio); // and clears it
    pad.style.width = pad.style.height = `${size + 2}px`;
    const brush = pad.getContext("2d");
    brush.scale(pad.width / units, pad.width / units);
    brush.strokeStyle = theme.ink;
    brush.lineWidth = scene.pen * units;
    brush.lineCap = brush.lineJoin = "round";
    brush.beginPath(); // one for all strokes: the ink may be translucent, and is no darker where they cross
    for (const stroke of strokes) {
      brush.moveTo(stroke[0], stroke[1]);
      for (let i = 0; i < stroke.length; i += 2) brush.lineTo(stroke[i], stroke[i + 1]);
    }
    brush.stroke();
    const keys = pen && document.activeElement === pad;
    if (keys) paintPen(brush, theme);
    const said = drawing ? "Pen down: arrows draw, Space lifts it" : "Pen up: arrows move, Space lowers it";
    hint.textContent = keys ? said : "Draw here";
    undo.setAttribute("aria-disabled", String(!strokes.length || Boolean(gone)));
  }

  /** The keyboard's pen: a ring, filled while it is down. */
  function paintPen(brush, theme) {
    brush.beginPath();
    brush.arc(...pen, 10, 0, 2 * Math.PI);
    brush.lineWidth = 7;
    brush.strokeStyle = theme.paper;
    brush.stroke();
    brush.lineWidth = 3;
    brush.strokeStyle = brush.fillStyle = theme.vermillion;
    brush.stroke();
    if (drawing) brush.fill();
  }

  function paintAnswer() {
    const { picture: bytes, probabilities, text } = model.get("answer");
    const ink = themeOf(root).ink;
    const small = picture.getContext("2d");
    small.clearRect(0, 0, side, side);
    small.fillStyle = ink;
    new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength).forEach((value, i) => {
      small.globalAlpha = value / 255;
      small.fillRect(i % side, Math.floor(i / side), 1, 1);
    });
    picture.setAttribute("aria-label", bytes.byteLength ? `The digit as the network sees it. ${text}` : "Nothing is drawn yet.");
    const most = Math.max(...probabilities);
    bars.forEach(({ bar, value, row }, digit) => {
      const p = probabilities[digit];
      bar.style.setProperty("--share", p ?? 0);
      value.textContent = p === undefined ? "" : p.toFixed(2);
      row.classList.toggle("gdcourse-most", p === most);
    });
  }

  function heard() {
    const answer = model.get("answer");
    const own = question.heard(answer);
    if (!own && !drawing) strokes = unpacked(answer.strokes, scene.lift);
    trouble.textContent = gone || answer.trouble;
    paint();
    paintAnswer();
    speak.say(answer.text);
  }

  function resized() {
    paint();
    paintAnswer();
  }

  heard();
  model.on("change:answer", heard);
  bereft(model, (sentence) => {
    gone = sentence;
    question.close();
    trouble.textContent = gone;
    root.querySelectorAll("button").forEach((button) => button.setAttribute("aria-disabled", "true"));
    pad.setAttribute("aria-disabled", "true");
    paint();
  }, signal);
  follow(panels, resized, signal);
  signal.addEventListener("abort", () => model.off("change:answer", heard));
}

export default { render };
