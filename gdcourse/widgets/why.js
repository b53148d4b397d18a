// Why this digit: paints ink times weight for two classes as Python has it, and rubs ink out of the picture.

const MOST = 127; // of a map's numbers
const THICK = 0.36; // of a mark's bars, beside their length

/** The eraser: a square over the picture, which Python's answer shows as it is without what was rubbed out. */
const eraserOf = (model, rubber) => {
  const cell = ({ pad, side }) => pad / side;
  const corner = (place, scene) => pixelAt(place, scene).map((one) => cell(scene) * (one - (rubber - 1) / 2));
  return {
    label: "Eraser over the picture. Arrow keys move it, two at once slantwise. Space puts it down or lifts it. " +
      "Rows and columns count from 0. Delete brings all ink back, Control Z what was rubbed out last.",
    undo: "Undo",
    clear: "Bring all ink back",
    hint(down, place, scene) {
      if (!place) return "Rub ink out here";
      const [column, row] = pixelAt(place, scene);
      const { picture } = model.get("answer");
      const ink = new Uint8Array(picture.buffer, picture.byteOffset, picture.byteLength)[row * scene.side + column];
      return `${down ? "Rubbing" : "Lifted"}: row ${row}, column ${column}, ${ink ? "ink" : "no ink"}`;
    },
    first(scene) {
      const [row, column] = model.get("answer").spot ?? [scene.side / 2, scene.side / 2];
      return [column + 1, row + 1].map((one) => Math.floor((one + 0.5) * cell(scene)));
    },
    paint(brush, theme, { scene }) {
      const { picture, spot } = model.get("answer");
      if (!picture) return; // the figure is closed
      paintPixels(brush, theme, picture, scene.side, scene.pad);
      if (spot) frame(brush, theme, spot, rubber, cell(scene));
    },
    cursor(brush, theme, { place, down, scene }) {
      const size = rubber * cell(scene);
      brush.beginPath();
      brush.rect(...corner(place, scene), size, size);
      outlined(brush, theme);
      brush.globalAlpha = 0.5;
      if (down) brush.fill();
      brush.globalAlpha = 1;
    },
  };
};

/** The spot that does most for the one of the two classes that leads, dashed on ink and on paper. */
function frame(brush, theme, [row, column], rubber, cell) {
  brush.save();
  brush.beginPath();
  brush.rect(column * cell, row * cell, rubber * cell, rubber * cell);
  brush.lineWidth = 5;
  brush.strokeStyle = theme.paper;
  brush.stroke();
  brush.lineWidth = 2;
  brush.setLineDash([7, 4]);
  brush.strokeStyle = theme.green;
  brush.stroke();
  brush.restore();
}

function render({ model, el, signal }) {
  const scene = model.get("scene");
  const { side } = scene;
  const root = figureIn(el, scene.name);
  let { which, pair, chosen } = model.get("answer");
  const talk = conversation({ model, root, signal }, { asks, adopt, paint, has: "rows" });

  const [source, one, other] = ["image", "one", "other"].map(unique);
  const select = make("select", { id: source, onchange: () => take(select.value === "" ? null : Number(select.value)) },
    ...scene.labels.map((label, i) => make("option", { value: i }, label)), make("option", { value: "" }, "your own drawing"));
  const digits = () => Array.from({ length: 10 }, (_, digit) => make("option", { value: digit }, `${digit}`));
  const classes = [one, other].map((id, i) => make("select", { id, onchange: (event) => compare(i, Number(event.target.value)) }, ...digits()));
  const choose = make("div", { class: "gdcourse-buttons gdcourse-controls" },
    make("label", { for: source }, "image"), select,
    make("label", { for: one }, "compare"), classes[0], make("label", { for: other }, "with"), classes[1]);

  const pad = drawingPad(root, scene, { changed: drawn, gone: talk.gone, signal });
  const eraser = drawingPad(root, scene, { changed: () => talk.ask(), gone: talk.gone, signal, tool: eraserOf(model, scene.rubber) });
  const maps = [0, 1].map(() => {
    const [title, canvas] = [make("p"), make("canvas", { class: "gdcourse-paper gdcourse-map" })];
    return { title, canvas, element: make("div", {}, title, canvas) };
  });
  const key = make("p", { class: "gdcourse-key" },
    ...[["vermillion", "✚", "orange: ink speaks for the class"], ["blue", "━", "blue: ink speaks against it"]].map((part) => keyPart(...part)),
    make("span", { class: "gdcourse-plain" }, "dashed frame: the spot that does most for the one of the two that leads"));
  const panels = make("div", { class: "gdcourse-why" }, pad.element, eraser.element, ...maps.map(({ element }) => element));
  const body = make("tbody");
  const sums = make("div", { class: "gdcourse-sums", role: "group", "aria-label": "The sums of both scores" }, make("table", {},
    make("thead", {}, make("tr", {}, ...["score of", "orange +", "blue −", "b", "score"].map((name) => make("th", { scope: "col" }, name)),
      make("th", { scope: "col", title: "probability", "aria-label": "probability" }, "p"))), body));
  root.append(choose, key, panels, sums);
  const speak = speaker(root);
  root.append(talk.trouble);

  function asks() {
    return { which, strokes: pad.strokes(), rubs: eraser.strokes(), pair: chosen ? pair : null };
  }
  /** Take another picture, whole, and compare what it is read as with what it is. */
  function take(next) {
    if (talk.gone()) return adopt();
    [which, chosen] = [next, false];
    eraser.show([]);
    talk.ask();
  }
  /** A new point of a drawing: what was rubbed out of the picture before is of another picture. */
  function drawn() {
    eraser.show([]);
    talk.ask();
  }
  /** Compare another class; the same twice makes no comparison, so the two change places. */
  function compare(i, digit) {
    if (talk.gone()) return adopt();
    pair = pair[1 - i] === digit ? pair.toReversed() : pair.with(i, digit);
    chosen = true;
    talk.ask();
  }

  /** Let the controls show what is drawn. */
  function adopt() {
    const answer = model.get("answer");
    ({ which, pair, chosen } = answer);
    select.value = which ?? "";
    classes.forEach((select, i) => (select.value = String(pair[i])));
    for (const [place, name] of [[pad, "strokes"], [eraser, "rubs"]]) {
      if (!place.busy()) place.show(unpacked(answer[name], scene.lift));
    }
  }

  const sign = (x) => `${x <= -0.005 ? "−" : "+"}${Math.abs(x).toFixed(2)}`;

  function paint() {
    const { rows, read, words, which } = model.get("answer");
    if (!rows) return; // the figure is closed
    pad.element.hidden = which !== null;
    panels.classList.toggle("gdcourse-own", which === null);
    if (which === null) pad.paint();
    eraser.paint();
    rows.forEach((row, i) => {
      maps[i].title.textContent = `Ink × weight for ${row.digit}`;
      paintMap(maps[i].canvas, i);
      const said = `orange ${sign(row.for)}, blue ${sign(row.against)}, b ${sign(row.bias)}, score ${sign(row.score)}`;
      describe(maps[i].canvas, `Ink times weight for ${row.digit}: ${said}.`);
    });
    body.replaceChildren(...rows.map((row) => make("tr", { class: row.digit === read ? "gdcourse-most" : "" },
      make("th", { scope: "row" }, `${row.digit}${row.digit === read ? " ◀ read" : ""}`),
      ...[row.for, row.against, row.bias, row.score].map((x) => make("td", {}, sign(x))), make("td", {}, row.probability.toFixed(2)))));
    if (sums.scrollWidth > sums.clientWidth) sums.setAttribute("tabindex", "0"); // so that the keyboard scrolls it
    else sums.removeAttribute("tabindex");
    speak.say(words);
  }

  /** A plus for each pixel that speaks for the class, a minus for each that speaks against it, as large as it says. */
  function paintMap(canvas, i) {
    const width = canvas.clientWidth;
    if (width < 40) return;
    const { picture, maps: adds, spot } = model.get("answer");
    const theme = themeOf(root);
    canvas.width = canvas.height = Math.round(width * (window.devicePixelRatio || 1)); // and clears it
    const pen = canvas.getContext("2d");
    pen.globalAlpha = 0.18;
    paintPixels(pen, theme, picture, side, canvas.width);
    pen.globalAlpha = 1;
    const cell = canvas.width / side;
    const said = new Int8Array(adds.buffer, adds.byteOffset + i * side * side, side * side);
    said.forEach((x, k) => {
      if (!x) return;
      const length = Math.round(cell * Math.max(0.25, Math.sqrt(Math.abs(x) / MOST)));
      const thick = Math.max(1, Math.round(THICK * length));
      const [across, down] = [cell * ((k % side) + 0.5), cell * (Math.floor(k / side) + 0.5)];
      const bar = (wide, high) => pen.fillRect(Math.round(across - wide / 2), Math.round(down - high / 2), wide, high); // sharp
      pen.fillStyle = x > 0 ? theme.vermillion : theme.blue;
      bar(length, thick);
      if (x > 0) bar(thick, length);
    });
    if (spot) {
      pen.scale(canvas.width / scene.pad, canvas.width / scene.pad);
      frame(pen, theme, spot, scene.rubber, scene.pad / side);
    }
  }

  talk.begin(() => {
    root.querySelectorAll("button").forEach((button) => button.setAttribute("aria-disabled", "true"));
    for (const { canvas } of [pad, eraser]) canvas.setAttribute("aria-disabled", "true");
  });
  follow(panels, paint, signal);
}

export default { render };
