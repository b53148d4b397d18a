// A translator at work: shows what Python computed for a number and a word, and asks for another one.

function render({ model, el, signal }) {
  const scene = model.get("scene");
  const root = figureIn(el, scene.name);
  let { phrase, step } = model.get("answer");
  const talk = conversation({ model, root, signal }, { asks: () => ({ phrase, step }), adopt, paint, has: "said" });
  const named = (word, end) => (word === "." ? end : word);

  const numbers = slider({ label: "number", low: 0, high: scene.limit, whole: true, positions: 400, stops: scene.stops, value: phrase },
    (value) => { [phrase, step] = [value, 0]; talk.ask(); }, talk.refused);
  const source = make("p", { class: "gdcourse-key" });
  const back = make("button", { type: "button", onclick: () => move(-1) }, "Word back");
  const on = make("button", { type: "button", onclick: () => move(1) }, "Word on");
  const said = make("div", { class: "gdcourse-buttons", role: "group", "aria-label": "words said" });
  const looks = make("ul", { class: "gdcourse-bars gdcourse-words" });
  const says = make("ul", { class: "gdcourse-bars gdcourse-words" });
  const panel = (heading, list) => make("div", {}, make("p", { class: "gdcourse-key" }, heading), list);
  const heading = make("span");
  root.append(
    make("div", { class: "gdcourse-controls" }, numbers.element, source, said, make("div", { class: "gdcourse-buttons" }, back, on)),
    make("div", { class: "gdcourse-panels gdcourse-even" }, panel("It looks at", looks), panel(heading, says)),
  );
  const speak = speaker(root);
  root.append(talk.trouble);

  function move(change) {
    const last = model.get("answer").said.length - 1;
    if (step + change < 0 || step + change > last) return;
    step += change;
    talk.ask();
  }

  /** Let the controls show what is drawn. */
  function adopt() {
    ({ phrase, step } = model.get("answer"));
    numbers.show(phrase);
  }

  /** A list of words with a bar and a number each; the largest is marked. */
  function fill(list, rows) {
    const most = Math.max(...rows.map(([, share]) => share));
    list.replaceChildren(...rows.map(([word, share]) => make("li", { class: share === most ? "gdcourse-most" : "" },
      make("span", {}, word),
      make("span", { class: "gdcourse-bar", style: `--share: ${share}`, "aria-hidden": "true" }),
      make("span", {}, share.toFixed(2)))));
  }

  /** A button for each word said, the chosen one pressed. They stay, so that the focus stays. */
  function fillSaid(words, chosen) {
    while (said.children.length > words.length) said.lastChild.remove();
    words.forEach((word, i) => {
      if (!said.children[i]) said.append(make("button", { type: "button", onclick: () => { step = i; talk.ask(); } }));
      const button = said.children[i];
      button.textContent = named(word, "(end)");
      button.setAttribute("aria-pressed", String(i === chosen));
    });
  }

  function paint() {
    const answer = model.get("answer");
    if (!answer.said) return; // the figure is closed
    source.textContent = `${scene.languages[0]}: ${answer.source.filter((word) => word !== ".").join(" ")}`;
    said.setAttribute("aria-label", `words said, in ${scene.languages[1]}`);
    fillSaid(answer.said, answer.step);
    back.setAttribute("aria-disabled", String(answer.step === 0));
    on.setAttribute("aria-disabled", String(answer.step === answer.said.length - 1));
    heading.textContent = `Word ${answer.step + 1}, the likeliest`;
    fill(looks, answer.source.map((word, i) => [named(word, "(empty)"), answer.weights[i]]));
    fill(says, answer.likeliest.map(([word, p]) => [named(word, "(end)"), p]));
    speak.say(answer.words);
  }

  talk.begin();
}

export default { render };
