// A walk in fog: paints the ground that the reader has felt, lets them step, and lifts the fog when they ask for it.

const CLEAR = 34; // pixels around a place, in which the ground is seen
const LIFTS = 900; // milliseconds

function render({ model, el, signal }) {
  const scene = model.get("scene");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const root = figureIn(el, scene.name);
  let { steps, lifted } = model.get("answer");
  let length = 0.5;
  let aim = null; // where a pointer would step to
  let veil = lifted ? 0 : 1; // how thick the fog is
  let lifting = 0;
  const talk = conversation({ model, root, signal }, { asks: () => ({ steps, lifted }), adopt, paint, has: "places" });

  // What the reader sees, from top to bottom.
  const yours = make("span", {});
  const other = keyPart("vermillion", "◆ ╌", "gradient descent");
  const key = make("p", { class: "gdcourse-key" }, keyPart("blue", "● ─", "you"), yours, other);
  const canvas = make("canvas", { class: "gdcourse-pick" });
  const panel = make("div", {}, canvas);
  const sized = slider({ label: "length of a step", low: scene.shortest, high: scene.longest, log: true, positions: 60, value: length },
    (value) => { length = value; talk.refused(""); }, talk.refused);
  const button = (name, act) => make("button", { type: "button", onclick: act }, name);
  const [left, right] = [button("← Step left", () => step(-length)), button("Step right →", () => step(length))];
  const [lift, again] = [button("Lift the fog", () => change(steps, true)), button("Begin again", () => change([], false))];
  const go = make("div", { class: "gdcourse-buttons", role: "group", "aria-label": "Steps; the arrow keys left and right take them, too" }, left, right);
  root.append(key, panel, sized.element, make("div", { class: "gdcourse-buttons gdcourse-controls" }, go, lift, again));
  const speak = speaker(root);
  root.append(talk.trouble);
  const axes = new Axes(canvas, { x: scene.bounds, y: scene.frame, xlabel: "place w", ylabel: "height" });

  const over = () => lifted || steps.length >= scene.most;
  function step(by) {
    if (!over()) change([...steps, Number(by.toPrecision(6))], false);
  }
  function change(walk, free) {
    if (talk.gone()) return;
    [steps, lifted, aim] = [walk, free, null];
    talk.ask();
    show();
  }
  go.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!way) return;
    event.preventDefault();
    (way < 0 ? left : right).focus();
    step(way * length);
  });

  /** Let the controls show what is drawn. */
  function adopt() {
    ({ steps, lifted } = model.get("answer"));
    show();
  }
  function show() {
    for (const one of [left, right]) one.setAttribute("aria-disabled", String(over() || talk.gone()));
    lift.setAttribute("aria-disabled", String(lifted || talk.gone()));
    again.setAttribute("aria-disabled", String((!steps.length && !lifted) || talk.gone()));
    yours.textContent = `steps: ${steps.length}`;
    other.style.visibility = lifted ? "" : "hidden"; // it keeps its place, so that nothing moves when the fog lifts
    canvas.classList.toggle("gdcourse-pick", !over());
  }

  // With a pointer: a step to the place that is pressed.
  const reach = (event) => (over() || talk.gone() ? null : axes.under(event)[0]);
  canvas.addEventListener("pointermove", (event) => { aim = reach(event); paint(); }, { signal });
  canvas.addEventListener("pointerleave", () => { aim = null; paint(); }, { signal });
  canvas.addEventListener("pointercancel", () => { aim = null; paint(); }, { signal });
  canvas.addEventListener("click", (event) => {
    const to = reach(event);
    if (to !== null) step(to - model.get("answer").places.at(-1));
  }, { signal });

  function paint() {
    const { places, heights, slopes, words, lifted: shown, curve, other: theirs, other_heights: high, valleys } = model.get("answer");
    if (!places) return; // the figure is closed
    speak.say(words);
    describe(canvas, shown ? `The hill, and both walks. ${words}` : `A hill, hidden in fog. ${words}`);
    raise(shown);
    const wide = panel.clientWidth > 520;
    axes.spec.height = wide ? 0.44 : 0.8;
    if (!axes.layout(themeOf(root))) return;
    const { pen, theme } = axes;
    axes.begin();
    axes.clipped(() => {
      if (curve) hill(floats(curve), 1 - veil);
      if (veil > 0) places.forEach((w, k) => ground(w, heights[k], slopes[k], k === places.length - 1));
      mist(places, heights);
      if (shown) hops(theirs, high, theme.vermillion, [6, 4]);
      hops(places, heights, theme.blue, []);
      if (shown) theirs.forEach((w, k) => axes.mark(w, high[k], { shape: "diamond", color: theme.vermillion, radius: k === theirs.length - 1 ? 7 : 4 }));
      places.forEach((w, k) => axes.mark(w, heights[k], { color: theme.blue, radius: k === places.length - 1 ? 7 : 4 }));
    });
    if (shown) {
      const curveAt = floats(curve);
      valleys.forEach((w) => axes.name("valley", axes.at(w, heightAt(curveAt, w)), { towards: [0, 1] }));
    } else if (!steps.length) {
      axes.name("you", axes.at(places[0], heights[0]), { color: theme.blue, bold: true, radius: 9, towards: [0, -1] });
    }
    if (aim !== null) {
      const by = aim - places.at(-1);
      axes.line([[aim, scene.frame[0]], [aim, scene.frame[1]]], { color: theme.blue, width: 1.5, dash: [3, 4] });
      axes.write(`${short(Math.abs(by), 2)} to the ${by < 0 ? "left" : "right"}`, axes.at(aim, scene.frame[1] - 0.06 * (scene.frame[1] - scene.frame[0])), { bold: true });
    }
    pen.globalAlpha = 1;
    axes.writeNames();
  }
  function heightAt(numbers, w) {
    const count = numbers.length / 2;
    const [low, high] = scene.bounds;
    return numbers[count + Math.round(((w - low) / (high - low)) * (count - 1))];
  }

  /** Let the fog go, or come back, when Python has said so. */
  function raise(shown) {
    if (shown === (veil < 1)) return;
    cancelAnimationFrame(lifting);
    veil = shown ? 0 : 1;
    if (!shown || calm.matches || signal.aborted || !axes.theme) return;
    const began = performance.now();
    const thin = (now) => {
      const share = Math.min(1, (now - began) / LIFTS);
      veil = (1 - share) ** 2;
      paint();
      if (share < 1 && !signal.aborted) lifting = requestAnimationFrame(thin);
    };
    veil = 0.999;
    lifting = requestAnimationFrame(thin);
  }

  /** The whole hill, seen through what is left of the fog. */
  function hill(numbers, clear) {
    const { pen, theme } = axes;
    const count = numbers.length / 2;
    const points = Array.from({ length: count }, (_, i) => [numbers[i], numbers[count + i]]);
    pen.save();
    pen.globalAlpha = 0.22 * clear;
    pen.fillStyle = theme.green;
    pen.beginPath();
    for (const [w, height] of points) pen.lineTo(...axes.at(w, height));
    pen.lineTo(...axes.at(scene.bounds[1], scene.frame[0]));
    pen.lineTo(...axes.at(scene.bounds[0], scene.frame[0]));
    pen.fill();
    pen.restore();
    axes.line(points, { alpha: clear });
  }

  /** The ground around the reader's feet: as steep as it is there, and no more of it. */
  function ground(w, height, slope, here) {
    const { pen, theme } = axes;
    const [x, y] = axes.at(w, height);
    const steep = axes.at(w + 1, height + slope);
    const angle = Math.atan2(steep[1] - y, steep[0] - x);
    pen.save();
    pen.beginPath();
    pen.arc(x, y, CLEAR, 0, 2 * Math.PI);
    pen.clip();
    pen.translate(x, y);
    pen.rotate(angle);
    pen.globalAlpha = 0.22 * veil;
    pen.fillStyle = theme.green;
    pen.fillRect(-CLEAR, 0, 2 * CLEAR, 2 * CLEAR);
    pen.globalAlpha = (here ? 1 : 0.5) * veil;
    pen.fillStyle = theme.ink;
    pen.fillRect(-CLEAR * 0.7, -1.5, CLEAR * 1.4, 3);
    pen.restore();
  }

  /** The fog: an even grey with lighter drifts, thin around each place that the reader has felt. */
  function mist(places, heights) {
    if (veil <= 0) return;
    const { left: x, top: y, width, height } = axes.box;
    const ratio = window.devicePixelRatio || 1;
    const sheet = document.createElement("canvas");
    [sheet.width, sheet.height] = [Math.ceil(width * ratio), Math.ceil(height * ratio)];
    const pen = sheet.getContext("2d");
    pen.scale(ratio, ratio);
    pen.globalAlpha = 0.55;
    pen.fillStyle = axes.theme.faint;
    pen.fillRect(0, 0, width, height);
    pen.globalAlpha = 1;
    pen.globalCompositeOperation = "destination-out";
    const hole = (cx, cy, rx, ry, thin) => {
      pen.save();
      pen.translate(cx, cy);
      pen.scale(1, ry / rx);
      const soft = pen.createRadialGradient(0, 0, 0, 0, 0, rx);
      soft.addColorStop(0, `rgba(0, 0, 0, ${thin})`);
      soft.addColorStop(0.55, `rgba(0, 0, 0, ${0.8 * thin})`);
      soft.addColorStop(1, "rgba(0, 0, 0, 0)");
      pen.fillStyle = soft;
      pen.fillRect(-rx, -rx, 2 * rx, 2 * rx);
      pen.restore();
    };
    for (const [cx, cy, rx, ry] of DRIFTS) hole(cx * width, cy * height, rx * width, ry * height, 0.35);
    places.forEach((w, k) => {
      const [px, py] = axes.at(w, heights[k]);
      hole(px - x, py - y, CLEAR * 1.5, CLEAR * 1.5, 1);
    });
    axes.pen.save();
    axes.pen.globalAlpha = veil;
    axes.pen.drawImage(sheet, x, y, width, height);
    axes.pen.restore();
  }

  /** The steps from place to place, as hops above the ground. */
  function hops(walk, heights, color, dash) {
    const { pen } = axes;
    pen.save();
    pen.strokeStyle = color;
    pen.lineWidth = 2;
    pen.setLineDash(dash);
    pen.beginPath();
    walk.slice(1).forEach((w, k) => {
      const [from, to] = [axes.at(walk[k], heights[k]), axes.at(w, heights[k + 1])];
      const top = Math.min(from[1], to[1]) - 10 - 0.16 * Math.abs(to[0] - from[0]);
      pen.moveTo(...from);
      pen.quadraticCurveTo((from[0] + to[0]) / 2, Math.max(top, axes.box.top - 10), ...to);
    });
    pen.stroke();
    pen.restore();
  }

  talk.begin();
  follow(panel, paint, signal);
}

const DRIFTS = [[0.12, 0.3, 0.3, 0.22], [0.55, 0.18, 0.36, 0.2], [0.9, 0.45, 0.28, 0.25], [0.3, 0.75, 0.4, 0.22], [0.75, 0.85, 0.34, 0.2]];

export default { render };
