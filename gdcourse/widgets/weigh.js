// The scales: words as buttons with a bar each, what Python says they add to the score; a word can be switched off.

function render({ model, el, signal }) {
  const scene = model.get("scene");
  const root = figureIn(el, scene.name);
  let { text } = model.get("answer");
  let off = offOf(model.get("answer"));
  let here = 0; // the word that the arrow keys have reached
  const talk = conversation({ model, root, signal }, { asks: () => ({ text, off: [...off] }), adopt, paint, has: "words" });

  const [listed, typed] = [unique("listed"), unique("typed")];
  const select = make("select", { id: listed, onchange: () => take(scene.texts[Number(select.value)]) });
  select.append(make("option", { value: -1, hidden: true }, "your own"), ...scene.labels.map((label, i) => make("option", { value: i }, label)));
  const field = make("input", { type: "text", id: typed, maxlength: scene.letters, spellcheck: "false", onchange: () => take(field.value) });
  const choose = make("div", { class: "gdcourse-choose gdcourse-controls" },
    make("label", { for: listed }, "text"), select, make("label", { for: typed }, "or write one"), field);
  const all = make("button", { type: "button", onclick: () => { off = new Set(); talk.ask(); } }, "All words on");
  const row = make("div", { class: "gdcourse-scales", role: "group", "aria-label": "Words: press one to switch it off or on; the arrow keys go along" });
  const key = make("p", { class: "gdcourse-key" },
    ...[["vermillion", "▲", "+ for five stars"], ["blue", "▼", "− against"]].map((part) => keyPart(...part)),
    make("span", { class: "gdcourse-plain" }, "italic: not in the vocabulary"));
  root.append(choose, key, row, make("div", { class: "gdcourse-buttons gdcourse-controls" }, all));
  const speak = speaker(root);
  root.append(talk.trouble);

  function take(chosen) {
    if (talk.gone()) return adopt();
    [text, off, here] = [chosen, new Set(), 0];
    talk.ask();
  }

  function offOf({ words }) {
    return new Set(words.flatMap(({ on }, i) => (on ? [] : [i])));
  }

  /** Let the controls show what is drawn. */
  function adopt() {
    const answer = model.get("answer");
    [text, off] = [answer.text, offOf(answer)];
    select.value = String(scene.texts.indexOf(text));
    if (document.activeElement !== field || field.value === "") field.value = text;
  }

  const sign = (x) => `${x < 0 ? "−" : "+"}${Math.abs(x).toFixed(1)}`;

  function toggle(i) {
    if (talk.gone()) return;
    here = i;
    if (off.has(i)) off.delete(i);
    else off.add(i);
    talk.ask();
  }

  row.addEventListener("keydown", (event) => {
    const last = row.children.length - 1;
    const to = { ArrowRight: here + 1, ArrowDown: here + 1, ArrowLeft: here - 1, ArrowUp: here - 1, Home: 0, End: last }[event.key];
    if (to === undefined || last < 0) return;
    event.preventDefault();
    reach(Math.min(last, Math.max(0, to)));
    row.children[here].focus();
  });

  /** Let one word alone be reached by Tab. */
  function reach(i) {
    here = i;
    [...row.children].forEach((button, k) => button.setAttribute("tabindex", k === here ? "0" : "-1"));
  }

  function paint() {
    const { words, told, most } = model.get("answer");
    if (!words) return; // the figure is closed
    while (row.children.length > words.length) row.lastChild.remove();
    while (row.children.length < words.length) row.append(wordButton(row.children.length));
    // One scale for a text, with room for one word off: then the others' bars grow.
    const longest = Math.max(1e-9, most, ...words.map(({ adds }) => Math.abs(adds)));
    words.forEach(({ word, known, on, adds }, i) => {
      const button = row.children[i];
      const [scale, name, number] = button.children;
      button.setAttribute("aria-pressed", String(on));
      button.setAttribute("aria-label", `${word}${known ? "" : ", not in the vocabulary"}, ${on ? sign(adds).replace("−", "minus ").replace("+", "plus ") : "off"}`);
      scale.style.setProperty("--share", (Math.abs(adds) / longest).toFixed(3));
      scale.classList.toggle("gdcourse-against", adds < 0);
      if (name.textContent !== word) name.textContent = word;
      name.classList.toggle("gdcourse-unknown", !known);
      number.textContent = on ? sign(adds) : "off";
    });
    reach(Math.min(here, Math.max(0, words.length - 1)));
    speak.say(told);
  }

  function wordButton(i) {
    return make("button", { type: "button", tabindex: "-1", onclick: () => toggle(i) },
      make("span", { class: "gdcourse-scale" }), make("span", { class: "gdcourse-word" }), make("span", { class: "gdcourse-number" }));
  }

  talk.begin();
}

export default { render };
