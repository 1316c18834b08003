// Asks the browser for a passkey and sends its answer with the form. Without a script the code of a telephone remains.
(function () {
  "use strict";

  function toBytes(text) {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (each) {
      return each.charCodeAt(0);
    });
  }

  function toText(buffer) {
    const plain = Array.from(new Uint8Array(buffer), function (each) {
      return String.fromCharCode(each);
    }).join("");
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function withBytes(keys) {
    return (keys || []).map(function (key) {
      return Object.assign({}, key, { id: toBytes(key.id) });
    });
  }

  async function make(options) {
    options.challenge = toBytes(options.challenge);
    options.user.id = toBytes(options.user.id);
    options.excludeCredentials = withBytes(options.excludeCredentials);
    const made = await navigator.credentials.create({ publicKey: options });
    return answer(made, {
      clientDataJSON: toText(made.response.clientDataJSON),
      attestationObject: toText(made.response.attestationObject),
    });
  }

  async function sign(options) {
    options.challenge = toBytes(options.challenge);
    options.allowCredentials = withBytes(options.allowCredentials);
    const signed = await navigator.credentials.get({ publicKey: options });
    return answer(signed, {
      clientDataJSON: toText(signed.response.clientDataJSON),
      authenticatorData: toText(signed.response.authenticatorData),
      signature: toText(signed.response.signature),
      userHandle: signed.response.userHandle ? toText(signed.response.userHandle) : null,
    });
  }

  function answer(credential, response) {
    return JSON.stringify({
      id: credential.id,
      rawId: toText(credential.rawId),
      type: credential.type,
      response: response,
      clientExtensionResults: {},
    });
  }

  function offer(place) {
    const button = place.querySelector("button[data-passkey]");
    const words = place.querySelector("[data-passkey-words]");
    const form = button.form;
    place.hidden = false;
    button.addEventListener("click", async function () {
      words.textContent = "";
      try {
        const options = JSON.parse(place.dataset.passkeyOptions);
        const said = place.dataset.passkeyNew ? await make(options) : await sign(options);
        form.elements[place.dataset.passkeyField].value = said;
        form.submit();
      } catch {
        words.textContent = place.dataset.passkeyFailed;
      }
    });
  }

  if (window.PublicKeyCredential) {
    document.querySelectorAll("[data-passkey-options]").forEach(offer);
  }
})();
