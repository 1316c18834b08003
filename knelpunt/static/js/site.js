// Small helps on top of pages that work without it: focus on errors, one send per form, menus that close.
(function () {
  "use strict";

  // Texts of scripts are Dutch; a page in another language brings its translations along.
  const translations = document.querySelector("meta[name=kn-texts]");
  const said = translations ? JSON.parse(translations.content) : {};
  window.knText = function (dutch, values) {
    return (said[dutch] || dutch).replace(/\{(\w+)\}/g, function (_place, name) {
      return values[name];
    });
  };

  const summary = document.querySelector("[data-focus]");
  if (summary) {
    summary.focus();
  }

  function release(form) {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  }

  // A second click while the first is under way sends nothing; the server would count it once anyway.
  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (form.method !== "post") {
      return;
    }
    if (form.dataset.sent === "yes") {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    form.setAttribute("aria-busy", "true");
    // An answer that is a download leaves this page as it is: then the form may be sent again after a while.
    window.setTimeout(function () {
      release(form);
    }, 10000);
  });

  // What is filled in otherwise after Back is a form of its own, with a key of its own. As long as nothing changed it
  // keeps its key, so that sending it once more counts as a second click.
  function renewKey(event) {
    const form = event.target.form;
    const key = form && form.dataset.shownAgain === "yes" && form.elements.submission_key;
    if (key && window.crypto) {
      key.value = Array.from(window.crypto.getRandomValues(new Uint8Array(16)), function (byte) {
        return byte.toString(16).padStart(2, "0");
      }).join("");
      delete form.dataset.shownAgain;
    }
  }
  document.addEventListener("input", renewKey);
  document.addEventListener("change", renewKey);

  // Back in the browser may show this page as it was left: then a form may be sent again.
  window.addEventListener("pageshow", function (event) {
    document.querySelectorAll("form[data-sent]").forEach(release);
    const visit = window.performance.getEntriesByType("navigation")[0];
    if (event.persisted || (visit && visit.type === "back_forward")) {
      document.querySelectorAll("form[method=post]").forEach(function (form) {
        form.dataset.shownAgain = "yes";
      });
    }
  });

  // What takes long shows the shape of its answer meanwhile; the template for it lies in the place that is named.
  function showWaiting(event) {
    const from = event.target.closest("[data-waits-in]");
    const isPlain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.button > 0);
    const place = from && isPlain && document.getElementById(from.dataset.waitsIn);
    if (place && !event.defaultPrevented && place.children.length === 1) {
      place.append(place.querySelector("template").content.cloneNode(true));
    }
  }
  document.addEventListener("click", function (event) {
    if (event.target.closest("a[data-waits-in]")) {
      showWaiting(event);
    }
  });
  document.addEventListener("submit", showWaiting);
  window.addEventListener("pageshow", function () {
    document.querySelectorAll(".kn-skeleton[data-waiting]").forEach(function (skeleton) {
      skeleton.remove();
    });
  });

  const menu = document.querySelector(".kn-account");
  if (menu) {
    document.addEventListener("click", function (event) {
      if (menu.open && !menu.contains(event.target)) {
        menu.open = false;
      }
    });
    menu.addEventListener("keydown", function (event) {
      if (event.key === "Escape" && menu.open) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
    });
  }

  // A fold that a link points into opens by itself, also when the link is an error above a form.
  function openTarget() {
    const id = decodeURIComponent(window.location.hash.slice(1));
    const target = id ? document.getElementById(id) : null;
    if (!target) {
      return;
    }
    for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) {
      fold.open = true;
    }
    const field = target.matches("fieldset") ? target.querySelector("input") : target;
    if (field && field.matches("input, select, textarea")) {
      field.focus();
    }
  }
  window.addEventListener("hashchange", openTarget);
  openTarget();
})();
