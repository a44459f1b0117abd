// Draws one view twice with other people's libraries: as Slack's modal and as Teams' dialog.
import * as AC from "adaptivecards";
import React from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { Message } from "slack-blocks-to-jsx";
import "slack-blocks-to-jsx/dist/style.css";

const e = React.createElement;
const data = { users: [], channels: [], user_groups: [] };
const host = new AC.HostConfig({
  fontFamily: "'Segoe UI', 'DejaVu Sans', sans-serif",
  spacing: { small: 4, default: 8, medium: 12, large: 16, extraLarge: 24, padding: 16 },
  actions: { actionsOrientation: "horizontal", actionAlignment: "left", maxActions: 6 },
  inputs: { label: { requiredInputs: { weight: "bolder" }, optionalInputs: { weight: "bolder" } } },
  containerStyles: {
    accent: { backgroundColor: "#e8ebfa" },
    warning: { backgroundColor: "#fbf3e2" },
    attention: { backgroundColor: "#fbe9e7" },
  },
});

const text = (it) => it && it.text;

function slack(view) {
  const blocks = e(Message, {
    blocks: view.blocks, logo: "", name: "", time: new Date(0), withoutWrapper: true, data, unstyled: false,
  });
  if (view.type !== "modal") return e("div", { className: "said" }, blocks);
  return e(
    "div", { className: "modal" },
    e("header", null, text(view.title)),
    e("main", null, blocks),
    e("footer", null, e("button", null, text(view.close)),
      view.submit && e("button", { className: "main" }, text(view.submit))),
  );
}

let root;
window.draw = (view, card, title) => {
  const left = document.getElementById("slack");
  root ??= createRoot(left);
  flushSync(() => root.render(slack(view)));
  const right = document.getElementById("teams");
  right.replaceChildren();
  const one = new AC.AdaptiveCard();
  one.hostConfig = host;
  const context = new AC.SerializationContext();
  one.parse(card, context);
  const drawn = one.render();
  if (title) {
    const head = document.createElement("header");
    head.textContent = title;
    right.append(head);
  }
  right.append(drawn);
  const found = [...Array(context.eventCount).keys()].map((n) => context.getEventAt(n));
  return [...found, ...one.validateProperties().validationEvents].map((one) => one.message);
};
