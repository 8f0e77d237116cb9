"""What is typed in the intakes of the tests, and how it is sent."""

KEY = "5f0c2f0e-7d5c-4c43-9a57-2f3f4d1f0a01"
PAGE = f"/personer/ny/{KEY}/"
TYPING = {"HX-Request": "true"}
LANGUAGES = {"languages-TOTAL_FORMS": "3", "languages-INITIAL_FORMS": "0"}
WHO = {
    "first_name": "Hodan",
    "last_name": "Warsame",
    "gender": "woman",
    "birth": "3/5-77",
    "phones": "57 26 96 17 (aften)",
    "emails": "Hodan@Example.dk",
}
CONSENT = {"store": "yes", "share": "no", "on": "15-09-2011", "source": "sagt i samtalen"}
HODEN = {"first_name": "Hoden", "last_name": "Warsame", "phones": "57 26 96 17"}


def words_of(programme, **changes) -> dict:
    """Return what is posted by the whole page, with changes; None leaves a field out."""
    role = {"role": "mentee", "programme": programme.pk, "applied_on": "14/9-11", "recruited_via": "en ven"}
    words = {**WHO, **role, **LANGUAGES, **CONSENT, **changes}
    return {name: value for name, value in words.items() if value is not None}


def held_by(page) -> dict:
    """Return the hidden fields of an opened page, by which a change in another tab is noticed."""
    return {name: page.context[name] for name in ("draft_page", "draft_seen")}


def errors_of(response) -> dict:
    """Return the errors of the page by field."""
    form = response.context["form"]
    return {name: list(form[name].errors) for name in form.fields if form[name].errors}
