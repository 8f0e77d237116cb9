"""A check of ``manage.py check --deploy``: the demo is not deployed."""

from django.conf import settings
from django.core.checks import Error, Tags, register


@register(Tags.security, deploy=True)
def demo_is_off(app_configs, **kwargs) -> list[Error]:
    """Return an error in the demo, which signs users in without a second factor and sends cookies without TLS."""
    if not settings.DEMO:
        return []
    return [
        Error(
            "DEMO is on: users sign in without a second factor, with a password that everybody knows.",
            hint="Remove DEMO from the environment. A real network never runs as a demo.",
            id="demo.E001",
        )
    ]
