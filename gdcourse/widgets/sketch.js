// A sketch: paints what the reader draws, and lays the run over it when they ask for it.

const DRAWS = 900; // milliseconds
const FAR = 4; // pixels: points of a path nearer than this to the last one are left out
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

function render({ model, el, signal }) {
  const scene = model.get("scene");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const root = figureIn(el, scene.name);
  let { drawn, shown } = model.get("answer");
  let laid = shown ? 1 : 0; // how much of the run is laid over
  let laying = 0;
  let held = false; // whether a pointer draws
  const talk = conversation({ model, root, signal }, { asks: () => ({ drawn, shown }), adopt, paint, has: "words" });

  const run = keyPart("vermillion", "━━", "the run");
  const key = make("p", { class: "gdcourse-key" }, keyPart("blue", "╍╍", "yours"), run,
    ...(scene.beside ?? []).map(({ name }) => keyPart("ink", "┈┈", name)));
  const canvas = make("canvas", { class: "gdcourse-grab" });
  const panel = make("div", { class: "gdcourse-sketch" }, canvas);
  const button = (name, act) => make("button", { type: "button", onclick: act }, name);
  const [show, again] = [button("Show the run", () => change(drawn, true)), button("Begin again", () => change([], false))];
  root.append(key, panel, make("div", { class: "gdcourse-buttons gdcourse-controls" }, show, again));
  const speak = speaker(root);
  root.append(talk.trouble);
  const axes = new Axes(canvas, { ...scene.frame });
  const kind = scene.kind === "curve" ? curve() : path();

  function change(sketch, run_) {
    if (talk.gone()) return;
    [drawn, shown] = [sketch, run_];
    talk.ask();
    controls();
    paint();
  }

  /** Let the controls show what is drawn. */
  function adopt() {
    if (held) return;
    ({ drawn, shown } = model.get("answer"));
    controls();
  }
  const open = () => !shown && !talk.gone();
  function controls() {
    show.setAttribute("aria-disabled", String(!open()));
    again.setAttribute("aria-disabled", String(talk.gone() || (!shown && !drawn.length)));
    run.style.visibility = shown ? "" : "hidden"; // it keeps its place
    panel.classList.toggle("gdcourse-done", !open());
    canvas.classList.toggle("gdcourse-grab", open());
  }

  // Drawing with a pointer.
  canvas.addEventListener("pointerdown", (event) => {
    if (!open() || !event.isPrimary || event.button) return;
    canvas.setPointerCapture(event.pointerId);
    held = true;
    kind.put(...axes.under(event));
  }, { signal });
  canvas.addEventListener("pointermove", (event) => {
    if (!held || !canvas.hasPointerCapture(event.pointerId)) return;
    const between = event.getCoalescedEvents?.() ?? [];
    for (const one of between.length ? between : [event]) kind.draw(...axes.under(one));
  }, { signal });
  canvas.addEventListener("lostpointercapture", () => {
    held = false;
    kind.lift();
  }, { signal });

  function sketched() {
    talk.ask();
    controls();
    paint();
  }

  /** Lay the run over the sketch from its start on, when Python has sent it. */
  function lay(there) {
    if (there === laid > 0) return;
    cancelAnimationFrame(laying);
    laid = there ? 1 : 0;
    if (!there || calm.matches || signal.aborted || !axes.theme) return;
    const began = performance.now();
    const on = (now) => {
      laid = Math.max(1e-6, Math.min(1, (now - began) / DRAWS));
      paint();
      if (laid < 1 && !signal.aborted) laying = requestAnimationFrame(on);
    };
    laid = 1e-6;
    laying = requestAnimationFrame(on);
  }

  function paint() {
    const { words, run: sent } = model.get("answer");
    if (!words) return; // the figure is closed
    speak.say(words, held);
    describe(canvas, kind.label(`${scene.text} ${words}`), kind.role());
    lay(Boolean(sent));
    axes.spec.height = panel.clientWidth > 520 ? 0.46 : 0.75;
    if (!axes.layout(themeOf(root), kind.background)) return;
    axes.begin();
    axes.clipped(() => {
      const line = kind.line();
      if (line.length > 1) stroke(line);
      if (sent) kind.run(pairs(sent));
    });
    axes.mark(...kind.start, { color: axes.theme.blue, radius: 6 });
    if (!drawn.length && !sent) {
      const { left, top, width, height } = axes.box;
      axes.write("draw here", [left + width / 2, top + height / 2], { color: axes.theme.ink });
    }
    kind.after();
  }

  /** The sketch, in one stroke: its pieces are shorter than the dashes. */
  function stroke(points) {
    const { pen, theme } = axes;
    pen.save();
    pen.strokeStyle = theme.blue;
    pen.lineWidth = 3;
    pen.lineJoin = "round";
    pen.setLineDash([10, 5]);
    pen.beginPath();
    for (const point of points) pen.lineTo(...axes.at(...point));
    pen.stroke();
    pen.restore();
  }

  /** Points [x, y] from what Python sent: all x, then all y. */
  function pairs(view) {
    const numbers = floats(view);
    const half = numbers.length / 2;
    return Array.from({ length: half }, (_, i) => [numbers[i], numbers[half + i]]);
  }

  /** The first part of a line, as much of it as is laid over by now. */
  const begun = (points) => points.slice(0, Math.max(1, Math.ceil(laid * points.length)));

  /** What is particular to a curve: a height for each of the columns, the first of them given. */
  function curve() {
    const { columns, handles, start, frame, places } = scene;
    const [low, high] = frame.y;
    let before = null; // the column and the height where the pointer was
    const at = (column) => {
      const share = column / (columns - 1);
      const [from, to] = frame.x;
      return frame.xlog ? from * (to / from) ** share : from + share * (to - from);
    };
    const empty = () => [start, ...Array(columns - 1).fill(null)];
    const columnOf = (x) => Math.round((columns - 1) * axes.share(x, frame.x, false));
    const heights = () => (drawn.length ? drawn : empty());
    const last = () => heights().findLastIndex((height) => height !== null);

    /** Draw a straight line from one column to another. */
    function join([from, first], [to, second]) {
      drawn = [...heights()];
      const way = Math.sign(to - from) || 1;
      for (let k = from; way * k <= way * to; k += way) {
        if (k > 0) drawn[k] = to === from ? second : first + ((second - first) * (k - from)) / (to - from);
      }
    }

    // The handles, for the keys: each moves the height of its column, and the line to its neighbours.
    const group = make("div", { class: "gdcourse-handles", role: "group", "aria-label": `${scene.name} by keys: up and down move a point, left and right go to the next` });
    panel.append(group);
    const knobs = handles.map((column, i) => make("div", {
      role: "slider", tabindex: i ? "-1" : "0", "aria-orientation": "vertical", "aria-valuemin": low, "aria-valuemax": high,
      "aria-label": `${frame.ylabel} at ${places[column]}`, onkeydown: (event) => press(event, i),
    }));
    group.append(...knobs);
    group.addEventListener("focusin", paint, { signal });
    group.addEventListener("focusout", paint, { signal });
    const level = (column) => heights()[column] ?? heights()[last()];
    function press(event, i) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const by = { ArrowUp: 1, ArrowDown: -1, PageUp: 5, PageDown: -5 }[event.key];
      const to = { ArrowLeft: i - 1, ArrowRight: i + 1, Home: 0, End: knobs.length - 1 }[event.key];
      if (by) move(i, Math.min(high, Math.max(low, level(handles[i]) + (by * (high - low)) / 50)));
      else if (event.key === "Enter" || event.key === " ") move(i, level(handles[i]));
      else if (event.key === "Delete" || event.key === "Backspace") change([], false);
      else if (to !== undefined) reach(Math.min(knobs.length - 1, Math.max(0, to)));
      else return;
      event.preventDefault();
    }
    function reach(i) {
      knobs.forEach((knob, k) => knob.setAttribute("tabindex", k === i ? "0" : "-1"));
      knobs[i].focus();
    }
    function move(i, height) {
      if (!open()) return;
      const column = handles[i];
      const left = Math.min(i ? handles[i - 1] : 0, last());
      const right = handles[i + 1];
      join([left, level(left)], [column, height]);
      if (right !== undefined && heights()[right] !== null) join([column, height], [right, heights()[right]]);
      else for (let k = column + 1; k < columns; k += 1) drawn[k] = null;
      sketched();
    }

    return {
      start: [at(0), start],
      role: () => "img",
      label: (said) => said,
      background: (one) => {
        for (const { numbers } of scene.beside) one.line(pairs(numbers), { color: one.theme.ink, width: 2, dash: [2, 3] });
      },
      put(x, y) {
        const here = [columnOf(x), y];
        join(here[0] > last() ? [last(), level(last())] : here, here);
        before = here;
        sketched();
      },
      draw(x, y) {
        const here = [columnOf(x), y];
        join(before, here);
        before = here;
        sketched();
      },
      lift() {
        before = null;
        sketched();
      },
      line: () => heights().flatMap((height, k) => (height === null ? [] : [[at(k), height]])),
      run: (points) => axes.line(begun(points), { color: axes.theme.vermillion, width: 2.5 }),
      after() {
        const focused = group.contains(document.activeElement);
        knobs.forEach((knob, i) => {
          const height = heights()[handles[i]];
          const [x, y] = axes.at(at(handles[i]), level(handles[i]));
          knob.style.left = `${x}px`;
          knob.style.top = `${y}px`;
          knob.style.visibility = "";
          knob.classList.toggle("gdcourse-undrawn", height === null);
          if (!focused && height === null) knob.style.opacity = 0; // only keys need what is not drawn yet
          else knob.style.opacity = "";
          knob.setAttribute("aria-valuenow", level(handles[i]));
          knob.setAttribute("aria-valuetext", height === null ? "not drawn" : short(height));
          knob.setAttribute("aria-disabled", String(!open()));
        });
      },
    };
  }

  /** What is particular to a path: points one after the other, from the start on. */
  function path() {
    const { start, frame, names } = scene;
    let pen = null; // where the keys are, once they were used
    const keys = "Arrow keys move the pen, Space or Enter draws a line to it, Backspace takes the last line back.";
    canvas.setAttribute("tabindex", "0");
    const end = () => (drawn.length ? drawn.slice(-2) : start);
    const inside = (value, [low, high]) => Math.min(high, Math.max(low, value));
    const said = make("p", { class: "gdcourse-aloud", role: "status", "aria-live": "polite" });
    root.append(said);
    canvas.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !open()) return;
      const way = ARROWS[event.key];
      pen ??= [...end()];
      if (way) {
        pen = pen.map((value, i) => inside(value + (way[i] * (frame["xy"[i]][1] - frame["xy"[i]][0])) / (event.shiftKey ? 100 : 25), frame["xy"[i]]));
        said.textContent = `${names[0]} ${short(pen[0])}, ${names[1]} ${short(pen[1])}`;
      } else if (event.key === " " || event.key === "Enter") {
        drawn = [...drawn, ...pen];
        sketched();
      } else if (event.key === "Backspace" || event.key === "Delete") {
        drawn = drawn.slice(0, -2);
        pen = [...end()];
        sketched();
      } else return;
      event.preventDefault();
      paint();
    }, { signal });
    canvas.addEventListener("focus", () => { if (canvas.matches(":focus-visible")) pen ??= [...end()]; paint(); }, { signal });
    canvas.addEventListener("blur", () => { pen = null; paint(); }, { signal });

    function draw(x, y) {
      const [a, b] = [axes.at(...end()), axes.at(x, y)];
      if (Math.hypot(a[0] - b[0], a[1] - b[1]) < FAR) return;
      drawn = [...drawn, x, y];
      sketched();
    }

    return {
      start,
      role: () => (open() ? "application" : "img"),
      label: (words) => (open() ? `${words} ${keys}` : words),
      background: (one) => {
        paintLandscape(one, scene.landscape);
        for (const [x, y] of scene.minima) one.write("★", one.at(x, y), {});
      },
      put: (x, y) => { pen = null; draw(x, y); },
      draw,
      lift: sketched,
      line: () => [start, ...Array.from({ length: drawn.length / 2 }, (_, i) => drawn.slice(2 * i, 2 * i + 2))],
      run(points) {
        const part = begun(points);
        axes.line(part, { color: axes.theme.vermillion, width: 2 });
        for (const point of part) axes.mark(...point, { shape: "square", color: axes.theme.vermillion, radius: 4 });
      },
      after() {
        if (!pen || !open() || document.activeElement !== canvas) return;
        axes.line([end(), pen], { color: axes.theme.blue, width: 1.5, dash: [3, 4] });
        axes.mark(...pen, { shape: "ring", color: axes.theme.blue, radius: 7 });
      },
    };
  }

  controls();
  talk.begin();
  follow(panel, paint, signal);
}

export default { render };
