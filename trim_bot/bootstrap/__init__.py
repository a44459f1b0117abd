"""The one place that knows every part, and puts them together."""


def app() -> object:
    """The ASGI application of this environment, for any server: `uvicorn --factory trim_bot.bootstrap:app`.

    Raises SettingsErrors when it is not known what the deployment is for.
    """
    # Only here: each command imports a part of this folder, and not what serves pages with it.
    from trim_bot.bootstrap.application import application

    return application()
