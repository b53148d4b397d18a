// What our pages do beyond the theme: fold the code, choose light or dark, take guesses, and check work on paper by what
// was recorded when the site was built (recorded.py, which has the other half of mix, stream and spot).
// Nothing leaves the browser. What was chosen and answered stays in its local storage, where that is allowed.
(() => {
  "use strict";

  const GRID = 1e-3;
  const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const UNKNOWN = "?";
  const page = location.pathname.split("/").pop().replace(/\.html$/, "") || "index";

  const kept = {
    get(name) { try { return localStorage.getItem(`gdcourse:${name}`); } catch { return null; } },
    set(name, value) { try { localStorage.setItem(`gdcourse:${name}`, value); } catch { /* a private window */ } },
  };

  // ------------------------------------------------------------------------------------------------- what is sealed

  function mix(text) {
    let one = 0xdeadbeef, two = 0x41c6ce57;
    for (const letter of text) {
      one = Math.imul(one ^ letter.codePointAt(0), 2654435761);
      two = Math.imul(two ^ letter.codePointAt(0), 1597334677);
    }
    one = Math.imul(one ^ (one >>> 16), 2246822507) ^ Math.imul(two ^ (two >>> 13), 3266489909);
    two = Math.imul(two ^ (two >>> 16), 2246822507) ^ Math.imul(one ^ (one >>> 13), 3266489909);
    return [one >>> 0, two >>> 0];
  }

  function word(text) {
    const [one, two] = mix(text);
    return [0, 6, 12, 18, 24].map(shift => DIGITS[(one >>> shift) & 63]).join("") + DIGITS[two & 63];
  }

  function unsealed(seed, sealed) {
    const data = Uint8Array.from(atob(sealed), letter => letter.charCodeAt(0));
    for (let i = 0; i < data.length; i += 8) {
      mix(`${i / 8}|${seed}`).forEach((part, half) => {
        for (let k = 0; k < 4; k++) if (i + 4 * half + k < data.length) data[i + 4 * half + k] ^= (part >>> (8 * k)) & 255;
      });
    }
    return new TextDecoder().decode(data);
  }

  const crossed = (one, other) =>
    Array.from(one, (letter, i) => DIGITS[DIGITS.indexOf(letter) ^ DIGITS.indexOf(other[i])]).join("");

  class Table {
    constructor(name, {words, said}) {
      this.name = name;
      this.said = said;
      this.words = new Map();
      for (let i = 0; i < words.length; i += 12) this.words.set(words.slice(i, i + 6), words.slice(i + 6, i + 12));
    }
    // The word that a part of an answer unlocks, or nothing.
    open(part) {
      const place = `${this.name}|${part}`;
      const locked = this.words.get(word(place));
      return locked && crossed(locked, word(`lock|${place}`));
    }
    // What is said to a part of an answer, or nothing.
    read(part) {
      const secret = this.open(part);
      const sealed = secret && this.said[word(`said|${secret}`)];
      return sealed && JSON.parse(unsealed(secret, sealed));
    }
  }

  // The page's answers are loaded when the first one is asked for: by a script, so that it also works from a disk.
  let loading = null;
  function tables() {
    loading ??= new Promise((done, failed) => {
      window.gdcourse = forms => done(Object.fromEntries(Object.entries(forms).map(([name, form]) => [name, new Table(name, form)])));
      const script = document.createElement("script");
      script.src = `_answers/${page}.js`;
      script.onerror = () => { loading = null; failed(new Error("The recorded answers could not be loaded: try again.")); };
      document.head.append(script);
    });
    return loading;
  }

  // ------------------------------------------------------------------------------------------------ what people type

  const THOUSANDS = /(?<![\d.])[1-9]\d{0,2}(?:[,_ '’]\d{3})+(?!\d)/g;
  const LETTERED = /([A-Za-z])\s*(?:->|[:=→–-])?\s*(\d+)\s*[,;.]?\s*(?:and\s+)?/g; // A 3, B 5 and A3 B5

  // One number, as people write them: y = 0.25, ≈ 0.5, 5/2, 2½, 10², 50%, 0,25, −3, 2 · 0.4. Throws where there is none.
  function number(text) {
    if (/[₀-₉]/.test(text)) throw new Error("no number");
    text = text.trim().replace(/^[`'"[\]]+|[`'"[\]]+$/g, "");
    text = text.replace(/(\d*)([¼½¾⅐-⅞])/g, (_, whole, sign) => `(${whole || 0}+${sign})`);
    text = text.replace(/[⁺⁻]?[⁰¹²³⁴-⁹]+/g, "^($&)").normalize("NFKC").replace(/[÷⁄]/g, "/").replace(/\^/g, "**");
    text = text.replace(/[−–]/g, "-").replace(/[·×⋅]/g, "*").replace(/π/g, "3.141592653589793");
    text = text.replace(/^[^\d.(+-]*[=:≈~≃]\s*|^\s*(?:≈|~|≃|about|ca\.?|approximately|roughly)\s*/i, "");
    text = text.replace(/^[ [\]]+|[ [\]]+$/g, "");
    text = text.replace(/^\p{L}[\p{L}\p{N}_]*(?:\s*[=:≈]\s*|\s+(?:at|is)\s+)(?=[\d.(+√-])/u, ""); // W1: 1, w_4 = 5.048, W2 at 5
    text = text.replace(/(?<=[\d)%])\s+\(\p{L}{3}[^\d%()]*\)$/u, ""); // 5.048 (rounded)
    if (!/\b0[xX]/.test(text)) text = text.replace(/(?<=[\d)])\s*[xX]\s*(?=[\d(])/g, " * "); // 784 x 64, but not 0x10
    if (/[=≈]/.test(text)) return result(text.split(/[=≈]/));
    text = text.replace(/([\d)%.])\s*\p{L}[^\d]*$/u, "$1").replace(/\s*[.;,!]+$/, "").trim().replace(/sqrt\s*(?=\()/g, "√");
    const hundredth = text.endsWith("%");
    text = text.replace(/[% ]+$/, "");
    text = text.replace(/^([+-]?)(\d+) +(\d{1,2}\/\d+|\(0\+\d\/\d+\))$/, "$1($2+$3)"); // 8 1/20 and 8 ½
    text = text.replace(THOUSANDS, found => found.replace(/[,_ '’]/g, ""));
    text = text.replace(/(\d),(\d)/g, "$1.$2");
    const value = reckoned(text) / (hundredth ? 100 : 1);
    if (!Number.isFinite(value)) throw new Error("no number");
    return value;
  }

  // What stands last, as in 1.61 / 0.2 = 8.05, where all sides say the same, rounded or not.
  function result(sides) {
    const values = sides.map(number), last = values.at(-1);
    const near = one => Math.abs(one - last) <= 0.02 * Math.max(Math.abs(one), Math.abs(last));
    if (!values.every(near)) throw new Error("two results");
    return last;
  }

  // A sum, difference, product, quotient, power or root of numbers, with brackets.
  function reckoned(text) {
    const parts = text.match(/\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?|\*\*|[-+*/()]|\S/gi) || [];
    let at = 0;
    const take = () => parts[at++];
    const sum = () => {
      let value = product();
      while (parts[at] === "+" || parts[at] === "-") value = take() === "+" ? value + product() : value - product();
      return value;
    };
    const product = () => {
      let value = factor();
      while (parts[at] === "*" || parts[at] === "/") value = take() === "*" ? value * factor() : value / factor();
      return value;
    };
    const factor = () => {
      if (parts[at] === "-" || parts[at] === "+") return take() === "-" ? -factor() : factor();
      if (parts[at] === "√") { take(); return Math.sqrt(factor()); }
      const value = base();
      if (parts[at] !== "**") return value;
      take();
      return value ** factor(); // -2 ** 2 is -4, and 2 ** 3 ** 2 is 2 ** 9
    };
    const base = () => {
      const part = take();
      if (part === "(") { const value = sum(); if (take() !== ")") throw new Error("no bracket"); return value; }
      if (!/^[\d.]/.test(part || "")) throw new Error("no number");
      return Number(part);
    };
    const value = sum();
    if (at < parts.length) throw new Error("something behind the number");
    return value;
  }

  // many: of numbers that stand for descriptions so many are asked for, and 3142 is 3, 1, 4, 2.
  function numbers(text, many) {
    if (many > 2 && new RegExp(`^\\s*\\d{${many}}\\s*$`).test(text)) return Array.from(text.trim(), Number);
    const codes = ofLetters(text, many);
    if (codes.length) return codes;
    text = text.trim().replace(/(?<=[\])}])\s*[.;,!]+$/, "").replace(/^[[({]+|[\])}]+$/g, "");
    let parts = text.split(/[;,]?\s+and\s+/);
    if (/^\d+((?!\s+[-–]\d)\s*(-|–|→|->|>)\s*\d+)+$/.test(text)) return text.match(/\d+/g).map(Number);
    if (/^[+-]?\d+,\d+(?:\s+[+-]?\d+,\d+)+$/.test(text.replace(/[−–]/g, "-"))) return text.split(/\s+/).map(number);
    if (parts[1] && parts.every(part => /^(?:[^;,]*\d[^;,]*=[^;,]*|[+-]?[\d.]+(?:\s+\p{L}+)?)$/u.test(part))) return parts.map(number);
    if (text.includes(";")) parts = parts.map(part => part.replaceAll(", ", "; ")); // dz: 0.2, 0.5; 0.8
    const separator = [";", "|", ", ", ","].find(one => text.includes(one)) ?? " ";
    if (separator === "," && parts[1] && keepTheirCommas(parts)) return parts.map(number);
    if (separator === " " && parts[1] && parts.some(part => /^[+-]?\d+ +\d{1,2}\/\d+$/.test(part))) return parts.map(number);
    if (separator === " ") return parts.join(" ").split(/\s+/).filter(Boolean).map(number);
    return parts.join(separator).split(separator).filter(part => part.trim()).map(outOfItsList).map(number);
  }

  // The codes behind so many letters that follow each other, or none.
  function ofLetters(text, many) {
    const found = many > 1 ? [...text.matchAll(LETTERED)] : [], letters = found.map(one => one[1]).join("");
    if (found.length !== many || text.replace(LETTERED, "").replace(/^[ [\]()]+|[ [\]()]+$/g, "")) return [];
    const inOrder = "ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz".includes(letters);
    return inOrder ? found.map(one => Number(one[2])) : [];
  }

  // A part without the round bracket with which a list begins or ends at it, as in c = (14, 32).
  function outOfItsList(part) {
    const opened = part.split("(").length - part.split(")").length;
    if (opened === 1) return part.replace(/^([^\d(]*[=:])?\s*\(/, "$1");
    return opened === -1 ? part.replace(/\)\s*$/, "") : part;
  }

  // Whether commas belong to the numbers between which "and" stands: 50,240 and 7 or 0,5 and 0,25.
  function keepTheirCommas(parts) {
    return parts.every(part => part.split(",").length === 2) || !parts.join(" and ").replace(THOUSANDS, "").includes(",");
  }

  function order(text, lines) {
    if (/\d\.\d/.test(text)) throw new Error("no order");
    const found = text.match(lines < 10 && !/\b\d{2}\b/.test(text) ? /\d/g : /\d+/g);
    if (!found) throw new Error("no order");
    return found.map(Number);
  }

  const plain = value => String(Number(value.toPrecision(6)));
  const shown = given => Array.isArray(given) ? `[${given.map(plain).join(", ")}]` : plain(given);

  // -------------------------------------------------------------------------------------------------------- checks

  function spot(value, exact) {
    if (exact || value === 0) return `=${Math.floor(value * 1e6 + 0.5)}`;
    return `${value < 0 ? "-" : ""}${Math.floor(Math.log(Math.abs(value)) / GRID + 0.5)}`;
  }

  const NOTHING = {kind: "wrong", lines: []};

  function saidOfNumbers(table, given) {
    const names = given.map(one => table.open(`c|${spot(one, true)}`) ?? table.open(`c|${spot(one, false)}`) ?? UNKNOWN);
    const wrong = given.map((_, i) => i).filter(i => !table.open(`p|${i}|${names[i]}`));
    return table.read(`l|${names}`) ?? table.read(`n|${given.length}`) ?? table.read(`m|${[...names].sort()}`)
      ?? table.read(`w|${wrong}`) ?? NOTHING;
  }

  function saidOfAnOrder(table, given, lines) {
    const whole = table.read(`l|${given}`);
    if (whole) return whole;
    if (given.some(line => line < 1 || line > lines)) return table.read(given.includes(0) ? "outside0" : "outside");
    const twice = given.filter((line, i) => given.indexOf(line) !== i).sort((a, b) => a - b);
    if (twice.length) return table.read(`twice|${twice[0]}`);
    const strange = given.map(line => table.read(`strange|${line}`));
    const kept = given.filter((_, i) => !strange[i]);
    const pairs = kept.flatMap((a, i) => kept.slice(i + 1).map(b => table.read(`pair|${a}|${b}`))).filter(Boolean);
    pairs.sort((one, other) => one[0] - other[0]);
    const told = [strange.find(Boolean), table.read(`missing|${[...kept].sort((a, b) => a - b)}`), pairs[0]?.[1]];
    return {kind: "wrong", lines: [told.filter(Boolean).slice(0, 2).join(" ")]};
  }

  const asked = (kind, many) => ({
    order: `the numbers of the lines, from 1 to ${many}, in order`, numbers: "a list of numbers, such as 2, 1", number: "a number, such as 2.5 or 5/2",
  })[kind];

  // Returns {kind, lines}: what the check says to an answer as it was typed.
  function judged(table, kind, text, many) {
    const name = table.name;
    let given;
    if (!text.trim()) return {kind: "open", lines: [`${name}: write ${asked(kind, many)}, into the field, then press Check.`]};
    try {
      given = kind === "order" ? order(text, many) : kind === "numbers" ? numbers(text, many) : number(text);
    } catch {
      return {kind: "wrong", lines: [`${name}: expected ${asked(kind, many)}.`]};
    }
    const said = kind === "order" ? saidOfAnOrder(table, given, many) : saidOfNumbers(table, [given].flat());
    const first = said.kind === "right" ? "is right." : "is not right yet.";
    return {kind: said.kind, lines: [`${name}: ${shown(given)} ${first}`, ...said.lines]};
  }

  // ---------------------------------------------------------------------------------------------------- the elements

  // Code, and emphasis: a star right before and right after words, with a space or a bracket outside (report.py has the same).
  const MARKED = /`([^`\n]+)`|(?<![^\s([{])\*([\p{L}\p{N}_]+(?:-[\p{L}_][\p{L}\p{N}_]*|,? [\p{L}\p{N}_]+)*)\*(?![^\s)\]}.,;:!?])/gu;
  const ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"};

  // A text as HTML, with its `code` and its *emphasis* as elements.
  function marked(text) {
    const escaped = text.replace(/[&<>"']/g, sign => ESCAPES[sign]);
    return escaped.replace(MARKED, (_, code, words) => code ? `<code>${code}</code>` : `<em>${words}</em>`);
  }

  const SIGNS = {right: "✓", wrong: "✗", open: "…"};

  function tell(form, {kind, lines}) {
    const said = form.querySelector(".gd-said");
    said.className = `gd-said ${kind}`;
    form.classList.remove("right", "wrong", "open");
    form.classList.add(kind);
    const [first, ...rest] = lines.filter(Boolean).map(marked);
    said.innerHTML = [`<strong>${SIGNS[kind]} ${first}</strong>`, ...rest].join("<br>");
  }

  async function check(form) {
    const {name, kind, many} = form.dataset;
    const text = form.querySelector("input").value;
    if (text.trim()) kept.set(`${page}:${name}`, text);
    try {
      tell(form, judged((await tables())[name], kind, text, Number(many)));
    } catch (problem) {
      tell(form, {kind: "wrong", lines: [problem.message]});
    }
  }

  // A guess is kept; the next folded result says how it fared.
  async function guess(form, option) {
    const question = form.dataset.name;
    kept.set(`${page}:${question}`, option);
    const said = form.querySelector(".gd-said");
    said.innerHTML = `Your guess: ${marked(option)}. Now open the result below.`;
    const result = resultOf(form);
    if (!result) return;
    let line = result.querySelector(`.gd-verdict[data-of="${form.id}"]`);
    if (!line) {
      line = document.createElement("p");
      line.className = "gd-verdict";
      line.dataset.of = form.id;
      result.append(line);
    }
    try {
      line.innerHTML = marked((await tables())[question].read(`option|${option}`));
    } catch (problem) {
      said.textContent = problem.message;
    }
  }

  const resultOf = form => Array.from(document.querySelectorAll(".gd-result"))
    .find(fold => form.compareDocumentPosition(fold) & Node.DOCUMENT_POSITION_FOLLOWING);

  function begin() {
    document.querySelectorAll(".gd-ask").forEach(form => {
      form.addEventListener("submit", event => { event.preventDefault(); check(form); });
      const before = kept.get(`${page}:${form.dataset.name}`);
      if (before) { form.querySelector("input").value = before; check(form); }
    });
    document.querySelectorAll(".gd-predict").forEach((form, number) => {
      form.id = `guess-${number}`;
      form.addEventListener("submit", event => event.preventDefault());
      form.addEventListener("change", event => guess(form, event.target.value));
      const before = kept.get(`${page}:${form.dataset.name}`);
      const chosen = Array.from(form.querySelectorAll("input")).find(input => input.value === before);
      if (chosen) { chosen.checked = true; guess(form, before); }
    });
    document.querySelectorAll(".gd-sealed").forEach(sealed => {
      sealed.closest("details").addEventListener("toggle", () => {
        if (sealed.dataset.sealed) sealed.innerHTML = unsealed(sealed.closest("form").dataset.name, sealed.dataset.sealed);
        delete sealed.dataset.sealed;
      });
    });
    folds();
    frames();
    themes();
    contents();
  }

  function folds() {
    const button = document.querySelector(".gd-fold");
    const codes = document.querySelectorAll(".gd-code:not(.gd-asks)");
    if (!button || !codes.length) return;
    const fold = closed => {
      codes.forEach(code => { code.open = !closed; });
      button.textContent = closed ? "Unfold the code" : "Fold the code";
      kept.set("code", closed ? "folded" : "open");
    };
    button.hidden = false;
    if (kept.get("code") === "folded") fold(true);
    button.addEventListener("click", () => fold(Array.from(codes).some(code => code.open)));
  }

  // A picture or a table that is wider than its frame can be scrolled by keys, too (the theme does this for code).
  function frames() {
    const reached = new ResizeObserver(seen => seen.forEach(({target: frame}) => {
      if (frame.scrollWidth > frame.clientWidth) frame.tabIndex = 0; else frame.removeAttribute("tabindex");
    }));
    document.querySelectorAll(".gd-frame, article table").forEach(frame => reached.observe(frame));
  }

  // Light, dark, or as the system has it; the theme's own script reads the same two names.
  function themes() {
    const button = document.querySelector(".gd-theme");
    if (!button) return;
    const root = document.documentElement.dataset;
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const modes = {auto: "As the system", light: "Light", dark: "Dark"};
    const show = () => {
      root.theme = root.mode === "auto" ? (dark.matches ? "dark" : "light") : root.mode;
      button.querySelector(".gd-theme-name").textContent = modes[root.mode] || modes.auto;
      try { localStorage.setItem("mode", root.mode); localStorage.setItem("theme", root.theme); } catch { /* a private window */ }
    };
    button.addEventListener("click", () => {
      const names = Object.keys(modes);
      root.mode = names[(names.indexOf(root.mode) + 1) % names.length];
      show();
    });
    dark.addEventListener("change", show);
    addEventListener("beforeprint", () => { root.theme = "light"; }); // paper is white
    addEventListener("afterprint", show);
    show();
  }

  // On a telephone the contents lie over the page: a link to a part of it puts them away.
  function contents() {
    document.querySelectorAll("dialog").forEach(dialog => dialog.addEventListener("click", event => {
      if (event.target.closest('a[href^="#"]')) setTimeout(() => dialog.close()); // once the page has gone there
    }));
  }

  window.gdchecks = {tables, judged, marked, number, numbers};
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin); else begin();
})();
