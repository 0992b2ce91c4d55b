// Passkeys: asks the browser for one, and sends its answer with the form that it belongs to.
// <form data-passkey="create|get|login" data-refused="words"> with a hidden input `credential` and an element
// [data-role="said"]. The page's options lie in #passkey-options; at the sign-in they are fetched when needed.

const toBytes = (text) => {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
};
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

function listed(credentials) {
  return (credentials ?? []).map((one) => ({ ...one, id: toBytes(one.id) }));
}

async function created(options, alone) {
  const publicKey = { ...options.publicKey, challenge: toBytes(options.publicKey.challenge) };
  publicKey.user = { ...publicKey.user, id: toBytes(publicKey.user.id) };
  publicKey.excludeCredentials = listed(publicKey.excludeCredentials);
  if (alone) {
    publicKey.authenticatorSelection = {
      ...publicKey.authenticatorSelection,
      residentKey: "required",
      requireResidentKey: true,
      userVerification: "required",
    };
  }
  const made = await navigator.credentials.create({ publicKey });
  return {
    ...common(made),
    response: {
      clientDataJSON: toText(made.response.clientDataJSON),
      attestationObject: toText(made.response.attestationObject),
      transports: made.response.getTransports?.() ?? [],
    },
  };
}

async function shown(options) {
  const publicKey = { ...options.publicKey, challenge: toBytes(options.publicKey.challenge) };
  publicKey.allowCredentials = listed(publicKey.allowCredentials);
  const found = await navigator.credentials.get({ publicKey });
  const { clientDataJSON, authenticatorData, signature, userHandle } = found.response;
  return {
    ...common(found),
    response: {
      clientDataJSON: toText(clientDataJSON),
      authenticatorData: toText(authenticatorData),
      signature: toText(signature),
      userHandle: userHandle ? toText(userHandle) : null,
    },
  };
}

function common(credential) {
  return {
    type: credential.type,
    id: credential.id,
    rawId: toText(credential.rawId),
    authenticatorAttachment: credential.authenticatorAttachment ?? null,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function optionsOf(form) {
  if (form.dataset.passkey !== "login") {
    const all = JSON.parse(document.getElementById("passkey-options").textContent);
    return all.creation_options ?? all.request_options;
  }
  const answer = await fetch(form.action, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return (await answer.json()).request_options;
}

async function go(form) {
  const said = form.querySelector('[data-role="said"]');
  said.textContent = "";
  try {
    const options = await optionsOf(form);
    const alone = form.querySelector('input[name="passwordless"]')?.checked ?? false;
    const credential = form.dataset.passkey === "create" ? await created(options, alone) : await shown(options);
    form.querySelector('input[name="credential"]').value = JSON.stringify(credential);
    form.submit();
  } catch (error) {
    // The person closed the window, or the device has no passkey for this place.
    said.textContent = form.dataset.refused;
    console.warn(error);
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go(form);
  });
  if (!window.PublicKeyCredential) form.hidden = true;
}
