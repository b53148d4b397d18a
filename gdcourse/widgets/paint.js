// What the live figures share: numbers in words, axes on a canvas, and controls with names.
// Python computes; nothing here knows about gradient descent.

/** A number with at most four significant digits, as a reader writes it: 0.0312, −2.5, 1.3·10⁻⁵. */
function short(x, digits = 3) {
  if (Number.isNaN(x)) return "not a number";
  if (!Number.isFinite(x)) return x > 0 ? "infinity" : "minus infinity";
  if (x === 0) return "0";
  const size = Math.abs(x);
  let text;
  if (size >= 1e5 || size < 1e-3) {
    const [digitsPart, power] = x.toExponential(digits - 1).split("e");
    const raised = [...String(Number(power))].map((c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)]).join("");
    const mantissa = Number(digitsPart);
    text = `${mantissa === 1 ? "" : `${mantissa}·`}10${raised}`;
  } else {
    text = String(Number(x.toPrecision(size >= 1000 ? digits + 1 : digits)));
  }
  return text.replace("-", "−");
}

/** The numbers in a buffer that Python sent, of four bytes each unless `count` says that they have eight. */
function floats(view, count = view.byteLength / 4) {
  const bytes = view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
  return view.byteLength === 8 * count ? new Float64Array(bytes) : new Float32Array(bytes);
}

/** An element with attributes, listeners ("onclick") and children. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/** A part of a key: a glyph in its colour, and the name of what it stands for. */
function keyPart(color, glyph, name) {
  return make("span", {}, make("span", { "aria-hidden": "true", style: `color: var(--gdcourse-${color})` }, glyph), ` ${name}`);
}

// How two kinds of lines and points are told apart.
const TWO_KINDS = [
  { shape: "circle", glyph: "●", color: "blue", dash: [] },
  { shape: "square", glyph: "■", color: "vermillion", dash: [7, 4] },
];

/** Say what a canvas shows. Until then it is no picture: a screen reader would meet one without a name. */
function describe(canvas, text, role = "img") {
  canvas.setAttribute("role", role);
  canvas.setAttribute("aria-label", text);
}

/** An id that no other figure on the page has. */
const unique = (name) => `gdcourse-${name}-${crypto.getRandomValues(new Uint32Array(2)).join("-")}`;

/** Round steps between low and high, about `count` of them and at least one: 1, 2 or 5 times a power of ten. */
function ticks(low, high, count) {
  const rough = (high - low) / Math.max(2.5, count); // the step is less than 2.5 times that
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => power * factor >= rough);
  const first = Math.ceil(low / step - 1e-9); // it may be so large that first + 1 is the same number
  const many = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: many }, (_, k) => (first + k) * step);
}

/**
 * The powers of ten between low and high, about `count` of them. Where these are few, twos and fives too, or threes; and
 * on an axis too short for those, round steps, as many as have room where they stand closest, at the high end.
 */
function powers(low, high, count) {
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  if (last - first <= 2) {
    const decades = Array.from({ length: last - first + 3 }, (_, k) => first - 1 + k);
    const within = (digits) => decades.flatMap((power) => digits.map((digit) => Number(`${digit}e${power}`)))
      .filter((value) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9));
    const finer = [[1, 2, 5], [1, 3], [1]].map(within).find(({ length }) => length <= count);
    const even = high < 10 * low ? ticks(low, high, (count * (1 - low / high)) / Math.log(high / low)) : [];
    if (finer) return even.length > finer.length ? even : finer;
  }
  const step = Math.max(1, Math.ceil((last - first + 1) / count));
  const found = [];
  for (let power = last; power >= first; power -= step) found.unshift(10 ** power);
  return found;
}

const LETTERS = 13; // pixels: the size of the words on a picture
const HIGH = 18; // of a label, with its veil
const GAPS = [3, 10, 20, 32, 46]; // pixels between a label and what it names
const FAR_OFF = 16; // from here on a line leads from a label to what it names

/** How far two boxes {left, top, right, bottom} are from each other; 0 if they meet. */
const between = (one, other) => Math.hypot(
  Math.max(0, one.left - other.right, other.left - one.right), Math.max(0, one.top - other.bottom, other.top - one.bottom));

/**
 * Where a label is written: the free room beside what it names, {left, top, right, bottom}; null if there is none.
 * [wide, high]: of the label. frame: the label stays in it. taken: other labels, none of which it touches. inked: places
 * [x, y, weight] that are better not covered. others: what else is named; the label stands nearer to its own.
 * towards: a direction [x, y] that is better. before: the way that was taken last, so that labels don't jump.
 * farthest: pixels; a label farther off would be taken for another's.
 */
function freePlace(box, [wide, high], { frame, taken, inked, others = [], towards = null, before = "", farthest = Infinity }) {
  const [middle, height] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
  const large = box.right - box.left > 20;
  let best = null;
  GAPS.filter((gap) => gap <= farthest).forEach((gap, ring) => {
    const [up, down, aside, across] = [box.top - gap - high, box.bottom + gap, box.right + gap, box.left - gap - wide];
    const on = box.left === box.right && !ring ? [[middle - wide / 2, height - high / 2]] : []; // a place may be covered
    const level = [box.left, middle - wide / 2, box.right - wide, ...(large ? [] : [aside, across])];
    const ways = [...on, ...level.map((left) => [left, up]), ...level.map((left) => [left, down])];
    for (const left of [aside, across]) ways.push([left, height - high / 2], ...(large ? [[left, box.top], [left, box.bottom - high]] : []));
    ways.forEach(([left, top], way) => {
      const here = { left, top, right: left + wide, bottom: top + high };
      if (left < frame.left || top < frame.top || here.right > frame.right || here.bottom > frame.bottom) return;
      if (taken.some((one) => left < one.right && one.left < here.right && top < one.bottom && one.top < here.bottom)) return;
      let cost = 2 * ring + 0.1 * way - (before === `${ring} ${way}` ? 1.5 : 0);
      for (const [x, y, weight] of inked) if (x > left && x < here.right && y > top && y < here.bottom) cost += weight;
      const own = between(here, box);
      for (const other of others) if (between(here, other) < own) cost += 4;
      if (towards) {
        const [dx, dy] = [left + wide / 2 - middle, top + high / 2 - height];
        cost += 2 - (2 * (dx * towards[0] + dy * towards[1])) / (Math.hypot(dx, dy) * Math.hypot(...towards) || 1);
      }
      if (!best || cost < best.cost) best = { ...here, cost, way: `${ring} ${way}`, off: own };
    });
  });
  return best;
}

/** Write a label where `freePlace` has found room, on a veil, with a line from far off to what it names. */
function paintLabel(pen, theme, text, found, { color = theme.ink, bold = false, box = null } = {}) {
  pen.save();
  pen.setLineDash([]);
  if (box && found.off > FAR_OFF) {
    const inside = (value, low, high) => Math.min(high, Math.max(low, value));
    const from = [inside((box.left + box.right) / 2, found.left, found.right), inside((box.top + box.bottom) / 2, found.top, found.bottom)];
    pen.strokeStyle = color;
    pen.lineWidth = 1;
    pen.beginPath();
    pen.moveTo(...from);
    pen.lineTo(inside(from[0], box.left, box.right), inside(from[1], box.top, box.bottom));
    pen.stroke();
  }
  pen.font = `${bold ? "bold " : ""}${LETTERS}px ${theme.font}`;
  pen.globalAlpha = 0.75;
  pen.fillStyle = theme.paper;
  pen.fillRect(found.left, found.top, found.right - found.left, found.bottom - found.top);
  pen.globalAlpha = 1;
  pen.fillStyle = color;
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  pen.fillText(text, found.left + 2, (found.top + found.bottom) / 2);
  pen.restore();
}

/** How wide a label is, with its veil. */
function widthOf(pen, theme, text, bold = false) {
  pen.save();
  pen.font = `${bold ? "bold " : ""}${LETTERS}px ${theme.font}`;
  const { width } = pen.measureText(text);
  pen.restore();
  return width + 4;
}

const marks = (range, log, room) => (log ? powers(...range, room) : ticks(...range, room));

const LEAST = 190; // pixels: the height of a picture with its axes on a narrow page

/** A canvas with two axes: turns numbers into places, and keeps what does not change on a picture of its own. */
class Axes {
  /** spec: {x: [low, high], y: [low, high], xlabel, ylabel, xlog, ylog, xticks: its ticks if not round ones, equal, height,
   *  floor: no ticks below it, leaves: of the window's height, in pixels, to what must be in view with equal axes} */
  constructor(canvas, spec) {
    this.canvas = canvas;
    this.spec = spec;
    this.still = document.createElement("canvas");
    // What labels must not cover: other labels, and ink; what is to be named; and where a label stood before.
    [this.taken, this.inked, this.waiting, this.stood] = [[], [], [], new Map()];
    this.kept = [[], []]; // of what stands still
  }

  /** Take the size that the page gives, and repaint what stands still. Returns false without room. */
  layout(theme, background = () => {}) {
    const width = Math.floor(this.canvas.parentElement.clientWidth);
    if (width < 40) return false;
    const { x, y, equal, height: share = 0.62, leaves = 0 } = this.spec;
    this.pen = this.still.getContext("2d");
    this.pen.font = `13px ${theme.font}`;
    const widest = Math.max(0, ...[...this.marksUp(4), ...this.marksUp(6)].map((value) => this.pen.measureText(short(value)).width));
    this.margin = { left: Math.max(58, 40 + widest), right: 18, top: 12, bottom: 44 };
    const inner = width - this.margin.left - this.margin.right;
    const most = leaves ? Math.max(LEAST - 56, window.innerHeight - leaves) : Infinity;
    const tall = equal ? Math.min((inner * (y[1] - y[0])) / (x[1] - x[0]), most) : Math.max(share * width, LEAST) - 56;
    const wide = equal ? (tall * (x[1] - x[0])) / (y[1] - y[0]) : inner;
    const height = Math.round(tall + this.margin.top + this.margin.bottom);
    this.theme = theme;
    this.box = { left: this.margin.left, top: this.margin.top, width: wide, height: tall };
    const ratio = window.devicePixelRatio || 1;
    for (const canvas of [this.canvas, this.still]) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      canvas.getContext("2d").setTransform(ratio, 0, 0, ratio, 0, 0);
    }
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    this.size = [width, height];
    this.pen = this.still.getContext("2d");
    this.pen.font = `13px ${theme.font}`;
    [this.taken, this.inked, this.waiting] = [[], [], []];
    this.clipped(() => background(this));
    this.frame();
    this.kept = [this.taken, this.inked];
    this.pen = this.canvas.getContext("2d");
    this.pen.font = `13px ${theme.font}`;
    return true;
  }

  /** Change the axes, and lay them out again if they are others than before. */
  change(spec) {
    const before = JSON.stringify(this.spec);
    Object.assign(this.spec, spec);
    if (this.theme && JSON.stringify(this.spec) !== before) this.layout(this.theme);
  }

  /** Begin a picture: what stands still, and nothing else. */
  begin() {
    this.pen.clearRect(0, 0, ...this.size);
    this.pen.drawImage(this.still, 0, 0, ...this.size);
    [this.taken, this.inked] = this.kept.map((one) => [...one]);
    this.waiting = [];
  }

  share(value, [low, high], log) {
    if (!log) return (value - low) / (high - low);
    return Math.log(Math.max(value, low * 1e-6) / low) / Math.log(high / low);
  }

  /** From numbers to a place on the canvas. */
  at(x, y) {
    const { left, top, width, height } = this.box;
    return [
      left + width * this.share(x, this.spec.x, this.spec.xlog),
      top + height * (1 - this.share(y, this.spec.y, this.spec.ylog)),
    ];
  }

  /** From a pointer's place to numbers, kept inside the frame. */
  under(event) {
    const { left, top, width, height } = this.box;
    const inside = (value) => Math.min(1, Math.max(0, value));
    const box = this.canvas.getBoundingClientRect();
    const [x, y] = [inside((event.clientX - box.left - left) / width), inside((event.clientY - box.top - top) / height)];
    const between = ([low, high], share, log) => (log ? low * (high / low) ** share : low + (high - low) * share);
    return [between(this.spec.x, x, this.spec.xlog), between(this.spec.y, 1 - y, this.spec.ylog)];
  }

  /** Say whether a place on the canvas lies in the frame. */
  holds(x, y) {
    const { left, top, width, height } = this.box;
    return x >= left - 1 && x <= left + width + 1 && y >= top - 1 && y <= top + height + 1;
  }

  clipped(draw) {
    const { left, top, width, height } = this.box;
    this.pen.save();
    this.pen.beginPath();
    this.pen.rect(left - 1, top - 1, width + 2, height + 2);
    this.pen.clip();
    draw();
    this.pen.restore();
  }

  /** Where the ticks of the level axis are: as many as leave a gap between their numbers. */
  marksAcross() {
    const { pen, spec } = this;
    const { width } = this.box;
    if (spec.xticks) return spec.xticks;
    const wide = (value) => pen.measureText(short(value)).width;
    const apart = (one, other) => width * (this.share(other, spec.x, spec.xlog) - this.share(one, spec.x, spec.xlog));
    const touch = (values) => values.slice(1).some((value, k) => apart(values[k], value) < (wide(values[k]) + wide(value)) / 2 + 6);
    let room = Math.max(2, Math.min(8, Math.floor(width / 40)));
    while (room > 2 && touch(marks(spec.x, spec.xlog, room))) room -= 1;
    return marks(spec.x, spec.xlog, room);
  }

  /** Where the ticks of the upright axis are, if it has a name. */
  marksUp(room) {
    const { y, ylog, ylabel, floor = -Infinity } = this.spec;
    return ylabel ? marks(y, ylog, room).filter((value) => value >= floor) : [];
  }

  frame() {
    const { pen, theme, spec } = this;
    const { left, top, width, height } = this.box;
    const bottom = top + height;
    pen.strokeStyle = theme.faint;
    pen.fillStyle = theme.ink;
    pen.lineWidth = 1;
    pen.strokeRect(left, top, width, height);
    pen.textAlign = "center";
    pen.textBaseline = "top";
    for (const value of this.marksAcross()) {
      const [x] = this.at(value, spec.y[0]);
      const half = pen.measureText(short(value)).width / 2;
      pen.fillRect(x - 0.5, bottom, 1, 4);
      pen.fillText(short(value), Math.min(x, this.size[0] - half - 1), bottom + 6);
    }
    pen.fillText(spec.xlabel, left + width / 2, bottom + 25);
    if (!spec.ylabel) return;
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    for (const value of this.marksUp(Math.max(2, Math.min(6, Math.floor(height / 26))))) {
      const [, y] = this.at(spec.x[0], value);
      pen.fillRect(left - 4, y - 0.5, 4, 1);
      pen.fillText(short(value), left - 7, y);
    }
    pen.save();
    pen.translate(13, top + height / 2);
    pen.rotate(-Math.PI / 2);
    pen.textAlign = "center";
    pen.fillText(spec.ylabel, 0, 0);
    pen.restore();
  }

  /** A line through points [x, y]; those far outside are drawn up to the frame's edge. */
  line(points, { color = this.theme.ink, width = 2, dash = [], alpha = 1 } = {}) {
    const { pen } = this;
    pen.save();
    pen.globalAlpha = alpha;
    pen.strokeStyle = color;
    pen.lineWidth = width;
    pen.lineJoin = "round";
    pen.setLineDash(dash);
    pen.beginPath();
    let [before, joined] = [null, false];
    for (const [x, y] of points) {
      const here = this.at(x, y);
      if (before) joined = this.segment(before, here, joined);
      if (before && width >= 1) this.ink(before, here);
      before = here;
    }
    pen.stroke();
    pen.restore();
  }

  /** Keep where a line between two places lies inside the frame: labels are better not written there. */
  ink([x0, y0], [x1, y1]) {
    const { left, top, width, height } = this.box;
    const steps = Math.ceil(Math.hypot(x1 - x0, y1 - y0) / 6);
    if (!(steps < 400)) return; // it comes from far outside, or goes there
    for (let k = 1; k <= steps; k += 1) {
      const [x, y] = [x0 + (k / steps) * (x1 - x0), y0 + (k / steps) * (y1 - y0)];
      if (x >= left && x <= left + width && y >= top && y <= top + height) this.inked.push([x, y, 1]);
    }
  }

  /**
   * Add to the path the part of a line between two places that lies near the frame, however far the ends are. joined: the
   * path has come to the first one, so that dashes go on. Returns whether it has come to the second.
   */
  segment([x0, y0], [x1, y1], joined = false) {
    const [wide, high] = this.size;
    let [from, to] = [0, 1];
    const within = (start, change, low, top) => {
      if (change === 0) return start >= low && start <= top;
      const [a, b] = [(low - start) / change, (top - start) / change].sort((p, q) => p - q);
      [from, to] = [Math.max(from, a), Math.min(to, b)];
      return from <= to;
    };
    if (![x0, y0, x1, y1].every(Number.isFinite)) return false;
    if (!within(x0, x1 - x0, -wide, 2 * wide) || !within(y0, y1 - y0, -high, 2 * high)) return false;
    if (!joined || from > 0) this.pen.moveTo(x0 + from * (x1 - x0), y0 + from * (y1 - y0));
    this.pen.lineTo(x0 + to * (x1 - x0), y0 + to * (y1 - y0));
    return to === 1;
  }

  /** A mark at a point inside the frame: circle, ring, square, triangle, diamond, hollow diamond or cross. */
  mark(x, y, { shape = "circle", color = this.theme.ink, radius = 4, alpha = 1 } = {}) {
    const { pen } = this;
    const [cx, cy] = this.at(x, y);
    if (!this.holds(cx, cy)) return;
    for (const [dx, dy] of [[0, 0], [1, 0], [-1, 0], [0, 1], [0, -1]]) this.inked.push([cx + dx * radius, cy + dy * radius, 1]);
    pen.save();
    pen.globalAlpha = alpha;
    pen.fillStyle = pen.strokeStyle = color;
    pen.lineWidth = 1.5;
    pen.beginPath();
    const corners = CORNERS[shape];
    if (shape === "cross") {
      for (const [dx, dy] of [[1, 1], [1, -1]]) {
        pen.moveTo(cx - dx * radius, cy - dy * radius);
        pen.lineTo(cx + dx * radius, cy + dy * radius);
      }
      pen.lineWidth = 2.5;
      pen.stroke();
    } else {
      if (corners) for (const [dx, dy] of corners) pen.lineTo(cx + dx * radius, cy + dy * radius);
      else pen.arc(cx, cy, radius, 0, 2 * Math.PI);
      pen.closePath();
      const open = shape === "ring" || shape === "hollow";
      if (open) pen.fillStyle = this.theme.paper;
      else pen.strokeStyle = this.theme.paper;
      pen.lineWidth = open ? 2.5 : 1;
      pen.fill();
      pen.stroke();
    }
    pen.restore();
  }

  /** An arrow between two places on the canvas, with a name at its tip. */
  arrow(from, to, { color = this.theme.ink, label = "", width = 2.5 } = {}) {
    const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
    if (!(length > 1)) return;
    const { pen } = this;
    const [ux, uy] = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
    const head = Math.min(11, 0.6 * length);
    const base = [to[0] - ux * head, to[1] - uy * head];
    pen.save();
    pen.strokeStyle = pen.fillStyle = color;
    pen.lineWidth = width;
    pen.beginPath();
    pen.moveTo(...from);
    pen.lineTo(...base);
    pen.stroke();
    pen.beginPath();
    pen.moveTo(...to);
    pen.lineTo(base[0] - uy * head * 0.5, base[1] + ux * head * 0.5);
    pen.lineTo(base[0] + uy * head * 0.5, base[1] - ux * head * 0.5);
    pen.closePath();
    pen.fill();
    pen.restore();
    this.ink(from, to);
    if (label) this.name(label, to, { color, bold: true, radius: 2, towards: [ux, uy] });
  }

  /** Words at a place, kept inside the frame, on a veil so that lines behind them don't disturb. */
  write(text, [x, y], { color = this.theme.ink, bold = false } = {}) {
    const wide = widthOf(this.pen, this.theme, text, bold);
    const { left: edge, width } = this.box;
    const left = Math.max(edge + 2, Math.min(edge + width - wide - 2, x - wide / 2));
    const top = Math.min(this.size[1] - 1 - HIGH, Math.max(1, y - HIGH / 2));
    const found = { left, top, right: left + wide, bottom: top + HIGH };
    this.taken.push(found);
    paintLabel(this.pen, this.theme, text, found, { color, bold });
  }

  /**
   * Name what is at a place; `writeNames` writes it beside the place, once all is painted that it is not to cover.
   * room: {left, top, right, bottom}, what it stays in, if not in the frame.
   */
  name(text, [x, y], { radius = 7, room = null, ...style } = {}) {
    const { left, top, width, height } = this.box;
    const [across, down] = [Math.min(left + width, Math.max(left, x)), Math.min(top + height, Math.max(top, y))];
    const box = { left: across - radius, top: down - radius, right: across + radius, bottom: down + radius };
    this.waiting.push({ text, box, room, style });
  }

  /** Write the names, the first ones first; one for which there is no room is left out: the text says it too. */
  writeNames() {
    const { left, top, width, height } = this.box;
    const frame = { left: left + 2, top: top + 2, right: left + width - 2, bottom: top + height - 2 };
    const all = this.waiting.map(({ box }) => box);
    this.waiting.forEach(({ text, box, room, style }, i) => {
      const others = all.filter((other, k) => k !== i && between(other, box) > 0);
      const size = [widthOf(this.pen, this.theme, text, style.bold), HIGH];
      const known = `${text} ${this.waiting.slice(0, i).filter((one) => one.text === text).length}`;
      const before = this.stood.get(known);
      const found = freePlace(box, size, { frame: room ?? frame, taken: this.taken, inked: this.inked, others, towards: style.towards, before });
      this.stood.set(known, found?.way);
      if (!found) return;
      this.taken.push(found);
      paintLabel(this.pen, this.theme, text, found, { ...style, box });
    });
    this.waiting = [];
  }
}

const CORNERS = {
  square: [[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]],
  triangle: [[0, -1.2], [1.1, 0.8], [-1.1, 0.8]],
  diamond: [[0, -1.3], [1.1, 0], [0, 1.3], [-1.1, 0]],
  hollow: [[0, -1.3], [1.1, 0], [0, 1.3], [-1.1, 0]],
};

/** A landscape that Python sent: its shades, bluer where it is lower, and its contour lines. */
function paintLandscape(one, landscape) {
  const { shades, side: cells, lines } = landscape;
  const levels = new Uint8Array(shades.buffer, shades.byteOffset, shades.byteLength);
  const small = document.createElement("canvas");
  small.width = small.height = cells;
  const tint = parseInt(one.theme.blue.slice(1), 16);
  const pixels = new ImageData(cells, cells);
  levels.forEach((level, i) => pixels.data.set([tint >> 16, (tint >> 8) & 255, tint & 255, (255 - level) * 0.4], 4 * i));
  small.getContext("2d").putImageData(pixels, 0, 0);
  one.pen.drawImage(small, one.box.left, one.box.top, one.box.width, one.box.height);
  for (const line of lines) {
    const numbers = floats(line);
    one.line(Array.from({ length: numbers.length / 2 }, (_, i) => [numbers[2 * i], numbers[2 * i + 1]]), { alpha: 0.5, width: 0.8 });
  }
}

/** The colours and the font that the page has now. */
function themeOf(element) {
  const style = getComputedStyle(element);
  const one = (name) => style.getPropertyValue(`--gdcourse-${name}`).trim();
  const names = ["ink", "faint", "paper", "blue", "vermillion", "green", "purple", "brown"];
  return { ...Object.fromEntries(names.map((name) => [name, one(name)])), font: style.fontFamily || "sans-serif" };
}

/** Call `changed` when the size, the theme or the sharpness of the page changes, until the signal. */
function follow(element, changed, signal) {
  const sizes = new ResizeObserver(() => changed());
  sizes.observe(element);
  // JupyterLab hides the page for a moment while it changes the theme, too short for the sizes to be observed.
  const shown = (frames = 120) => {
    if (element.clientWidth || !frames) changed();
    else if (element.isConnected) requestAnimationFrame(() => shown(frames - 1));
  };
  const themes = new MutationObserver(() => shown());
  themes.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] }); // as web pages have it
  themes.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "data-jp-theme-name", "class"] });
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", changed, { signal });
  signal.addEventListener("abort", () => {
    sizes.disconnect();
    themes.disconnect();
  });
}

/** The element that holds a figure: keys pressed in it are not JupyterLab's, also where a click went to no control. */
function figureIn(el, name) {
  const root = make("div", { class: "gdcourse-figure", role: "group", "aria-label": name, tabindex: -1, "data-lm-suppress-shortcuts": "true" });
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") event.stopPropagation();
  });
  el.append(root);
  return root;
}

/**
 * A slider with its name and its value in words, and a field for an exact value; `refused` is told why one is not taken.
 * stops: the values where the slider stands, in their order, if they are not evenly spread; the field takes others, too.
 */
function slider({ label, low, high, value, log = false, positions = 200, whole = false, stops = null }, changed, refused) {
  if (stops) [low, high, positions] = [stops[0], stops.at(-1), stops.length - 1];
  const id = unique("slider");
  const round = (x) => (whole ? Math.round(x) : Number(x.toPrecision(3)));
  const value_at = (i) => {
    if (i <= 0) return low;
    if (i >= positions) return high;
    if (stops) return stops[i];
    return round(log ? low * (high / low) ** (i / positions) : low + ((high - low) * i) / positions);
  };
  const nearest = (x) => stops.reduce((best, stop, i) => (Math.abs(stop - x) < Math.abs(stops[best] - x) ? i : best), 0);
  const position_of = (x) => stops ? nearest(x) : positions * (log ? Math.log(x / low) / Math.log(high / low) : (x - low) / (high - low));
  const range = make("input", { type: "range", id, min: 0, max: positions, step: 1 });
  const exact = make("input", { type: "text", inputmode: "decimal", "aria-label": `${label}, exact` });
  let writing = false; // what is half written stays, whatever Python answers meanwhile
  const show = (x) => {
    range.value = Math.round(position_of(x));
    range.setAttribute("aria-valuetext", short(x));
    if (!writing) exact.value = String(Number(x.toPrecision(4)));
    value = x;
  };
  range.addEventListener("input", () => {
    show(value_at(Number(range.value)));
    changed(value);
  });
  exact.addEventListener("input", () => (writing = true));
  exact.addEventListener("blur", () => (writing = false));
  exact.addEventListener("change", () => {
    writing = false;
    const text = exact.value.trim().replace("−", "-");
    const typed = text === "" ? NaN : Number(text);
    if (typed >= low && typed <= high) {
      show(whole ? Math.round(typed) : typed);
      changed(value);
      return;
    }
    const range_ = `${label} goes from ${short(low)} to ${short(high)}`;
    const comma = /^[-+]?\d*,\d+$/.test(text) ? `; write ${text.replace(",", ".")}, with a point` : "";
    show(value);
    refused(`${range_}${comma || (Number.isNaN(typed) ? "; write a number" : "")}.`);
  });
  show(value);
  const element = make("div", { class: "gdcourse-slider" }, make("label", { for: id }, label), range, exact);
  return { element, show };
}

/** A line of text that is read aloud, politely, once the figure has come to rest. */
function speaker(root) {
  const seen = make("p", { class: "gdcourse-text" });
  const aloud = make("p", { class: "gdcourse-aloud", role: "status", "aria-live": "polite" });
  root.append(seen, aloud);
  let [timer, width, said] = [0, 0, []];
  function free() {
    seen.style.minHeight = "";
  }
  /** Say the lines that are not as they were when they were said last. */
  function speak() {
    const lines = seen.textContent.split("\n");
    const fresh = lines.filter((line) => !said.includes(line));
    said = lines;
    if (fresh.length) aloud.textContent = fresh.join("\n");
  }
  return {
    /** Keep as much room as the longest text of this width has needed, so that nothing below jumps; `free` ends it. */
    keep() {
      if (seen.clientWidth !== width) free();
      width = seen.clientWidth;
      if (width) seen.style.minHeight = `${seen.offsetHeight}px`;
    },
    free,
    say(text, quietly = false) {
      if (seen.textContent !== text) seen.textContent = text;
      if (quietly) return; // what waits to be said is said: the newest text by then
      clearTimeout(timer);
      timer = setTimeout(speak, 500);
    },
  };
}

// The figures whose kernel is gone, by their scene: a view made later learns it here.
const lost = new WeakSet();

/** Call `told` with a sentence once the kernel of a figure has restarted or ended: Python never answers it again. */
function bereft(model, told, signal) {
  const scene = model.get("scene");
  const gone = (what) => {
    if (signal.aborted) return;
    lost.add(scene);
    told(`The kernel has ${what}; run this cell again.`);
  };
  const session = model.widget_manager?.context?.sessionContext;
  const restarted = () => gone("restarted");
  const status = (_, now) => {
    if (now === "restarting" || now === "autorestarting") restarted();
    if (now === "dead" || now === "terminated") gone("ended");
  };
  const changed = (_, { oldValue, newValue }) => oldValue && gone(newValue ? "restarted" : "ended");
  model.on("comm_live_update", restarted);
  session?.statusChanged.connect(status);
  session?.kernelChanged.connect(changed);
  signal.addEventListener("abort", () => {
    model.off("comm_live_update", restarted);
    session?.statusChanged.disconnect(status);
    session?.kernelChanged.disconnect(changed);
  });
  if (lost.has(scene)) restarted();
}

let asked = 0; // questions of all views of a figure, so that no two have the same number

/** Ask Python with the latest state only: while an answer is under way, newer questions replace older ones. */
function asker(model, waiting) {
  let [number, pending, timer] = [0, null, 0];
  let [answered, closed] = [true, false];
  const send = (question) => {
    answered = false;
    number = asked += 1;
    clearTimeout(timer);
    timer = setTimeout(() => waiting(true), 800);
    model.send({ ...question, number });
  };
  return {
    ask(question) {
      if (closed) return;
      if (answered) send(question);
      else pending = question;
    },
    /** Say whether what the reader wants was not answered yet. */
    busy: () => !answered,
    /** Ask nothing any more. */
    close() {
      [closed, answered, pending] = [true, true, null];
      clearTimeout(timer);
    },
    /** An answer has come; say whether it is to one of this view's questions. */
    heard(answer) {
      if (answer.number !== number) return false;
      answered = true;
      clearTimeout(timer);
      waiting(false);
      if (pending) send(pending);
      pending = null;
      return true;
    },
  };
}

/**
 * The talk of a view with Python: it asks what its controls stand on, paints what comes, and says below what is late,
 * refused or gone. asks: the question of now. adopt: lets the controls show the answer. has: what a closed figure lacks.
 */
function conversation({ model, root, signal }, { asks, adopt, paint, has }) {
  const trouble = make("p", { class: "gdcourse-trouble", role: "status" });
  let [late, gone, refusal] = ["", "", ""];
  const question = asker(model, (waiting) => {
    late = waiting ? "Python is still computing; the figure shows the last answer." : "";
    show();
  });
  function show() {
    const said = gone || [refusal, late || model.get("answer").trouble].filter(Boolean).join(" ");
    if (trouble.textContent !== said) trouble.textContent = said;
  }
  function heard() {
    const answer = model.get("answer");
    if (!answer[has]) return; // the figure is closed
    question.heard(answer);
    if (!question.busy()) adopt();
    show();
    paint();
  }
  return {
    trouble,
    gone: () => gone !== "",
    refused(sentence) {
      refusal = sentence;
      show();
    },
    ask() {
      refusal = "";
      if (gone) adopt();
      else question.ask(asks());
      show();
    },
    /** Paint what there is and what comes, until the view ends; `lost` is called when the kernel does. */
    begin(lost = () => {}) {
      heard();
      adopt();
      model.on("change:answer", heard);
      bereft(model, (sentence) => {
        gone = sentence;
        question.close();
        root.classList.add("gdcourse-lost");
        lost();
        adopt();
        show();
      }, signal);
      signal.addEventListener("abort", () => model.off("change:answer", heard));
    },
  };
}
