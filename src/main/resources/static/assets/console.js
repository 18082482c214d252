"use strict";
// The colour theme is applied before the page is drawn; the rest when it is there.
(function () {
  const themes = ["system", "light", "dark"];
  const root = document.documentElement;
  let theme = "system";
  try {
    theme = themes.includes(localStorage.getItem("theme")) ? localStorage.getItem("theme") : theme;
  } catch (e) {
    // Storage is switched off: the theme then lasts as long as the page.
  }

  function apply() {
    if (theme === "system") {
      root.removeAttribute("data-theme");
    } else {
      root.setAttribute("data-theme", theme);
    }
  }
  apply();

  document.addEventListener("DOMContentLoaded", function () {
    const button = document.getElementById("theme");
    button.hidden = false;
    button.textContent = "Theme: " + theme;
    button.addEventListener("click", function () {
      theme = themes[(themes.indexOf(theme) + 1) % themes.length];
      try {
        localStorage.setItem("theme", theme);
      } catch (e) {
        // As above.
      }
      button.textContent = "Theme: " + theme;
      apply();
    });

    document.addEventListener("keydown", function (event) {
      const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
      if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        document.getElementById("find").focus();
      }
    });

    // htmx's own extension for events reports each page that is left as an error.
    const live = document.querySelector("[data-events]");
    if (live) {
      const source = new EventSource(live.dataset.events);
      source.addEventListener("changed", function () {
        htmx.trigger(live, "changed");
      });
      window.addEventListener("pagehide", function () {
        source.close();
      });
    }

    document.body.addEventListener("htmx:configRequest", function (event) {
      const token = document.querySelector("meta[name=_csrf]");
      const header = document.querySelector("meta[name=_csrf_header]");
      if (token && header) {
        event.detail.headers[header.content] = token.content;
      }
    });
  });
})();
