// Saves a page of a draft while somebody types. The buttons save as well, so nothing here is needed.
(function () {
  "use strict";

  const form = document.querySelector("form[data-autosave]");
  const note = form && document.getElementById(form.dataset.autosave);
  if (!form || !note || !window.fetch) {
    return;
  }
  const _ = window.knText;
  const button = form.dataset.autosaveButton || _("Verder");
  const QUIET_MS = 1500;
  const RETRY_MS = 10000;
  let timer = 0;
  let isSaving = false;
  let isChanged = false;
  let isStopped = false;
  let isOut = false;

  function say(words) {
    isOut = false;
    if (note.textContent !== words) {
      note.textContent = words;
    }
  }

  // Said once: who is about to press the link must not lose it.
  function sayLoggedOut() {
    if (isOut) {
      return;
    }
    const link = document.createElement("a");
    link.href = "/inloggen";
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = _("Log in op een nieuw tabblad");
    note.replaceChildren(
      _("U bent niet meer ingelogd. Wat u typt, blijft hier staan. Na het inloggen bewaren wij het vanzelf.") + " ",
      link
    );
    isOut = true;
  }

  function texts() {
    const data = new FormData(form);
    // The key counts a filled-in form once; saving in between is not that form.
    data.delete("submission_key");
    data.delete("attachments");
    data.set("action", "vanzelf");
    return new URLSearchParams(data);
  }

  function later(ms) {
    window.clearTimeout(timer);
    timer = window.setTimeout(save, ms);
  }

  function stop(words) {
    isStopped = true;
    say(words);
  }

  function send() {
    return fetch(form.getAttribute("action"), {
      method: "POST",
      body: texts(),
      redirect: "manual",
      keepalive: true,
      headers: { Accept: "application/json" },
    });
  }

  // A page that outlived its session needs the mark of the new one. Whether there is a new one.
  async function renewMark() {
    const answer = await fetch(form.getAttribute("action"), { redirect: "manual", headers: { Accept: "text/html" } });
    if (!answer.ok) {
      return false;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const mark = page.querySelector("form[data-autosave] [name=csrf_token]");
    if (mark) {
      form.elements.csrf_token.value = mark.value;
    }
    return Boolean(mark);
  }

  async function save() {
    if (isSaving || isStopped || !isChanged || form.dataset.sent === "yes") {
      return;
    }
    isSaving = true;
    isChanged = false;
    try {
      let answer = await send();
      if ((answer.status === 400 || answer.status === 401) && (await renewMark())) {
        answer = await send();
      }
      if (answer.ok) {
        const saved = await answer.json();
        form.elements.basis.value = saved.basis;
        say(_("Bewaard om {time}.", { time: saved.saved }));
      } else if (answer.status === 409) {
        stop(_("Iemand anders heeft deze pagina gewijzigd. Druk op {button}: dan ziet u beide teksten.", { button: button }));
      } else if (answer.status === 401) {
        isChanged = true;
        sayLoggedOut();
      } else if (answer.status === 422) {
        say(_("Een tekst is nog niet goed. Druk op {button} om te zien wat er mist.", { button: button }));
      } else {
        stop(
          _("Bewaren lukt nu niet vanzelf. Wat u typt, blijft hier staan. Druk op {button} om het te bewaren.", {
            button: button,
          })
        );
      }
    } catch (_error) {
      isChanged = true;
      say(_("Geen verbinding. Wat u typt, blijft hier staan. Wij proberen het zo opnieuw."));
      later(RETRY_MS);
    } finally {
      isSaving = false;
      if (isChanged && !isStopped) {
        later(RETRY_MS);
      }
    }
  }

  form.addEventListener("input", function (event) {
    if (event.target.type !== "file") {
      isChanged = true;
      later(QUIET_MS);
    }
  });
  document.addEventListener("visibilitychange", function () {
    save();
  });
})();
