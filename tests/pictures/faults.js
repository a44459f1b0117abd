// Looks at the page as it is drawn, and lists what is wrong with it in plain words.
() => {
  const faults = [];
  const say = (what, element) => {
    const text = (element.innerText || element.value || element.name || "").trim().slice(0, 40);
    faults.push(`${what}: ${element.tagName.toLowerCase()} "${text}"`);
  };
  const hidden = (element) => {
    if (!element.checkVisibility({ visibilityProperty: true })) return true;
    // What is there to be read out alone takes no room that anybody could see.
    const { width, height } = element.getBoundingClientRect();
    return element.closest(".skip, .enter") !== null || (width <= 1 && height <= 1);
  };

  // Nothing sideways, nothing cut off.
  const wide = document.documentElement;
  if (wide.scrollWidth > window.innerWidth + 1) faults.push(`the page is ${wide.scrollWidth} wide`);
  for (const element of document.querySelectorAll("body *")) {
    if (hidden(element)) continue;
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    if (box.right > window.innerWidth + 1 && style.position !== "absolute") say("reaches past the edge", element);
    const clips = style.overflowX !== "visible" || style.textOverflow === "ellipsis";
    const field = ["INPUT", "TEXTAREA", "SELECT"].includes(element.tagName);
    if (clips && !field && element.scrollWidth > element.clientWidth + 1) say("is cut off", element);
    if (element.tagName === "BUTTON" && element.scrollWidth > element.clientWidth + 1) say("is cut off", element);
  }

  // Everything to fill in or press says what it is, and is large enough for a thumb.
  for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    if (field.labels.length === 0 && !field.getAttribute("aria-label")) say("has no label", field);
  }
  for (const button of document.querySelectorAll("button, .button, nav a")) {
    if (hidden(button)) continue;
    if (!button.innerText.trim()) say("has no words", button);
    if (button.getBoundingClientRect().height < 43.5) say("is too small to press", button);
  }

  // Text against what lies behind it.
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const rgba = (color) => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = color;
    pen.fillRect(0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => {
    const part = (value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    };
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = rgba(getComputedStyle(at).backgroundColor);
      if (color[3] === 255) return color;
      if (color[3] > 0) return null;
    }
    return rgba(getComputedStyle(document.documentElement).colorScheme.includes("dark") ? "#000" : "#fff");
  };
  const seen = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || seen.has(element) || hidden(element)) continue;
    seen.add(element);
    const back = behind(element);
    if (back === null) { say("stands on something see-through", element); continue; }
    const pair = [light(rgba(getComputedStyle(element).color)), light(back)].sort((a, b) => b - a);
    const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
    if (ratio < 7) say(`has contrast ${ratio.toFixed(1)}`, element);
  }
  return faults;
}
