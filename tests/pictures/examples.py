"""Draws every example of the catalogue, as a browser shows it and as Slack would."""

from __future__ import annotations

from integrations.web import render
from integrations.web.blocks import FormTarget
from integrations.web.people_search import PeopleFields
from integrations.web.template_environment import CSS, page
from tests.pictures.camera import DESK, PHONE, Camera
from tests.pictures.slack_paper import paper
from trim_bot.app.desk.catalogue import catalogue
from trim_bot.app.examples.sample import FIRST
from trim_bot.app.seam.views import Nothing, View
from trim_bot.domain.name_search import Colleague, NameIndex, PeopleChoice

PEOPLE = PeopleFields(
    PeopleChoice(NameIndex(Colleague(f"web:{id}", one.name) for id, one in FIRST.people.items()))
)


def look_at_all(camera: Camera) -> None:
    """Look at every example at both widths. What a page around it looks like, the walk shows."""
    for name, view in catalogue().items():
        camera.page.set_content(_whole(view), wait_until="load")
        camera.look(f"example/{name}", DESK)
        camera.look(f"example/{name}", PHONE)


def slack_pictures(camera: Camera) -> None:
    """Every example as Slack would draw it."""
    # A page that was open before would forbid the style of these.
    camera.page.goto("about:blank")
    for name, view in catalogue().items():
        if isinstance(view, Nothing):
            continue
        camera.page.set_content(paper(view), wait_until="load")
        camera.page.set_viewport_size({"width": 640, "height": 800})
        file = camera.folder / f"slack-{name.replace('/', '-')}.png"
        camera.page.screenshot(path=file, full_page=True)


def _whole(view: View) -> str:
    body = render.draw(view, FormTarget("csrf", people=PEOPLE))
    html = page(
        "base.html",
        title=render.title(view),
        body=body,
        who="",
        signed_in=False,
        country="",
        csrf="csrf",
        practice=None,
        finds=False,
    )
    # A page without an address of its own cannot ask for its style, so that it is put in.
    return str(html).replace("</head>", f"<style>{CSS.decode()}</style></head>").replace("/static/", "data:,")
