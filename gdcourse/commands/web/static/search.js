// What Sphinx's own search does otherwise here. Sphinx puts this file into language_data.js, which comes after
// searchtools.js; the sections that introduce a term are entries of its index (extension.py).
{
  const LAST = ["glossary", "instructors", "index"]; // pages that name everything and teach nothing
  const LEFT_OUT = "nav, noscript, script, style, summary, details:not(.gd-code), .gd-asks, .cell_output, .gd-links, "
    + ".gd-formula, .headerlink, .onlyprint, .bd-header-article, .bd-sidebar-secondary, .prev-next-footer";
  const WHOLE = 40, ENTRY = 30; // of a heading that is what was asked; the section that introduces it has 100

  Scorer.score = result => {
    const [name, title, anchor, , score, , kind] = result;
    if (kind === "index") { // named as a section is whose heading has the words, so that Sphinx shows the two once
      const {alltitles, docnames} = Search._index;
      const here = ([page, id]) => docnames[page] === name && `#${id}` === anchor;
      const [heading] = Object.entries(alltitles).find(([, places]) => places.some(here));
      if (heading !== title) result[1] = `${title} > ${heading}`;
    }
    if (kind === "index") return score < 100 ? score / 4 : score; // of a longer term, or of this one
    const whole = kind === "title" && score >= Scorer.title;
    if (LAST.includes(name)) return whole ? ENTRY : score / 10;
    return whole ? WHOLE : score;
  };

  const {performSearch} = Search, pages = new Map(); // a page that several results come from is read once
  Search.htmlToText = (text, anchor) => { // without what is hidden or waits under a fold, and what programs printed
    if (!pages.has(text)) {
      pages.set(text, new DOMParser().parseFromString(text, "text/html").querySelector("[role=main]"));
      for (const one of pages.get(text).querySelectorAll(LEFT_OUT)) one.remove();
    }
    const main = pages.get(text), section = anchor && main.querySelector(`[id="${anchor.slice(1)}"]`);
    if (anchor && !section) console.warn(`${anchor} is on no page.`);
    return (section || main).textContent.replace(/\s+/g, " ").trim();
  };
  Search.performSearch = query => {
    if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false; // no page can be fetched there
    performSearch(query);
    Search.status.setAttribute("role", "status");
  };
  const nothing = "Your search did not match any documents. Please make sure that all words are spelled correctly and "
    + "that you've selected enough categories."; // there are none
  Documentation.TRANSLATIONS[nothing] = "No page has these words. Try one word, or the beginning of one.";
  localStorage.removeItem("sphinx_highlight_terms"); // of the search before: Sphinx would mark them all over this page
}
