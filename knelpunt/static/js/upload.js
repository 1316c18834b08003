// Shows the files that were chosen and how far sending them is. Without this the form sends them just the same.
(function () {
  "use strict";

  if (!window.DataTransfer || !window.FormData || !window.DOMParser) {
    return;
  }
  const STALLED_MS = 60000;
  const PICTURE_PX = 48;
  const _ = window.knText;
  const NOTHING_KEPT = _("Er is niets bewaard. Uw tekst en uw bestanden staan nog op deze pagina.");

  function make(name, className, words) {
    const node = document.createElement(name);
    node.className = className;
    if (words) {
      node.textContent = words;
    }
    return node;
  }

  function size(bytes) {
    const isLarge = bytes >= 1000000;
    const number = isLarge ? Math.round(bytes / 100000) / 10 : Math.max(1, Math.round(bytes / 1000));
    return number.toLocaleString(document.documentElement.lang) + (isLarge ? " MB" : " kB");
  }

  function picture(file) {
    const name = file.name.includes(".") ? file.name.split(".").pop().toUpperCase() : "";
    const holder = make("span", "kn-upload__picture", name.slice(0, 4));
    holder.setAttribute("aria-hidden", "true");
    if (!/^image\/(jpeg|png)$/.test(file.type) || !window.createImageBitmap) {
      return holder;
    }
    window.createImageBitmap(file).then(
      function (image) {
        const canvas = document.createElement("canvas");
        canvas.width = canvas.height = 2 * PICTURE_PX;
        const scale = Math.max(canvas.width / image.width, canvas.height / image.height);
        const width = image.width * scale;
        const height = image.height * scale;
        const pen = canvas.getContext("2d");
        pen.drawImage(image, (canvas.width - width) / 2, (canvas.height - height) / 2, width, height);
        image.close();
        holder.replaceChildren(canvas);
      },
      function () {} // No picture inside: the server says so when the file is sent.
    );
    return holder;
  }

  function begin(box, held) {
    const input = box.querySelector("input[type=file]");
    const form = input && input.form;
    if (!form || box.dataset.upload === "ready") {
      return;
    }
    box.dataset.upload = "ready";
    const limits = {
      bytes: Number(box.dataset.maxBytes),
      files: Number(box.dataset.maxFiles),
      held: Number(box.dataset.held),
      kinds: input.accept.split(","),
    };
    let chosen = held || [];
    let request = null;
    let stall = 0;
    let lastButton = null;
    let needsNewMark = false;

    const list = make("ul", "kn-upload__list");
    const refused = make("ul", "kn-upload__refused");
    const spoken = make("p", "kn-visually-hidden");
    spoken.setAttribute("role", "status");
    const under = make("div", "kn-upload__under");
    under.hidden = true;
    const progress = make("progress", "kn-upload__progress");
    progress.max = 100;
    progress.setAttribute("aria-label", _("Versturen"));
    const words = make("p", "kn-upload__words");
    const stop = make("button", "utrecht-button utrecht-button--secondary-action", _("Stop met versturen"));
    stop.type = "button";
    const again = make("button", "utrecht-button utrecht-button--secondary-action", _("Probeer opnieuw"));
    again.type = "button";
    under.append(progress, words, stop, again);
    box.append(list, refused, spoken, under);

    function say(text) {
      if (spoken.textContent !== text) {
        spoken.textContent = text;
      }
    }

    function fault(file, count) {
      const dot = file.name.lastIndexOf(".");
      const kind = dot < 0 ? "" : file.name.slice(dot).toLowerCase();
      if (file.size > limits.bytes) {
        return _("het bestand is te groot ({size}). Een bestand mag hooguit {most} MB zijn.", {
          size: size(file.size),
          most: box.dataset.maxMegabytes,
        });
      }
      if (file.size === 0) {
        return _("het bestand is leeg.");
      }
      if (!limits.kinds.includes(kind)) {
        return _("dit soort bestand kunnen wij niet aannemen. Kies een PDF, ODT, DOCX, JPG of PNG.");
      }
      if (count + limits.held >= limits.files) {
        return _("er kunnen hooguit {most} bestanden bij een melding.", { most: limits.files });
      }
      return "";
    }

    function isSame(one, other) {
      return one.name === other.name && one.size === other.size && one.lastModified === other.lastModified;
    }

    function give() {
      const transfer = new DataTransfer();
      chosen.forEach(function (file) {
        transfer.items.add(file);
      });
      input.files = transfer.files;
    }

    function draw() {
      list.replaceChildren(
        ...chosen.map(function (file, at) {
          const item = make("li", "kn-upload__file");
          const remove = make("button", "kn-upload__remove", _("Verwijder"));
          remove.type = "button";
          remove.append(make("span", "kn-visually-hidden", " " + file.name));
          remove.addEventListener("click", function () {
            chosen.splice(at, 1);
            give();
            draw();
            say(_("{name} is verwijderd.", { name: file.name }) + " " + count());
            const next = list.querySelectorAll("button")[Math.min(at, chosen.length - 1)];
            (next || input).focus();
          });
          item.append(picture(file), make("span", "kn-upload__name", file.name), make("span", "kn-upload__size", size(file.size)), remove);
          return item;
        })
      );
    }

    function count() {
      return chosen.length === 1 ? _("1 bestand gekozen.") : _("{count} bestanden gekozen.", { count: chosen.length });
    }

    function lock(isSending) {
      input.disabled = isSending;
      list.querySelectorAll("button").forEach(function (button) {
        button.disabled = isSending;
      });
      progress.hidden = stop.hidden = !isSending;
      if (isSending) {
        form.dataset.sent = "yes";
        form.setAttribute("aria-busy", "true");
      } else {
        delete form.dataset.sent;
        form.removeAttribute("aria-busy");
      }
    }

    function failed(text, link) {
      window.clearTimeout(stall);
      request = null;
      lock(false);
      under.hidden = false;
      under.classList.add("kn-upload__under--failed");
      again.hidden = false;
      words.textContent = text + " " + NOTHING_KEPT;
      if (link) {
        words.append(" ", link);
      }
      say(words.textContent);
    }

    function watch() {
      window.clearTimeout(stall);
      stall = window.setTimeout(function () {
        cut(_("De verbinding is te traag of weg."));
      }, STALLED_MS);
    }

    function cut(text) {
      if (request) {
        const dropped = request;
        request = null;
        dropped.abort();
        failed(text);
      }
    }

    function answered(sent) {
      window.clearTimeout(stall);
      const kind = sent.getResponseHeader("Content-Type") || "";
      if (sent.status === 200 && kind.startsWith("application/json")) {
        const to = new URL(JSON.parse(sent.responseText).location, window.location.href);
        const isHere = to.pathname === window.location.pathname && to.search === window.location.search;
        words.textContent = _("Alles is verstuurd.");
        say(words.textContent);
        window.location.assign(to);
        if (isHere) {
          window.location.reload();
        }
        return;
      }
      const page = new DOMParser().parseFromString(sent.responseText, "text/html");
      const fresh = page.querySelector("main");
      if (fresh && fresh.querySelector("[data-upload]")) {
        form.dataset.sent = "yes"; // The page below is a new one; nothing may go out from the old form any more.
        document.title = page.title;
        document.querySelector("main").replaceWith(fresh);
        fresh.querySelectorAll("[data-upload]").forEach(function (each) {
          begin(each, chosen);
        });
        const summary = fresh.querySelector("[data-focus]");
        if (summary) {
          summary.focus();
        }
        return;
      }
      if (sent.status === 401) {
        needsNewMark = true;
        const link = make("a", "", _("Log in op een nieuw tabblad"));
        link.href = "/inloggen";
        link.target = "_blank";
        link.rel = "noopener";
        failed(_("U bent niet meer ingelogd. Log opnieuw in, en druk daarna hier op Probeer opnieuw."), link);
      } else if (sent.status === 400) {
        needsNewMark = true;
        failed(_("Deze pagina stond te lang open. Druk op Probeer opnieuw."));
      } else if (sent.status === 413) {
        failed(_("De bestanden zijn samen te groot. Haal er een weg, of verstuur ze in twee keer."));
      } else if (sent.status === 404) {
        failed(_("Deze pagina bestaat niet meer, of u hebt er geen toegang meer toe."));
      } else {
        failed(_("Er ging iets mis bij ons. Probeer het over een paar minuten opnieuw."));
      }
    }

    // A form that outlived its session needs the mark of the new one, or it is refused as another site's form.
    async function renewMark() {
      if (!needsNewMark) {
        return;
      }
      const answer = await fetch(window.location.href, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const box = page.querySelector("[data-upload]");
      const mark = box && box.closest("form").querySelector("[name=csrf_token]");
      if (mark) {
        form.querySelector("[name=csrf_token]").value = mark.value;
        needsNewMark = false;
      }
    }

    async function send(button) {
      give();
      const data = new FormData(form);
      if (button && button.name) {
        data.append(button.name, button.value);
      }
      lastButton = button;
      under.hidden = false;
      under.classList.remove("kn-upload__under--failed");
      again.hidden = true;
      progress.value = 0;
      words.textContent = _("Bezig met versturen. Sluit deze pagina niet.");
      say(words.textContent);
      lock(true);
      watch();
      try {
        await renewMark();
      } catch (_error) {
        failed(_("Geen verbinding met het internet."));
        return;
      }
      const mark = form.querySelector("[name=csrf_token]");
      if (mark) {
        data.set("csrf_token", mark.value);
      }
      const sent = new XMLHttpRequest();
      request = sent;
      sent.upload.addEventListener("progress", function (event) {
        if (sent !== request || !event.lengthComputable) {
          return;
        }
        watch();
        const done = Math.floor((100 * event.loaded) / event.total);
        progress.value = done;
        words.textContent = done < 100 ? _("{done}% verstuurd. Sluit deze pagina niet.", { done: done }) : _("Alles is verstuurd. Wij controleren de bestanden.");
        if (done % 25 === 0) {
          say(words.textContent);
        }
      });
      sent.addEventListener("load", function () {
        if (sent === request) {
          answered(sent);
        }
      });
      sent.addEventListener("error", function () {
        if (sent === request) {
          failed(_("De verbinding is verbroken tijdens het versturen."));
        }
      });
      sent.open("POST", form.getAttribute("action") || window.location.href);
      sent.setRequestHeader("X-Upload", "script");
      sent.send(data);
    }

    input.addEventListener("change", function () {
      const faults = [];
      Array.from(input.files).forEach(function (file) {
        if (chosen.some((each) => isSame(each, file))) {
          return;
        }
        const why = fault(file, chosen.length);
        if (why) {
          faults.push(file.name + ": " + why);
        } else {
          chosen.push(file);
        }
      });
      give();
      refused.replaceChildren(...faults.map((text) => make("li", "kn-field__error", text)));
      draw();
      say([count(), ...faults.map((text) => _("Niet gekozen.") + " " + text)].join(" "));
    });

    form.addEventListener("submit", function (event) {
      if (!chosen.length && !request) {
        return;
      }
      event.preventDefault();
      event.stopPropagation();
      if (form.dataset.sent !== "yes") {
        send(event.submitter);
      }
    });
    again.addEventListener("click", function () {
      if (form.dataset.sent !== "yes") {
        send(lastButton);
      }
    });
    stop.addEventListener("click", function () {
      cut(_("U hebt het versturen gestopt."));
      again.focus();
    });
    window.addEventListener("offline", function () {
      cut(_("Geen verbinding met het internet."));
    });

    lock(false);
    if (!chosen.length && input.files.length) {
      // Back in the browser: it may have kept what was chosen.
      input.dispatchEvent(new Event("change"));
    } else {
      give();
      draw();
    }
  }

  document.querySelectorAll("[data-upload]").forEach(function (box) {
    begin(box);
  });
})();
