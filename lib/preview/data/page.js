"use strict";
(() => {
  const root = document.documentElement;
  const all = (selector) => [...document.querySelectorAll(selector)];
  const resources = all("details.resource");
  const filter = document.getElementById("filter");
  const count = document.getElementById("count");

  // The page may be opened from a file, where storage can be refused.
  const remember = (value) => {
    try {
      if (value === undefined) return localStorage.getItem("theme");
      localStorage.setItem("theme", value);
    } catch {}
    return null;
  };
  const stored = remember();
  if (stored) root.dataset.theme = stored;
  document.getElementById("theme").addEventListener("click", () => {
    const dark = root.dataset.theme
      ? root.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    remember(root.dataset.theme);
  });

  const openAll = () => {
    const visible = resources.filter((item) => !item.classList.contains("hidden"));
    const open = visible.some((item) => !item.open);
    for (const item of visible) item.open = open;
  };
  document.getElementById("all")?.addEventListener("click", openAll);

  const applyFilter = () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const item of resources) {
      const text = item.textContent.toLowerCase();
      const match = words.every((word) => text.includes(word));
      item.classList.toggle("hidden", !match);
      if (match) shown++;
    }
    for (const stack of all("section.stack")) {
      const left = stack.querySelectorAll("details.resource:not(.hidden)").length;
      stack.classList.toggle("hidden", words.length > 0 && left === 0);
    }
    count.textContent = words.length > 0 ? `${shown} of ${resources.length} resources` : "";
  };
  filter?.addEventListener("input", applyFilter);

  // A link to a resource opens it, and shows it if the filter hides it.
  const reveal = () => {
    const target = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
    if (!target) return;
    if (filter && (target.classList.contains("hidden") || target.closest(".hidden"))) {
      filter.value = "";
      applyFilter();
    }
    if (target.tagName === "DETAILS") {
      target.open = true;
      target.querySelector("summary").focus({ preventScroll: true });
    }
    target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  reveal();

  const step = (by) => {
    const visible = resources.filter((item) => !item.classList.contains("hidden"));
    const at = visible.findIndex((item) => item.contains(document.activeElement));
    const next = visible[Math.min(Math.max(at + by, 0), visible.length - 1)];
    next?.querySelector("summary").focus();
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (filter && event.target === filter) {
      if (event.key === "Escape") {
        filter.value = "";
        applyFilter();
        filter.blur();
      }
      return;
    }
    const keys = { j: () => step(1), k: () => step(-1), e: openAll, "/": () => filter?.focus() };
    const action = keys[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
})();
