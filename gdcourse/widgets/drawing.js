// Draw a digit: paints the strokes as they are drawn, and what Python says that the network sees and reads.

function render({ model, el, signal }) {
  const scene = model.get("scene");
  const { side } = scene;
  const root = figureIn(el, scene.name);
  let gone = ""; // a sentence, once the kernel is

  // What the reader sees, from left to right, or from top to bottom.
  const pad = drawingPad(root, scene, { changed: () => question.ask({ strokes: pad.strokes() }), gone: () => gone !== "", signal });
  const picture = make("canvas", { class: "gdcourse-paper gdcourse-pixels", width: side, height: side });
  const bars = Array.from({ length: 10 }, (_, digit) => {
    const [bar, value] = [make("span", { class: "gdcourse-bar", "aria-hidden": "true" }), make("span")];
    return { bar, value, row: make("li", {}, `${digit}: `, bar, value) };
  });
  const list = make("ul", { class: "gdcourse-bars", role: "list", "aria-label": "Probability of each digit" }, ...bars.map(({ row }) => row));
  const seen = make("div", {}, make("p", {}, "What the network sees"), picture, make("p", {}, `${side} × ${side} pixels`));
  const read = make("div", { class: "gdcourse-read" }, make("p", {}, "Its probabilities"), list);
  const panels = make("div", { class: "gdcourse-drawing" }, pad.element, make("div", { class: "gdcourse-drawing" }, seen, read));
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

  function choose(digit) {
    if (gone) return;
    pad.show([]);
    question.ask({ digit });
  }

  // Painting.
  function paintAnswer() {
    const { picture: bytes, probabilities, text } = model.get("answer");
    const small = picture.getContext("2d");
    small.clearRect(0, 0, side, side);
    paintPixels(small, themeOf(root), bytes, side, side);
    describe(picture, bytes.byteLength ? `The digit as the network sees it. ${text}` : "Nothing is drawn yet.");
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
    if (!own && !pad.busy()) pad.show(unpacked(answer.strokes, scene.lift));
    trouble.textContent = gone || answer.trouble;
    pad.paint();
    paintAnswer();
    speak.say(answer.text);
  }

  function resized() {
    pad.paint();
    paintAnswer();
  }

  heard();
  model.on("change:answer", heard);
  bereft(model, (sentence) => {
    gone = sentence;
    question.close();
    trouble.textContent = gone;
    root.querySelectorAll("button").forEach((button) => button.setAttribute("aria-disabled", "true"));
    pad.canvas.setAttribute("aria-disabled", "true");
    pad.paint();
  }, signal);
  follow(panels, resized, signal);
  signal.addEventListener("abort", () => model.off("change:answer", heard));
}

export default { render };
