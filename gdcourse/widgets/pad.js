// A pad to draw on or to rub out, with the mouse, a finger or a pen, or with the keyboard; shared by the figures that
// read a drawing.

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const NEAR = 4; // units of the pad: points nearer than this to the last one are left out
const LARGEST = 280; // of the pad on the page

/** What a pad is for: its words, and how it shows its strokes. `hint` says what the tool does, at the keyboard's place or without. */
const PEN = {
  label: "Drawing pad. Arrow keys move the pen, two at once slantwise. Space puts it down or lifts it. " +
    "Rows and columns count from 0. Delete clears the pad, Control Z takes the last stroke back.",
  undo: "Undo",
  clear: "Begin again",
  hint(down, place, scene) {
    if (!place) return "Draw here";
    if (!down && place.every((one) => one === scene.pad / 2)) return "Pen up: arrows move, Space lowers it"; // where it is first
    const [column, row] = pixelAt(place, scene);
    return `Pen ${down ? "down" : "up"}: row ${row}, column ${column}`;
  },
  first: ({ pad }) => [pad / 2, pad / 2], // of the keyboard's pen
  paint: paintInk,
  cursor: paintRing,
};

/** Column and row of the picture's pixel beneath a place of the pad. */
function pixelAt(place, { side, pad }) {
  return place.map((one) => Math.min(side - 1, Math.floor((one * side) / pad)));
}

/** All strokes in one path: the ink may be translucent, and is no darker where they cross. */
function paintInk(brush, theme, { strokes, scene }) {
  brush.strokeStyle = theme.ink;
  brush.lineWidth = scene.pen * scene.pad;
  brush.lineCap = brush.lineJoin = "round";
  brush.beginPath();
  for (const stroke of strokes) {
    brush.moveTo(stroke[0], stroke[1]);
    for (let i = 0; i < stroke.length; i += 2) brush.lineTo(stroke[i], stroke[i + 1]);
  }
  brush.stroke();
}

/** The keyboard's pen: a ring, filled while it is down. */
function paintRing(brush, theme, { place, down }) {
  brush.beginPath();
  brush.arc(...place, 10, 0, 2 * Math.PI);
  outlined(brush, theme);
  if (down) brush.fill();
}

/** Draw the present path so that it is seen on ink and on paper. */
function outlined(brush, theme) {
  brush.lineWidth = 7;
  brush.strokeStyle = theme.paper;
  brush.stroke();
  brush.lineWidth = 3;
  brush.strokeStyle = brush.fillStyle = theme.vermillion;
  brush.stroke();
}

/** The pixels of a picture, one byte each, in the ink of the theme, as large as `size` and without smoothing. */
function paintPixels(brush, theme, bytes, side, size) {
  const small = make("canvas", { width: side, height: side });
  const dots = small.getContext("2d");
  dots.fillStyle = theme.ink;
  new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength).forEach((value, i) => {
    dots.globalAlpha = value / 255;
    dots.fillRect(i % side, Math.floor(i / side), 1, 1);
  });
  brush.imageSmoothingEnabled = false;
  brush.drawImage(small, 0, 0, size, size);
}

/** The strokes in the bytes that Python sent: x, y, x, y, …, and a mark where the pen is lifted. */
function unpacked(view, lift) {
  const strokes = [[]];
  for (const byte of new Uint8Array(view.buffer, view.byteOffset, view.byteLength)) {
    if (byte === lift) strokes.push([]);
    else strokes.at(-1).push(byte);
  }
  return strokes.slice(0, -1);
}

/**
 * A pad in a figure, `element` on the page. scene: what Python says of pads. changed: called with each new point.
 * gone: says whether nobody would read what is drawn. tool: what it is for.
 */
function drawingPad(root, scene, { changed, gone, signal, tool = PEN }) {
  const { pad: units, side } = scene;
  let strokes = [];
  let drawing = null; // the stroke that is being drawn
  let pen = null; // where the keyboard's pen is, once it was used
  const held = new Set(); // arrow keys that are down

  const pad = make("canvas", { class: "gdcourse-grab gdcourse-paper", tabindex: 0, role: "application", "aria-label": tool.label });
  const hint = make("p", { role: "status" });
  const undo = make("button", { type: "button", onclick: takeBack }, tool.undo);
  const clear = make("button", { type: "button", onclick: wipe }, tool.clear);
  const place = make("div", { class: "gdcourse-pad" }, hint, pad, make("div", { class: "gdcourse-buttons" }, undo, clear));

  function touched() {
    paint();
    changed();
  }
  function wipe() {
    if (gone()) return;
    [strokes, drawing] = [[], null];
    touched();
  }
  function takeBack() {
    if (gone() || !strokes.length) return;
    drawing = null;
    strokes.pop();
    touched();
  }

  function put(x, y) {
    if (gone()) return;
    drawing = [x, y];
    strokes.push(drawing);
    touched();
  }
  function draw(x, y) {
    const [before, last] = drawing.slice(-2);
    if (Math.hypot(x - before, y - last) < NEAR) return;
    drawing.push(x, y);
    touched();
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
      pen ??= tool.first(scene);
      if (drawing) lift();
      else if (!event.repeat) put(...pen);
    } else if (key in ARROWS) {
      pen ??= tool.first(scene);
      held.add(key);
      for (const one of held) pen = pen.map((value, i) => inside(value + (units / side) * ARROWS[one][i]));
      if (drawing) draw(...pen);
    } else return;
    event.preventDefault();
    paint();
  }, { signal });
  pad.addEventListener("keyup", ({ key }) => held.delete(key), { signal });
  pad.addEventListener("focus", () => {
    if (pad.matches(":focus-visible")) pen ??= tool.first(scene);
    paint();
  }, { signal });
  pad.addEventListener("blur", lift, { signal });

  function paint() {
    const size = Math.min(LARGEST, place.clientWidth - 2);
    if (size < 40) return;
    const ratio = window.devicePixelRatio || 1;
    const theme = themeOf(root);
    pad.width = pad.height = Math.round(size * ratio); // and clears it
    pad.style.width = pad.style.height = `${size + 2}px`;
    const brush = pad.getContext("2d");
    brush.scale(pad.width / units, pad.width / units);
    tool.paint(brush, theme, { strokes, scene });
    const keys = pen && document.activeElement === pad;
    const down = drawing !== null;
    if (keys) tool.cursor(brush, theme, { place: pen, down, scene });
    const said = tool.hint(down, keys ? pen : null, scene);
    if (hint.textContent !== said) hint.textContent = said;
    undo.setAttribute("aria-disabled", String(!strokes.length || gone()));
  }

  return {
    element: place,
    canvas: pad,
    paint,
    strokes: () => strokes,
    /** Whether a stroke is under way: what Python answers meanwhile must not change it. */
    busy: () => drawing !== null,
    show(others) {
      [strokes, drawing] = [others, null];
      paint();
    },
  };
}
