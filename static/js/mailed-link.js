// A mailed link carries its code behind the #, which no server and no log ever sees: it is put into the form and sent.
const form = document.querySelector("form[data-mailed-link]");
const code = decodeURIComponent(window.location.hash.slice(1));
if (form && code) {
  form.elements.token.value = code;
  window.history.replaceState(null, "", window.location.pathname);
  form.requestSubmit();
}
