from common.choices import SluggedChoices


class Light(SluggedChoices):
    RED = "red", "roed", "Rød"
    GREEN = "green", "groen", "Grøn"


def test_choices_store_the_value_and_have_a_slug():
    assert Light.choices == [("red", "Rød"), ("green", "Grøn")]
    assert (Light.RED, Light.RED.slug, Light("green")) == ("red", "roed", Light.GREEN)


def test_a_query_is_read_by_slug_or_by_value():
    assert [Light.of_query(text) for text in ("roed", "red", "Rød", "", None)] == [
        Light.RED,
        Light.RED,
        None,
        None,
        None,
    ]
