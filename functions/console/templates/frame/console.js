
for (const list of document.querySelectorAll("table[data-copy]")) {
  for (const id of list.querySelectorAll("code")) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "copy", textContent: list.dataset.copy });
    button.dataset.copy = id.textContent;
    id.after(" ", button);
  }
}
for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  const text = button.textContent;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.setAttribute("role", "status");
    button.textContent = document.body.dataset.copied;
    setTimeout(() => { button.textContent = text; button.removeAttribute("role"); }, 2000);
  });
}
for (const time of document.querySelectorAll("main time")) {
  const local = new Date(time.dateTime);
  if (local.getTimezoneOffset() !== 0 && !time.title) time.title = local.toLocaleString(document.documentElement.lang, { dateStyle: "long", timeStyle: "long" });
}
for (const button of document.querySelectorAll("[data-add]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const field = document.getElementById(button.dataset.add);
    field.value = [field.value.trim(), button.dataset.text].filter(Boolean).join("\n");
  });
}
