// Finds people as one types, in forms that name somebody. Everything here also works by the button beside the box.
"use strict";
(() => {
  const WAIT = 200;
  const LEAST = 2;

  function begin(field) {
    const name = field.dataset.people;
    const form = field.closest("form");
    const box = field.querySelector(".look input");
    const said = field.querySelector("[data-part=said]");
    const found = field.querySelector("[data-part=found]");
    const picked = field.querySelector("[data-part=picked]");
    let timer = 0;
    let asked = null;

    const boxes = () => [...found.querySelectorAll("input")];

    async function ask(without) {
      window.clearTimeout(timer);
      if (asked) asked.abort();
      const mine = asked = new AbortController();
      const body = new URLSearchParams();
      body.append("csrf", form.elements.csrf.value);
      body.append("shape", `${field.dataset.shape} ${name}`);
      body.append(`find ${name}`, box.value);
      for (const one of field.querySelectorAll("[data-part] input")) {
        if (one.type === "hidden" || one.checked) body.append(name, one.value);
      }
      if (without) body.append("drop", without);
      try {
        const answer = await fetch("/find-people", { method: "POST", body, signal: mine.signal, cache: "no-store" });
        if (!answer.ok && answer.status !== 429) throw new Error("refused");
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const part = (which) => page.querySelector(`[data-part=${which}]`);
        if (mine !== asked) return false;
        picked.replaceChildren(...part("picked").childNodes);
        found.replaceChildren(...part("found").childNodes);
        said.textContent = part("said").textContent;
        return true;
      } catch (fault) {
        if (fault.name !== "AbortError") said.textContent = field.dataset.away;
        return false;
      }
    }

    async function pick() {
      box.value = "";
      if (await ask()) box.focus();
    }

    function move(from, by) {
      const all = boxes();
      const to = all.indexOf(from) + by;
      if (to < 0) box.focus();
      else if (to < all.length) all[to].focus();
    }

    box.addEventListener("input", () => {
      window.clearTimeout(timer);
      if (box.value.trim().length >= LEAST || !box.value.trim()) timer = window.setTimeout(ask, WAIT, "");
    });
    box.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Enter") {
        event.preventDefault();
        if (box.value.trim()) ask();
      } else if (event.key === "ArrowDown" && boxes().length) {
        event.preventDefault();
        boxes()[0].focus();
      } else if (event.key === "Escape" && box.value) {
        event.preventDefault();
        box.value = "";
        ask();
      }
    });
    found.addEventListener("keydown", (event) => {
      const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (by) {
        event.preventDefault();
        move(event.target, by);
      } else if (event.key === "Enter") {
        event.preventDefault();
        event.target.checked = true;
        pick();
      } else if (event.key === "Escape") {
        event.preventDefault();
        box.focus();
      }
    });
    found.addEventListener("change", pick);
    field.addEventListener("click", async (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      if (button.name === "find") {
        event.preventDefault();
        ask();
      } else if (button.name === "drop") {
        event.preventDefault();
        if (await ask(button.value)) box.focus();
      }
    });
  }

  // More than one box is there only after a form was sent without the script: its buttons go on without it.
  for (const field of document.querySelectorAll("[data-people]")) {
    if (field.querySelectorAll(".look").length === 1) begin(field);
  }
})();
