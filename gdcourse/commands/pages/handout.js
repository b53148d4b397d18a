// Formulas, without a menu and without a network.
"use strict";
window.MathJax = {
    tex: { inlineMath: [["$", "$"]], displayMath: [["$$", "$$"]], processEscapes: true },
    svg: { fontCache: "global" },
    options: { enableMenu: false, ignoreHtmlClass: "highlight|jp-RenderedText" },
};
