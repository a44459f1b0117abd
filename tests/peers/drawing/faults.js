// Looks at both drawings, and lists what is cut off, empty, doubled or not known.
() => {
  const faults = [];
  const ids = new Map();
  for (const side of ["slack", "teams"]) {
    const whole = document.getElementById(side);
    const edge = whole.getBoundingClientRect().right;
    const say = (what, element) => {
      const words = (element.innerText || element.value || element.className || "").toString().trim();
      faults.push(`${side}: ${what}: ${element.tagName.toLowerCase()} "${words.slice(0, 50)}"`);
    };
    for (const element of whole.querySelectorAll("*")) {
      if (!element.checkVisibility()) continue;
      const style = getComputedStyle(element);
      const field = ["INPUT", "TEXTAREA", "SELECT", "OPTION"].includes(element.tagName);
      if (element.getBoundingClientRect().right > edge + 1) say("reaches past the edge", element);
      const clips = style.overflowX !== "visible" || style.textOverflow === "ellipsis";
      if (clips && !field && element.scrollWidth > element.clientWidth + 1) say("is cut off", element);
      if (style.overflowY === "hidden" && !field && element.scrollHeight > element.clientHeight + 2) {
        say("is cut off below", element);
      }
      // The library's own arrows and crosses have a drawing instead.
      const wordless = element.tagName === "BUTTON" && !element.innerText.trim() && !element.querySelector("svg");
      if (wordless) say("has no words", element);
      // At Slack's side an id is the library's own: it takes the name that every field of ours has.
      if (element.id && side === "teams") ids.set(element.id, (ids.get(element.id) ?? 0) + 1);
    }
    if (!whole.innerText.trim()) faults.push(`${side}: nothing is drawn`);
    if (/unsupported|not supported|undefined|\[object/i.test(whole.innerText)) faults.push(`${side}: something is not known`);
  }
  for (const [id, count] of ids) if (count > 1) faults.push(`the id ${id} is there ${count} times`);
  return faults;
}
