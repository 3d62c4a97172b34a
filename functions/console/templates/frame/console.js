
for (const list of document.querySelectorAll("table[data-copy]")) {
  for (const id of list.querySelectorAll("code")) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "copy", textContent: list.dataset.copy });
    button.dataset.copy = id.textContent;
    button.ariaLabel = list.dataset.copyOf.replace("{name}", () => id.parentElement.querySelector("bdi").textContent);
    id.after(" ", button);
  }
}
for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  const { textContent, ariaLabel } = button;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.setAttribute("role", "status");
    Object.assign(button, { textContent: document.body.dataset.copied, ariaLabel: null });
    setTimeout(() => { Object.assign(button, { textContent, ariaLabel }); button.removeAttribute("role"); }, 2000);
  });
}
for (const time of document.querySelectorAll("main time")) {
  const local = new Date(time.dateTime);
  if (local.getTimezoneOffset() === 0) continue;
  const [day, clock] = local.toLocaleString("sv", { dateStyle: "short", timeStyle: "short" }).split(" ");
  const parts = new Intl.DateTimeFormat(document.documentElement.lang, { timeZoneName: "short" }).formatToParts(local);
  const small = document.createElement("small");
  small.textContent = `${time.textContent.includes(day) ? "" : `${day} `}${clock} ${parts.find(({ type }) => type === "timeZoneName").value}`;
  time.append(" ", small);
}
for (const button of document.querySelectorAll("[data-add]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const field = document.getElementById(button.dataset.add);
    const lines = field.value.split("\n").map((line) => line.trim()).filter(Boolean);
    field.value = [...new Set([...lines, button.dataset.text])].join("\n");
  });
}
for (const button of document.querySelectorAll(".ticks button")) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    const all = button.name === "tick_all";
    for (const box of button.form.querySelectorAll("[name=scope]")) {
      if (box.value.split(" ")[0] !== button.value) continue;
      box.checked = all;
      if (all) continue;
      box.disabled = false;
      box.closest("label").querySelector(".part")?.remove();
    }
    const choice = button.closest(".option")?.querySelector("[type=radio]");
    if (all && choice) choice.checked = true;
  });
}
