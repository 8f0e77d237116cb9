"""A filter of a list whose values in the address are Danish."""

import django_filters

from common.choices import SluggedChoices


def slugged(choices) -> list[tuple[str, str, str]]:
    """Return slug, stored value and label of choices: a class of SluggedChoices, or pairs of value and label.

    A value without a slug of its own is its slug.
    """
    is_class = isinstance(choices, type) and issubclass(choices, SluggedChoices)
    pairs = [(member, member.label) for member in choices] if is_class else choices
    return [(str(getattr(value, "slug", value)), str(getattr(value, "value", value)), label) for value, label in pairs]


class SlugField(django_filters.fields.ChoiceField):
    """A choice by slug. It also takes the stored value, as in earlier addresses, and cleans to it."""

    def __init__(self, *args, choices, **kwargs):
        known = slugged(choices() if callable(choices) and not isinstance(choices, type) else choices)
        self.values = {slug: value for slug, value, _label in known}
        self.slugs = {value: slug for slug, value, _label in known}
        super().__init__(*args, choices=[(slug, label) for slug, _value, label in known], **kwargs)

    def bound_data(self, data, initial):
        return self.slugs.get(data, data)

    def clean(self, value):
        slug = super().clean(self.slugs.get(value, value))
        return self.values.get(slug, slug)


class SlugFilter(django_filters.ChoiceFilter):
    """A choice filter with Danish values in the address."""

    field_class = SlugField
