// The form of a new offer: only the field of the chosen audience is shown. Without this script all of them are.
const form = document.getElementById("offer-form");

function show() {
  const audience = form.elements.audience.value;
  for (const [name, of] of [["member", "directed"], ["group", "group"]]) {
    form.elements[name].closest(".field").hidden = audience !== of;
  }
}

form.addEventListener("change", show);
show();
