"""What a column can mean, and the headings that say so, in Danish and English.

`words` are whole headings (after folding, see :func:`normal`); `phrases` may stand anywhere inside a longer
heading, as in the questions of a sign-up form.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.folding import fold


def normal(heading: str) -> str:
    """A heading in small ASCII letters, punctuation as blanks: `E-mail` and `e mail` are one."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", fold(heading)).split())


@dataclass(frozen=True)
class Choice:
    """A word that a column may hold: `word` as the reader understands it, and every spelling it takes for the same."""

    word: str
    label: str | Promise
    spellings: frozenset[str] = frozenset()  # folded

    def covers(self, text: str) -> bool:
        folded = fold(text)
        return folded == fold(self.word) or folded in self.spellings


@dataclass(frozen=True)
class Field:
    """A meaning that a column can be given. `is_telling`: seldom found in another kind of list.

    A field with `choices` holds one of a few words; other words can be given a meaning by whoever imports.
    `explanation` and `examples` stand in the template that can be downloaded.
    """

    key: str
    label: str | Promise
    words: frozenset[str]
    phrases: tuple[str, ...] = ()
    is_telling: bool = False
    choices: tuple[Choice, ...] = ()
    explanation: str | Promise = ""
    examples: tuple[str, ...] = ()


def make_field(
    key: str,
    label,
    words: str,
    *,
    phrases: str = "",
    is_telling: bool = False,
    choices: Iterable[Choice] = (),
    explanation: str | Promise = "",
    examples: Iterable[str] = (),
) -> Field:
    """A field from headings separated by `|`."""
    return Field(
        key,
        label,
        frozenset(normal(word) for word in words.split("|")),
        tuple(normal(phrase) for phrase in phrases.split("|") if phrase),
        is_telling,
        tuple(choices),
        explanation,
        tuple(examples),
    )


def more_of(field: Field, number: int, label) -> Field:
    """A second (third …) column of the same meaning: the same headings, and those with a number after them."""
    numbered = {f"{word}{blank}{count}" for word in field.words for blank in ("", " ") for count in range(1, 6)}
    return Field(f"{field.key}_{number}", label, field.words | numbered, field.phrases)


FIRST_NAME = make_field(
    "first_name",
    _("First name"),
    "fornavn|fornavne|fornavn(e)|for navn|fornavn og mellemnavn|for- og mellemnavn|first name|first names|given name"
    "|given names|firstname|forename|christian name|kaldenavn",
)
MIDDLE_NAME = make_field(
    "middle_name",
    _("Middle name"),
    "mellemnavn|mellemnavne|mellem navn|middle name|middle names|middlename|additional name|additional names",
)
LAST_NAME = make_field(
    "last_name",
    _("Last name"),
    "efternavn|efternavne|efternavn(e)|efter navn|last name|last names|surname|family name|lastname|slægtsnavn"
    "|familienavn",
)
FULL_NAME = make_field(
    "full_name",
    _("Whole name"),
    "navn|fulde navn|fuldt navn|hele navnet|for- og efternavn|fornavn og efternavn|fornavn efternavn"
    "|efternavn, fornavn"
    "|efternavn fornavn|navn (for- og efternavn)|name|full name|complete name|first and last name|display name"
    "|navn på person|person|deltager"
    "|deltagernavn|deltagers navn|kontaktperson|contact name|frivillig|den frivilliges navn",
    phrases="fulde navn|fuldt navn|for og efternavn|fornavn og efternavn|full name|your name|dit navn|hvad hedder du",
)
GENDER = make_field(
    "gender",
    _("Gender"),
    "køn|gender|sex|k/m|m/k|mand/kvinde|kvinde/mand|køn k/m|køn m/k|gender m/f|gender f/m|sex m/f",
    phrases="køn gender|dit køn|your gender",
)
BIRTH = make_field(
    "birth",
    _("Born"),
    "født|født den|født d|fødselsdato|fødselsdag|fødselsår|fødeår|fødselsdag år|fødselsdag/år|født år|årgang"
    "|f. dato|fdato"
    "|fødsels dato|fødsels dag|date of birth|birth date|birthday|birthdate|born|born on|dob|d.o.b.|year of birth"
    "|birth year",
    phrases="er du født|fødselsdato|date of birth|were you born",
)
PHONE = make_field(
    "phone",
    _("Phone"),
    "mobil|mobiltelefon|mobiltlf|mobil tlf|mobilnr|mobilnummer|mobil nr|mobil nummer|telefon|telefonnr|telefonnummer"
    "|telefon nr|telefon nummer|tlf|tlf nr|tlfnr|tlf nummer|tlf/mobil|telefon/mobil|mobil/telefon|mobil/tlf"
    "|nummer|phone|phone number|phone no"
    "|telephone|telephone number|tel|tel no|mobile|mobile phone|mobile number|mobile no|cell|cell phone|cellphone"
    "|primary phone|telefon privat|tlf privat|privat telefon|privattelefon|privat tlf|hjemmetelefon|fastnet"
    "|fastnettelefon|home phone",
    phrases="telefonnummer|mobilnummer|phone number",
)
MOBILE = make_field(
    "phone",
    _("Mobile"),
    "mobil|mobiltelefon|mobiltlf|mobil tlf|mobilnr|mobilnummer|mobil nr|mobil nummer|mobile|mobile phone"
    "|mobile number"
    "|mobile no|cell|cell phone|cellphone|privat telefon|privattelefon|privat tlf|telefon privat|direkte mobil",
)
OFFICE_PHONE = make_field(
    "office_phone",
    _("Office phone"),
    "telefon|telefonnr|telefonnummer|telefon nr|tlf|tlf nr|tlfnr|kontortelefon|kontor tlf|telefon kontor"
    "|telefon arbejde|tlf arbejde|telefon arb|arbejdstelefon|arbejds tlf|direkte telefon|direkte nummer|direkte nr"
    "|direkte tlf|lokalnummer|hovednummer|phone|phone number|telephone|tel|office phone|office|business phone"
    "|work phone"
    "|direct phone|direct line|main phone",
)
EMAIL = make_field(
    "email",
    _("E-mail"),
    "e-mail|email|mail|e-mailadresse|emailadresse|mailadresse|e-mail adresse|email adresse|mail adresse"
    "|e-mail address"
    "|email address|mail address|e-post|epost|e-postadresse|e mail privat|privat mail|privat e-mail|privatmail"
    "|arbejdsmail|arbejds e-mail|work email|home email|primary email|brugernavn|username",
    phrases="mailadresse|mail adresse|mail address|e mail adresse",
)
PHONE_2 = more_of(PHONE, 2, _("Phone 2"))
PHONE_3 = more_of(PHONE, 3, _("Phone 3"))
EMAIL_2 = more_of(EMAIL, 2, _("E-mail 2"))
ADDRESS = make_field(
    "address",
    _("Address"),
    "adresse|adr.|vej|vej og nr|vej og nummer|vejnavn og nummer|vej/nr|gade|gade og nr|gadenavn|vejnavn|gadeadresse"
    "|privatadresse|privat adresse"
    "|adresselinje|adresselinje 1|adresse 1|hjemmeadresse|bopælsadresse|address|address 1|address line 1|street"
    "|street address|home street|home address|bopæl",
)
FULL_ADDRESS = make_field(
    "full_address",
    _("Address with postcode"),
    "adresse postnr by|adresse og postnr|adresse postnummer og by|adresse postnr og by|adresse med postnr"
    "|adresse inkl. postnr|adresse/postnr/by|fuld adresse|hele adressen|full address|address with postcode"
    "|address postcode and town|address postcode and city|address postal code and city|address and postcode"
    "|hvor bor du",
    phrases="hvor bor du|where do you live|adresse postnummer og by|adresse postnr og by",
)
POSTCODE = make_field(
    "postcode",
    _("Postcode"),
    "postnr|postnummer|post nr|post nummer|pnr|postkode|postcode|post code|zip|zip code|zipcode|postal code"
    "|home postal code",
)
POSTCODE_TOWN = make_field(
    "postcode_town",
    _("Postcode and town"),
    "postnr og by|postnummer og by|postnr by|postnr/by|post nr og by|post nr by|postnummer by|postnr + by"
    "|by og postnr"
    "|postadresse|postcode and town|postcode and city|postcode town|zip and city|zip/city|postal code and city",
)
TOWN = make_field("town", _("Town"), "by|bynavn|by navn|postby|city|town|home city|postdistrikt|bydel")
OCCUPATION = make_field(
    "occupation",
    _("Occupation"),
    "stilling|stillingsbetegnelse|job|jobtitel|erhverv|profession|fag|arbejde|beskæftigelse|nuværende job"
    "|nuværende stilling"
    "|nuværende beskæftigelse|hvad laver du|occupation|profession|job title|position|work|employment|current job",
    phrases="beskæftigelse|occupation",
)
INDUSTRY = make_field(
    "industry",
    _("Industry"),
    "branche|brancheområde|industry|sektor|sector|fagområde|erhvervsområde|faglig baggrund|line of business"
    "|business area|field of work",
    is_telling=True,
)
EDUCATION = make_field(
    "education",
    _("Education"),
    "uddannelse|uddannelser|uddannelsesniveau|uddannelsesbaggrund|højeste uddannelse|højest fuldførte uddannelse"
    "|skolegang|skole|skoleuddannelse|education|educational background|level of education|highest education|degree"
    "|qualifications",
    phrases="din uddannelse|your education",
)
LANGUAGES = make_field(
    "languages",
    _("Languages"),
    "sprog|sprogkundskaber|sprogkompetencer|sprog (taler)|taler|taler sprog|modersmål|modersmål og sprog"
    "|andre sprog|hvilke sprog"
    "|languages|language|spoken languages|languages spoken|speaks|mother tongue|native language",
    phrases="hvilke sprog|sprog taler du|which languages|what languages|languages do you",
)
HELP = make_field(
    "help",
    _("Can help with"),
    "kan hjælpe med|hjælper med|vil hjælpe med|kan bidrage med|bidrager med|kan tilbyde|tilbyder|can help with"
    "|helps with|offers|can offer|can contribute|vil gerne hjælpe med|kompetencer|kompetenceområder|erfaring med"
    "|skills|competences|competencies|areas of help",
    is_telling=True,
)
WISH = make_field(
    "wish",
    _("Wishes"),
    "ønsker|ønske|mål|målsætning|ønsker hjælp til|ønsker hjælp med|har brug for hjælp til|brug for hjælp til"
    "|ønsker til mentor|ønsker til mentoren|ønske om mentor|ønsker for forløbet|formål|forventninger|forventning"
    "|wishes|wish|goals|goal|aims|needs|needs help with"
    "|wants help with|help wanted|wishes for mentor|expectations|behov|ønsker og behov|ønsker og forventninger",
    phrases="hjælpe med eller hvad|ønsker du hjælp|help with or what|brug for hjælp",
    is_telling=True,
)
AVAILABLE_FROM = make_field(
    "available_from",
    _("Available from"),
    "ledig fra|kan starte|kan starte fra|kan begynde|klar fra|startklar|start fra|startdato|til rådighed fra"
    "|tilgængelig fra|kan tidligst starte|available from|available|can start|start date|from when",
    is_telling=True,
)
CAPACITY = make_field(
    "capacity",
    _("Number of mentees"),
    "maks antal mentees|max antal mentees|maksimalt antal mentees|antal mentees|antal mentees ad gangen|maks mentees"
    "|max mentees|hvor mange mentees|plads til|pladser|kapacitet|capacity|number of mentees|maximum mentees"
    "|max number of mentees|how many mentees",
    is_telling=True,
)
CRIMINAL_RECORD = make_field(
    "criminal_record",
    _("Criminal record"),
    "straffeattest|straffe attest|straffeattest indhentet|straffeattest ok|attest|børneattest|børne attest"
    "|criminal record|criminal record check|background check"
    "|police check|police record",
    is_telling=True,
)
NOTES = make_field(
    "notes",
    _("Notes"),
    "bemærkninger|bemærkning|bem|noter|note|notat|notater|kommentar|kommentarer|anmærkning|anmærkninger|øvrigt|øvrige"
    "|øvrige bemærkninger|øvrige oplysninger|andet|andre oplysninger|diverse|supplerende oplysninger|notes|note(s)"
    "|remarks|remark|comments|comment|other|other information|additional information|misc",
    explanation=_("Anything else. Never a CPR number: it is removed."),
    examples=("", ""),
)
NOTES_2 = more_of(NOTES, 2, _("Notes 2"))
ORIGIN = make_field(
    "origin",
    _("Country of origin"),
    "oprindelsesland|oprindelse|oprindeligt fra|oprindelig fra|hjemland|fødeland|fødselsland|nationalitet"
    "|herkomst"
    "|etnisk baggrund|kommer fra|country of origin|country of birth|home country|origin|country|nationality"
    "|comes from",
    phrases="hvilket land|which country",
    is_telling=True,
)
ARRIVAL_YEAR = make_field(
    "arrival_year",
    _("Year of arrival"),
    "ankomstår|ankomst|ankomstdato|ankommet|ankom|år for ankomst|ankomst til danmark|ankommet til danmark"
    "|indrejse|indrejseår|indrejsedato|i danmark siden|i dk siden|kom til danmark|kom til dk"
    "|opholdt i dk siden|boet i danmark siden|year of arrival|arrival year|arrival|arrived|arrived in"
    "|in denmark since|came to denmark",
    phrases="til danmark|to denmark",
    is_telling=True,
)
LIVELIHOOD = make_field(
    "livelihood",
    _("Livelihood"),
    "forsørgelse|forsørgelsesgrundlag|forsørgelsesform|indkomst|indtægt|ydelse|offentlig ydelse|livelihood|income"
    "|source of income|benefit"
    "|benefits|means of support",
    is_telling=True,
)
DANISH_LEVEL = make_field(
    "danish_level",
    _("Level of Danish"),
    "danskniveau|dansk niveau|dansk|danskkundskaber|danskuddannelse|dansk uddannelse|danskmodul|modul|sprogniveau"
    "|sprogskole|niveau i dansk|level of danish|danish level|danish"
    "|danish skills|danish language level",
    is_telling=True,
)
INTERVIEW_ON = make_field(
    "interview_on",
    _("Interview date"),
    "interviewdato|interview|interview dato|dato for interview|interview den|interview d|interviewet"
    "|interviewet den|samtale|samtale d|samtaledato"
    "|dato for samtale|samtale den|visitationsdato|interview date|date of interview|interviewed|interviewed on",
    is_telling=True,
)
INTERVIEWER = make_field(
    "interviewer",
    _("Interviewer"),
    "interviewer|interviewet af|interview af|samtale med|samtale ved|samtale v|interviewed by|interview by"
    "|interview with",
    is_telling=True,
)
STATUS = make_field("status", _("Status"), "status|tilstand|state|stade|status nu|nuværende status|current status")
TITLE = make_field(
    "occupation",
    _("Title"),
    "titel|stilling|stillingsbetegnelse|jobtitel|title|job title|position|funktion|function|role at work|fagtitel",
)
ORGANISATION = make_field(
    "organisation",
    _("Organisation"),
    "organisation|organisationen|organisationsnavn|arbejdsplads|arbejdssted|ansat hos|ansættelsessted|institution"
    "|forening|firma|firmanavn|virksomhed|virksomhedsnavn|arbejdsgiver|organization"
    "|organisation name|organization name|organisation/company|company|company name|employer|current employer"
    "|workplace|place of work|institution name",
    is_telling=True,
)
DEPARTMENT = make_field(
    "department", _("Department"), "afdeling|afd|department|dept|unit|section|enhed|sektion|forvaltning|team|kontor"
)
CONTACT_TYPE = make_field(
    "contact_type",
    _("Type"),
    "type|slags|kategori|kontakttype|type kontakt|category|kind|contact type|type of contact|rolle i netværket",
    is_telling=True,
)
LAST_CONTACTED = make_field(
    "last_contacted",
    _("Last contacted"),
    "sidst kontaktet|sidste kontakt|seneste kontakt|senest kontaktet|kontaktet|kontaktet den|sidst set"
    "|last contacted|last contact|latest contact|contacted|contacted on",
    is_telling=True,
)
TIMESTAMP = make_field(
    "timestamp",
    _("Sent on"),
    "tidsstempel|timestamp|time stamp|sendt|sendt den|indsendt|indsendt den|indsendelsestidspunkt|afsendt|oprettet"
    "|dato for tilmelding"
    "|tilmeldt|tilmeldt den|tilmeldingsdato|submitted|submitted on|submitted at|submission date|start time"
    "|completion time|starttidspunkt|fuldførelsestidspunkt|signed up on|sign-up date|date of sign-up",
    is_telling=True,
)
ROLE = make_field(
    "role",
    _("Mentor or mentee"),
    "rolle|role|mentor mentee|mentor/mentee|mentee/mentor|mentor eller mentee|mentee eller mentor|mentor or mentee"
    "|mentee or mentor|tilmelder sig som|tilmeldt som|ønsker at være|vil være|deltager som|signs up as"
    "|signed up as|wants to be|participates as",
    phrases="vil gerne være|vil du være|tilmelder mig som|would like to be|want to be|mentor eller mentee"
    "|mentor or mentee",
    is_telling=True,
)
RECRUITED_VIA = make_field(
    "recruited_via",
    _("Heard of us through"),
    "hørt om os|hørt om netværket|hørt om os gennem|kilde|rekrutteret via|rekrutteret gennem|rekruttering"
    "|henvist af|henvist fra|henviser|kom via|heard about us|heard of us through|heard of us|source|recruited via"
    "|recruited through|referred by|referral",
    phrases="hørt om|hear about us|heard about|hear of us",
)
CONSENT = make_field(
    "consent",
    _("Consent"),
    "samtykke|samtykkeerklæring|gdpr samtykke|consent|gdpr|data consent",
    phrases="må vi gemme|må gemme|samtykke|may we keep|may we store|consent",
    is_telling=True,
)
RECORD_TYPE = make_field(
    "record_type",
    _("Person or organisation"),
    "person eller organisation|person or organisation|contact type",
)
DECEASED = make_field("deceased", _("Dead"), "død|afdød|er afdød|deceased|is deceased")
ADDRESS_BOOK = (MIDDLE_NAME, RECORD_TYPE, DECEASED)  # what address books say of everybody beside what we ask for
