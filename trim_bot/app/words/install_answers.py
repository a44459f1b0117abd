"""What an administrator reads while adding the desk to a chat workspace."""

from __future__ import annotations

from trim_bot.app.seam.views import Answer, Bullets, Done, Link, Text

INSTALL_URL = "/slack/install"
AGAIN = "Begin again"


def begin(url: str) -> Done:
    """What the app may do, and the way to Slack."""
    return Done(
        "slack_install",
        "Add Peer Support to Slack",
        (
            Text("An administrator of a Slack workspace can add the desk here."),
            Bullets(
                (
                    "The app can write to people in its own direct messages.",
                    "It can read the names, time zones and languages of people in the workspace.",
                    "It cannot read channels, messages or files.",
                )
            ),
            Text("Slack asks you to allow this. Nothing is added before you do."),
            Link("Go on to Slack", url),
        ),
    )


def added() -> Done:
    """The workspace is connected."""
    return Done(
        "slack_added",
        "Peer Support is added",
        (
            Text("Your workspace has a desk of its own. No other organisation can reach anything in it."),
            Text("Ask whoever runs this desk to name its first administrator. You can close this page."),
        ),
    )


def not_added() -> Done:
    """Somebody said no at Slack, or came back without an answer."""
    return Done(
        "slack_not_added",
        "Nothing was added",
        (Text("Slack did not allow it, so nothing has changed."), Link(AGAIN, INSTALL_URL)),
    )


def begin_again() -> Done:
    """The way back came late, twice, or from another browser."""
    return Done(
        "slack_again",
        "Please begin again",
        (
            Text("This way back from Slack has ended or was used before. Nothing was added by it."),
            Link(AGAIN, INSTALL_URL),
        ),
        Answer.REFUSED,
    )


def one_at_a_time() -> Done:
    """The app was to be added to a whole enterprise."""
    return Done(
        "slack_one_at_a_time",
        "Please choose one workspace",
        (
            Text("The desk is added to one workspace at a time, not to a whole enterprise."),
            Text("Nothing was kept. Begin again and choose a single workspace at Slack."),
            Link(AGAIN, INSTALL_URL),
        ),
        Answer.REFUSED,
    )


def later() -> Done:
    """Slack or our store could not be reached."""
    return Done(
        "slack_later",
        "That did not work just now",
        (Text("Nothing was added. Please try again in a few minutes."), Link(AGAIN, INSTALL_URL)),
        Answer.TRY_AGAIN,
    )


def too_often() -> Done:
    """One network has come back very often."""
    return Done(
        "slack_too_often",
        "Please wait a while",
        (
            Text(
                "A lot has come from your network this hour, so nothing was added. Please try again in an hour."
            ),
            Link(AGAIN, INSTALL_URL),
        ),
        Answer.REFUSED,
    )
