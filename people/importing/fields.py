"""What a column can mean, and the headings that say so, in Danish and English.

`words` are whole headings (after folding, see :func:`normal`); `phrases` may stand anywhere inside a longer
heading, as in the questions of a sign-up form.
"""

import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.folding import fold


def normal(heading: str) -> str:
    """A heading in small ASCII letters, punctuation as blanks: `E-mail` and `e mail` are one."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", fold(heading)).split())


@dataclass(frozen=True)
class Field:
    """A meaning that a column can be given. `is_telling`: seldom found in another kind of list."""

    key: str
    label: str | Promise
    words: frozenset[str]
    phrases: tuple[str, ...] = ()
    is_telling: bool = False


def make_field(key: str, label, words: str, *, phrases: str = "", is_telling: bool = False) -> Field:
    """A field from headings separated by `|`."""
    return Field(
        key,
        label,
        frozenset(normal(word) for word in words.split("|")),
        tuple(normal(phrase) for phrase in phrases.split("|") if phrase),
        is_telling,
    )


FIRST_NAME = make_field("first_name", _("First name"), "fornavn|fornavne|first name|given name|firstname")
LAST_NAME = make_field(
    "last_name", _("Last name"), "efternavn|efternavne|last name|surname|family name|lastname|slægtsnavn"
)
FULL_NAME = make_field(
    "full_name",
    _("Whole name"),
    "navn|fulde navn|fuldt navn|name|full name|navn på person|person",
    phrases="fulde navn|fuldt navn|full name|your name|dit navn",
)
GENDER = make_field("gender", _("Gender"), "køn|gender|sex", phrases="køn gender")
BIRTH = make_field(
    "birth",
    _("Born"),
    "født|fødselsdato|fødselsdag|fødselsår|fødeår|fødselsdag år|date of birth|birth date|birthday|birthdate|born|dob"
    "|year of birth|birth year|fødsels dato",
    phrases="er du født|date of birth",
)
PHONE = make_field(
    "phone",
    _("Phone"),
    "mobil|mobiltelefon|mobilnr|mobilnummer|mobil nr|telefon|telefonnr|telefonnummer|telefon nr|tlf|tlf nr|tlfnr|phone"
    "|phone number|mobile|mobile phone|mobile number|cell phone|primary phone|telefon privat|privat telefon",
    phrases="telefonnummer|phone number",
)
MOBILE = make_field(
    "phone",
    _("Mobile"),
    "mobil|mobiltelefon|mobilnr|mobilnummer|mobil nr|mobile|mobile phone|mobile number|cell phone|privat telefon",
)
OFFICE_PHONE = make_field(
    "office_phone",
    _("Office phone"),
    "telefon|telefonnr|telefonnummer|tlf|kontortelefon|telefon arbejde|arbejdstelefon|hovednummer|phone|office phone"
    "|business phone|work phone",
)
EMAIL = make_field(
    "email",
    _("E-mail"),
    "e-mail|email|mail|e-mailadresse|emailadresse|mailadresse|e-mail adresse|e-mail address|email address|e-post",
    phrases="mailadresse|mail address",
)
ADDRESS = make_field("address", _("Address"), "adresse|vej|gade|gadenavn|vejnavn|address|street|home street|bopæl")
FULL_ADDRESS = make_field(
    "full_address",
    _("Address with postcode"),
    "adresse postnr by|adresse og postnr|adresse postnummer og by|full address|hvor bor du",
    phrases="hvor bor du|where do you live",
)
POSTCODE = make_field(
    "postcode", _("Postcode"), "postnr|postnummer|post nr|postcode|zip|zip code|postal code|home postal code"
)
POSTCODE_TOWN = make_field(
    "postcode_town",
    _("Postcode and town"),
    "postnr og by|postnummer og by|postnr by|post nr og by|postnummer by|postcode and town|zip and city",
)
TOWN = make_field("town", _("Town"), "by|bynavn|city|town|home city|postdistrikt")
OCCUPATION = make_field(
    "occupation",
    _("Occupation"),
    "stilling|job|erhverv|beskæftigelse|occupation|profession|job title|fag",
)
INDUSTRY = make_field("industry", _("Industry"), "branche|industry|sektor|fagområde|business area", is_telling=True)
EDUCATION = make_field("education", _("Education"), "uddannelse|education|uddannelsesbaggrund|skolegang")
LANGUAGES = make_field(
    "languages", _("Languages"), "sprog|languages|language|sprogkundskaber|spoken languages",
    phrases="hvilke sprog|which languages",
)  # fmt: skip
HELP = make_field(
    "help",
    _("Can help with"),
    "kan hjælpe med|hjælper med|kan bidrage med|tilbyder|can help with|offers|vil gerne hjælpe med|kompetencer",
    is_telling=True,
)
WISH = make_field(
    "wish",
    _("Wishes"),
    "ønsker|ønske|mål|ønsker hjælp til|ønsker til mentor|wishes|wish|goals|behov",
    phrases="hjælpe med eller hvad|ønsker du hjælp|help with or what",
    is_telling=True,
)
AVAILABLE_FROM = make_field(
    "available_from", _("Available from"), "ledig fra|kan starte|klar fra|startdato|available from|tilgængelig fra",
    is_telling=True,
)  # fmt: skip
CAPACITY = make_field(
    "capacity",
    _("Number of mentees"),
    "maks antal mentees|max antal mentees|antal mentees|maks mentees|max mentees|kapacitet|capacity|number of mentees",
    is_telling=True,
)
CRIMINAL_RECORD = make_field(
    "criminal_record", _("Criminal record"), "straffeattest|attest|criminal record|straffe attest", is_telling=True
)
NOTES = make_field(
    "notes", _("Notes"), "bemærkninger|bemærkning|noter|note|kommentar|kommentarer|notes|remarks|comments|øvrigt|andet"
)
ORIGIN = make_field(
    "origin", _("Country of origin"), "oprindelsesland|oprindelse|hjemland|fødeland|country of origin|origin|country",
    is_telling=True,
)  # fmt: skip
ARRIVAL_YEAR = make_field(
    "arrival_year",
    _("Year of arrival"),
    "ankomstår|ankomst|i danmark siden|kom til danmark|year of arrival|arrival year|arrived",
    is_telling=True,
)
LIVELIHOOD = make_field(
    "livelihood", _("Livelihood"), "forsørgelse|forsørgelsesgrundlag|indkomst|livelihood|income|ydelse", is_telling=True
)
DANISH_LEVEL = make_field(
    "danish_level", _("Level of Danish"), "danskniveau|dansk niveau|danskkundskaber|level of danish|danish level",
    is_telling=True,
)  # fmt: skip
INTERVIEW_ON = make_field(
    "interview_on",
    _("Interview date"),
    "interviewdato|interview|dato for interview|interview den|samtaledato|interview date|interviewed on",
    is_telling=True,
)
INTERVIEWER = make_field(
    "interviewer", _("Interviewer"), "interviewer|interviewet af|samtale med|interviewed by", is_telling=True
)
STATUS = make_field("status", _("Status"), "status|tilstand|state")
TITLE = make_field("occupation", _("Title"), "titel|stilling|title|job title|funktion")
ORGANISATION = make_field(
    "organisation",
    _("Organisation"),
    "organisation|arbejdsplads|arbejdssted|institution|forening|firma|virksomhed|organization|company|employer",
    is_telling=True,
)
DEPARTMENT = make_field("department", _("Department"), "afdeling|department|enhed|forvaltning")
CONTACT_TYPE = make_field("contact_type", _("Type"), "type|slags|kategori|kind|rolle i netværket", is_telling=True)
LAST_CONTACTED = make_field(
    "last_contacted", _("Last contacted"), "sidst kontaktet|sidste kontakt|kontaktet|last contacted|last contact",
    is_telling=True,
)  # fmt: skip
TIMESTAMP = make_field(
    "timestamp", _("Sent on"), "tidsstempel|timestamp|indsendt|dato for tilmelding|tilmeldt|tilmeldingsdato|submitted",
    is_telling=True,
)  # fmt: skip
ROLE = make_field(
    "role", _("Mentor or mentee"), "rolle|role|mentor mentee|mentor eller mentee|mentor or mentee",
    phrases="vil gerne være|would like to be", is_telling=True,
)  # fmt: skip
RECRUITED_VIA = make_field(
    "recruited_via",
    _("Heard of us through"),
    "hørt om os|kilde|rekrutteret via|heard about us|source|henvist af",
    phrases="hørt om|hear about us|heard about",
)
CONSENT = make_field(
    "consent",
    _("Consent"),
    "samtykke|consent|gdpr",
    phrases="må vi gemme|samtykke|may we keep|consent",
    is_telling=True,
)
