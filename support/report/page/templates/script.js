// The page is complete without this: it filters, and unfolds what a link leads to.
(() => {
  const form = document.getElementById("filter");
  const rows = [...document.querySelectorAll("article.scenario")];
  const said = form.querySelector("output");
  const show = () => {
    const { verdict, tag, words } = Object.fromEntries(new FormData(form));
    const wanted = words.trim().toLowerCase();
    let shown = 0;
    for (const row of rows) {
      const fits = (!verdict || row.dataset.verdict === verdict) &&
        (!tag || row.dataset.tags.split(" ").includes(tag)) &&
        (!wanted || row.textContent.toLowerCase().includes(wanted));
      row.hidden = !fits;
      shown += fits;
    }
    for (const part of document.querySelectorAll(".feature, .story")) {
      part.hidden = !part.querySelector("article.scenario:not([hidden])");
    }
    said.textContent = `${shown} of ${rows.length} scenarios`;
  };
  const unfold = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.hidden || target.closest("[hidden]")) { form.reset(); show(); }
    const folded = target.matches("article, li, section") && target.querySelector("details");
    if (folded) folded.open = true;
    target.scrollIntoView();
  };
  form.hidden = false;
  form.addEventListener("input", show);
  form.addEventListener("reset", () => setTimeout(show));
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", unfold);
  show();
  if (location.hash) unfold();
})();
