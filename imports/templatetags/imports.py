from django import template

from imports.kinds import registry

register = template.Library()


@register.simple_tag
def import_kinds() -> list:
    """Return the kinds of lists that can be imported, each with a template to download."""
    return registry.kinds()
