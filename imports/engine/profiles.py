"""Address books that other programs export, recognised by their headings: Google Contacts, Outlook, CiviCRM.

Their headings are many and some mean something else than in a coordinator's list: `Titel` is Hr. or Fru in Outlook,
`Location` is no town. So an export that is recognised has its columns named here one by one, and its other headings
mean nothing; columns that somebody added are recognised as everywhere.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from imports.engine.fields import normal


@dataclass(frozen=True)
class Profile:
    """An export: headings of which one of each group is always there, and field → its headings, the best first.

    `headings`: all that the export has, whether they mean something to us or not.
    """

    code: str
    label: str | Promise
    telling: tuple[frozenset[str], ...]
    columns: dict[str, tuple[str, ...]]
    headings: frozenset[str]

    def fits(self, headings: set[str]) -> bool:
        return all(group & headings for group in self.telling)

    def columns_of(self, headings: Mapping[int, str], keys: set[str]) -> dict[str, int]:
        """Field → column of the fields a kind of list has; a column goes to the first field that asks for it."""
        places: dict[str, int] = {}
        for index, heading in headings.items():
            places.setdefault(heading, index)
        found: dict[str, int] = {}
        for key, wanted in self.columns.items():
            for heading in wanted if key in keys else ():
                if heading in places and places[heading] not in found.values():
                    found[key] = places[heading]
                    break
        return found


def _words(text: str) -> tuple[str, ...]:
    return tuple(normal(word) for word in text.split("|") if word.strip())


def make_profile(code: str, label, telling: Iterable[str], columns: dict[str, str], others: str = "") -> Profile:
    """A profile from headings separated by `|`; `others` are those that mean nothing to us."""
    named = {key: _words(words) for key, words in columns.items()}
    headings = frozenset(_words(others)).union(*named.values())
    return Profile(code, label, tuple(frozenset(_words(group)) for group in telling), named, headings)


def numbered(pattern: str, count: int = 6) -> str:
    """`Phone # - Value` for each number."""
    return "|".join(pattern.replace("#", str(number)) for number in range(1, count + 1))


GOOGLE = make_profile(
    "google_contacts",
    _("Google Contacts"),
    (
        "Given Name|First Name|Name",
        "Phonetic First Name|Yomi Name|Group Membership|Labels|File As|Given Name Yomi",
        "E-mail 1 - Value|Phone 1 - Value",
    ),
    {
        "first_name": "Given Name|First Name",
        "middle_name": "Additional Name|Middle Name",
        "last_name": "Family Name|Last Name",
        "full_name": "Name|File As",
        "gender": "Gender",
        "birth": "Birthday",
        "phone": "Phone 1 - Value",
        "phone_2": "Phone 2 - Value",
        "phone_3": "Phone 3 - Value",
        "office_phone": "Phone 2 - Value",
        "email": "E-mail 1 - Value",
        "email_2": "E-mail 2 - Value",
        "address": "Address 1 - Street|Address 1 - Formatted",
        "postcode": "Address 1 - Postal Code",
        "town": "Address 1 - City",
        "occupation": "Organization 1 - Title|Organization Title|Occupation",
        "organisation": "Organization 1 - Name|Organization Name",
        "department": "Organization 1 - Department|Organization Department",
        "notes": "Notes",
    },
    "|".join(
        (
            ("Additional Name|Middle Name|Yomi Name|Given Name Yomi|Additional Name Yomi|Family Name Yomi|Name Prefix"
            "|Name Suffix|Initials|Nickname|Short Name|Maiden Name|Phonetic First Name|Phonetic Middle Name"
            "|Phonetic Last Name|Location|Billing Information|Directory Server|Mileage|Hobby|Sensitivity|Priority"
            "|Subject|Language|Photo|Group Membership|Labels"),
            *(numbered(f"{what} # - {part}") for what in ("E-mail", "Phone", "Website", "Event", "Relation", "IM",
              "Custom Field", "External ID", "Calendar Link", "Jot") for part in ("Type", "Label", "Value", "Service")),
            *(numbered(f"Address # - {part}") for part in ("Type", "Label", "Formatted", "Street", "City", "PO Box",
              "Region", "Postal Code", "Country", "Extended Address")),
            *(numbered(f"Organization # - {part}") for part in ("Type", "Name", "Yomi Name", "Title", "Department",
              "Symbol", "Location", "Job Description")),
        )
    ),
)  # fmt: skip

OUTLOOK_DANISH = make_profile(
    "outlook_da",
    _("Outlook"),
    (
        "Fornavn",
        "Gade (privat)|Adresse (privat)|Postnummer (privat)|Telefon (privat)|Telefon (arbejde)|By (privat)",
        (
            "Mellemnavn|Suffiks|Ægtefælle|Personsøger|Mærkedag|Initialer|Fax (arbejde)|E-mail-type|E-mail-vist navn"
            "|Notater|Følsomhed"
        ),
    ),
    {
        "first_name": "Fornavn",
        "middle_name": "Mellemnavn",
        "last_name": "Efternavn",
        "full_name": "Fulde navn|Vist navn",
        "gender": "Køn",
        "birth": "Fødselsdag|Fødselsdato",
        "phone": "Mobiltelefon|Mobil|Primær telefon|Telefon (privat)|Telefon 2 (privat)|Anden telefon",
        "phone_2": "Telefon (privat)|Primær telefon|Telefon 2 (privat)|Anden telefon",
        "office_phone": "Telefon (arbejde)|Primær telefon (firma)|Telefon 2 (arbejde)",
        "phone_3": "Telefon (arbejde)|Telefon 2 (privat)|Anden telefon",
        "email": "E-mail-adresse|E-mailadresse|E-mail",
        "email_2": "E-mail 2-adresse|E-mail-adresse 2|E-mailadresse 2|E-mail 2",
        "address": "Gade (privat)|Adresse (privat)|Gade (arbejde)|Adresse (arbejde)|Anden gade",
        "postcode": "Postnummer (privat)|Postnummer (arbejde)|Andet postnummer",
        "town": "By (privat)|By (arbejde)|Anden by",
        "occupation": "Stilling|Profession",
        "organisation": "Firma",
        "department": "Afdeling",
        "languages": "Sprog",
        "notes": "Notater|Noter",
    },
    "Titel|Mellemnavn|Suffiks|Initialer|Webside|Mærkedag|Sted|Ledig/optaget via internettet|E-mail-type"
    "|E-mail-vist navn|E-mail 2-type|E-mail 2-vist navn|E-mail 3-adresse|E-mail 3-type|E-mail 3-vist navn"
    "|Telefon 2 (privat)|Personsøger|Fax (privat)|Gade 2 (privat)|Gade 3 (privat)|Adresse, postboks (privat)"
    "|Område (privat)|Land/område (privat)|Land (privat)|Ægtefælle|Børn|Navn på overordnet|Assistentens navn"
    "|Henvist af|Primær telefon (firma)|Telefon 2 (arbejde)|Fax (arbejde)|Assistentens telefon|Kontoradresse|Se-nr."
    "|Konto|Gade 2 (firma)|Gade 3 (firma)|Gade 2 (arbejde)|Gade 3 (arbejde)|Adresse, postboks (arbejde)"
    "|Område (arbejde)|Land/område (arbejde)|Land (arbejde)|Anden fax|Anden gade 2|Anden gade 3"
    "|Anden adresse, postboks|Andet område|Andet land/område|Anden adresse|Tilbagekald|Biltelefon|ISDN|Radiotelefon"
    "|TTY/TDD-telefon|Telex|Bruger 1|Bruger 2|Bruger 3|Bruger 4|Nøgleord|Kørte kilometer|Hobby|Takstoplysninger"
    "|Katalogserver|Følsomhed|Prioritet|Privat|Kategorier|Adresse (privat)|Adresse (arbejde)|Given Yomi|Surname Yomi"
    "|Company Yomi|Kaldenavn|Skoler",
)

OUTLOOK_ENGLISH = make_profile(
    "outlook_en",
    _("Outlook"),
    (
        "First Name",
        "Home Street|Home Postal Code|Home Phone|Business Phone|Home City",
        "E-mail Address|E-mail 2 Address|E-mail Display Name|Home Fax|Business Fax|Given Yomi|Spouse|Pager|Car Phone",
    ),
    {
        "first_name": "First Name",
        "middle_name": "Middle Name",
        "last_name": "Last Name",
        "full_name": "Display Name",
        "gender": "Gender",
        "birth": "Birthday",
        "phone": "Mobile Phone|Primary Phone|Home Phone|Home Phone 2|Other Phone",
        "phone_2": "Home Phone|Primary Phone|Home Phone 2|Other Phone",
        "office_phone": "Business Phone|Company Main Phone|Business Phone 2",
        "phone_3": "Business Phone|Home Phone 2|Other Phone",
        "email": "E-mail Address",
        "email_2": "E-mail 2 Address",
        "address": "Home Street|Home Address|Business Street|Business Address|Other Street",
        "postcode": "Home Postal Code|Business Postal Code|Other Postal Code",
        "town": "Home City|Business City|Other City",
        "occupation": "Job Title|Profession",
        "organisation": "Company|Organization",
        "department": "Department",
        "languages": "Language",
        "notes": "Notes",
    },
    "Middle Name|Title|Suffix|Initials|Nickname|Web Page|Web Page 2|Personal Web Page|Anniversary|Location"
    "|Internet Free Busy|E-mail Type|E-mail Display Name|E-mail 2 Type|E-mail 2 Display Name|E-mail 3 Address"
    "|E-mail 3 Type|E-mail 3 Display Name|Home Phone 2|Pager|Home Fax|Home Street 2|Home Street 3"
    "|Home Address|Home Address 2|Home Address PO Box|Home State|Home Country|Home Country/Region|Spouse|Children"
    "|Manager's Name|Assistant's Name|Referred By|Company Main Phone|Business Phone 2|Business Fax"
    "|Assistant's Phone|Office Location|Organizational ID Number|Government ID Number|Account|Business Address"
    "|Business Address 2|Business Street 2|Business Street 3|Business Address PO Box|Business State|Business Country"
    "|Business Country/Region|Other Fax|Other Address|Other Street 2|Other Street 3|Other Address PO Box|Other State"
    "|Other Country|Other Country/Region|Callback|Car Phone|ISDN|Radio Phone|TTY/TDD Phone|Telex|IMAddress|User 1"
    "|User 2|User 3|User 4|Keywords|Mileage|Hobby|Billing Information|Directory Server|Sensitivity|Priority|Private"
    "|Categories|Given Yomi|Surname Yomi|Company Yomi|Schools",
)

CIVICRM = make_profile(
    "civicrm",
    _("CiviCRM"),
    (
        "Contact ID|Internal Contact ID|Kontakt-ID|Contact-ID",
        (
            "Contact Type|Current Employer|Display Name|Sort Name|External Identifier|Do Not Phone|Street Address"
            "|Individual Prefix"
        ),
    ),
    {
        "first_name": "First Name|Fornavn",
        "middle_name": "Middle Name|Mellemnavn",
        "last_name": "Last Name|Efternavn",
        "full_name": "Display Name|Sort Name|Contact Name|Name",
        "record_type": "Contact Type|Kontakttype",
        "deceased": "Is Deceased|Deceased|Deceased Date|Er afdød|Afdød",
        "gender": "Gender|Gender ID|Køn",
        "birth": "Birth Date|Date of Birth|Fødselsdato",
        "phone": "Phone|Phone (primary)|Mobile|Home-Phone-Mobile|Home-Phone|Primary Phone|Telefon",
        "phone_2": "Phone 2|Home-Phone-Phone|Home-Phone-Mobile|Work-Phone-Phone|Main-Phone-Phone",
        "email": "Email|Email (primary)|Home-Email|Primary Email|E-mail",
        "email_2": "Email 2|Work-Email|Other-Email|Main-Email",
        "address": "Street Address|Street Address (primary)|Home-Street Address",
        "postcode": "Postal Code|Postal Code (primary)|Home-Postal Code",
        "town": "City|City (primary)|Home-City",
        "occupation": "Job Title",
        "organisation": "Current Employer|Organization Name|Employer",
        "languages": "Preferred Language",
        "notes": "Note(s)|Notes|Note|Contact Note",
    },
    "Contact ID|Internal Contact ID|Contact Type|Contact Subtype|Do Not Email|Do Not Phone|Do Not Mail|Do Not Sms"
    "|Do Not Trade|No Bulk Emails (User Opt Out)|Legal Identifier|External Identifier|Sort Name|Display Name|Nickname"
    "|Legal Name|Image Url|Preferred Communication Method|Preferred Mail Format|Contact Hash|Contact Source"
    "|Middle Name|Individual Prefix|Individual Suffix|Formal Title|Communication Style|Email Greeting ID"
    "|Email Greeting|Postal Greeting ID|Postal Greeting|Addressee ID|Addressee|Is Deceased|Deceased|Deceased Date"
    "|Household Name|Organization Name|SIC Code|User Unique ID|Current Employer ID|Is Deleted|Created Date"
    "|Modified Date|Addressee Display|Location Type|Supplemental Address 1|Supplemental Address 2"
    "|Supplemental Address 3|Street Number|Street Number Suffix|Street Name|Street Unit|Postal Code Suffix"
    "|Geo Code Latitude|Geo Code Longitude|Manually Geocoded|Address Name|Master Address Belongs To|County"
    "|State|Country|Phone Extension|Phone Type|IM Provider|IM Screen Name|OpenID|World Region|Website|Group(s)|Tag(s)",
)

PROFILES = (GOOGLE, OUTLOOK_DANISH, OUTLOOK_ENGLISH, CIVICRM)


def profile_of(headings: Iterable[str]) -> Profile | None:
    """The export whose headings (folded, see :func:`~imports.engine.fields.normal`) these are."""
    present = set(headings)
    return next((profile for profile in PROFILES if profile.fits(present)), None)
