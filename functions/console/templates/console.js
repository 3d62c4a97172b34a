
for (const button of document.querySelectorAll("[data-copy]")) {
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
