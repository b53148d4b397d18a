// Lays a lesson's cells out on slides of one size, in their order, and then lets reveal.js show them.
"use strict";

const WIDTH = 1280, HEIGHT = 720;
const SMALLEST_PICTURE = 380; // pixels: below that a picture gets a page of its own
const SMALLEST_TEXT = 0.62; // of its size: below that a block scrolls instead
// The speaker's window has no style of MathJax's, and would show each formula a second time, in letters.
const UNSEEN = "position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%)";

window.MathJax = {
    tex: { inlineMath: [["$", "$"]], displayMath: [["$$", "$$"]], processEscapes: true },
    svg: { fontCache: "local" }, // the speaker's window gets copies of formulas
    options: { enableMenu: false, ignoreHtmlClass: "highlight|jp-RenderedText" },
    startup: {
        ready() {
            MathJax.startup.defaultReady();
            MathJax.startup.promise.then(pictures).then(begin);
        },
    },
};

function pictures() {
    return Promise.all(Array.from(document.images, image => image.decode().catch(() => undefined)));
}

function begin() {
    for (const slide of document.querySelectorAll(".slides > section")) {
        for (const page of Array.from(slide.children)) layOut(page);
    }
    runningHeads();
    for (const spoken of document.querySelectorAll("aside mjx-assistive-mml")) spoken.style.cssText = UNSEEN;
    document.body.classList.remove("measuring");
    Reveal.initialize({
        width: WIDTH, height: HEIGHT, margin: 0.01, center: false, hash: true, transition: "none",
        backgroundTransition: "none", slideNumber: "c/t", plugins: [RevealNotes], hideInactiveCursor: true,
    }).then(() => document.body.classList.add("laid-out"));
}

// The cells of a page, each with the step that it belongs to, if any.
function cellsOf(page) {
    return Array.from(page.children).filter(one => !one.matches("aside")).flatMap(one =>
        one.matches(".fragment") ? Array.from(one.children, cell => ({ cell, step: one })) : [{ cell: one, step: null }]);
}

function height(cells) {
    if (!cells.length) return 0;
    const first = cells[0].cell.getBoundingClientRect(), last = cells[cells.length - 1].cell.getBoundingClientRect();
    return last.bottom - first.top;
}

// What may not be torn: a cell that says so stays with the next one.
function chunks(cells) {
    const found = [];
    let open = false;
    for (const one of cells) {
        if (open) found[found.length - 1].push(one); else found.push([one]);
        open = one.cell.matches(".celltag_keep") || Boolean(one.cell.querySelector(".celltag_keep"));
    }
    return found;
}

function layOut(page) {
    const style = getComputedStyle(page);
    const room = HEIGHT - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
    const sheets = [[]];
    for (const whole of chunks(cellsOf(page))) {
        for (const chunk of parts(whole, room)) {
            const sheet = sheets[sheets.length - 1];
            if (sheet.length && height([...sheet, ...chunk]) > room && !shrink([...sheet, ...chunk], room)) {
                sheets.push(chunk);
            } else {
                sheet.push(...chunk);
            }
        }
    }
    const said = Array.from(page.querySelectorAll(":scope > aside"));
    let last = page;
    sheets.forEach((sheet, number) => {
        const section = document.createElement("section");
        put(section, sheet, number > 0);
        if (number === 0) section.append(...said);
        last.after(section);
        last = section;
    });
    page.remove();
}

// A chunk that is too high for a page: its picture smaller, its cells apart, a cell's text smaller, or it scrolls.
function parts(chunk, room) {
    if (height(chunk) <= room || shrink(chunk, room)) return [chunk];
    if (chunk.length > 1) return chunk.flatMap(one => parts([one], room));
    const [{ cell }] = chunk, factor = Math.max(room / height(chunk), SMALLEST_TEXT);
    cell.style.zoom = factor;
    if (height(chunk) > room + 1) {
        cell.classList.add("scrolls");
        cell.style.maxHeight = `${room / factor}px`;
        cell.tabIndex = 0;
    }
    return [chunk];
}

// Make the picture among these cells so small that all fits, if it may be so small.
function shrink(cells, room) {
    const images = cells.flatMap(({ cell }) => Array.from(cell.querySelectorAll("img")));
    if (images.length !== 1) return false;
    const [image] = images, now = image.getBoundingClientRect().height, before = image.style.maxHeight;
    const left = now - (height(cells) - room);
    if (left < Math.min(now, SMALLEST_PICTURE)) return false;
    image.style.maxHeight = `${Math.floor(left)}px`;
    if (height(cells) <= room) return true;
    image.style.maxHeight = before;
    return false;
}

// Put cells on a page. What comes first on a page that goes on needs no step: turning the page is one.
function put(section, sheet, goesOn) {
    let step = null, box = null;
    for (const one of sheet) {
        if (!one.step) {
            section.append(one.cell);
            continue;
        }
        if (one.step !== step) {
            step = one.step;
            box = document.createElement("div");
            if (!(goesOn && !section.children.length)) box.className = "fragment";
            section.append(box);
        }
        box.append(one.cell);
    }
}

// Each page below the first of its slide says where it belongs.
function runningHeads() {
    const lesson = document.title;
    for (const slide of document.querySelectorAll(".slides > section")) {
        const heading = slide.querySelector("h1, h2"), name = heading ? heading.textContent : "";
        for (const page of Array.from(slide.children)) {
            const place = document.createElement("p");
            place.className = "place";
            const own = page.querySelector("h1, h2");
            place.textContent = own || name === lesson ? lesson : `${lesson} · ${name}`;
            if (!page.querySelector("h1")) page.prepend(place);
        }
    }
}
