"""Names and texts for invented people. The names differ from those of the sample spreadsheets."""

import dataclasses

DANISH_WOMEN = (
    "Anne Birgitte Camilla Dorthe Eva Grethe Hanne Inge Jette Karen Kirsten Lene Lise Lone Marianne Mette Pia Rikke "
    "Susanne Tove Ulla Vibeke Helle Ingrid Kamilla Louise Maria Trine Sanne Tina"
).split()
DANISH_MEN = (
    "Anders Bent Carsten Erik Finn Frank Hans Henrik Jens Jesper Jørgen Karsten Kim Klaus Lars Mads Mogens Niels Ole "
    "Per Peter Rasmus Steen Svend Thomas Torben Troels Ulrik Viggo Åge"
).split()
DANISH_SURNAMES = (
    "Hjort Bisgaard Lindholm Kragh Fogh Bagge Hald Ravn Lykke Bundgaard Enevoldsen Graversen Hedegaard Ibsen Juhl "
    "Kruse Lindqvist Mortensen Munk Nygaard Overby Riis Skovgaard Storm Svendsen Thorup Ulriksen Villadsen Westergaard "
    "Aagaard Borch Buhl Dinesen Egholm Fenger Gadegaard Harboe Kjærgaard Mørch"
).split()
MINORITY_WOMEN = (
    "Aisha Amina Asha Basma Dunya Emina Fadumo Fatma Hawa Hiba Khadija Leyla Maryam Mina Nadia Najma Nimo Parisa Rahma "
    "Rana Salma Samira Sevda Sumaya Šejla Thuy Yasemin Zahra Zainab Zehra"
).split()
MINORITY_MEN = (
    "Abdi Ahmet Ali Amin Bashir Bilal Dragan Farid Goran Hassan Ibrahim Idris Ilir Jamal Karim Mahdi Mehmet Mohammed "
    "Murat Nasir Omar Osman Rachid Said Tariq Usman Walid Yasin Yusuf Zoran"
).split()
MINORITY_SURNAMES = (
    "Yusuf Omar Hassan Ismail Haddad al-Jaberi Çelik Kaya Yıldız Aksoy Demirtaş Petrović Softić Jovanović Marković "
    "Nguyen Tran Pham Siddiqui Chowdhury Ansari Rashid Sabri Khalil Haidar Jaber Mousa Saeed Kamal Azizi Habibi "
    "Sultani Wardak Mohseni Tavakoli Sivakumar Ramesh Mohamed Abukar Babić"
).split()

# People with fixed names, as in the pictures of the design: first name, last name, gender.
NAMED_MENTEES = [
    ("Samira", "Haddad", "woman"),
    ("Hodan", "Warsame", "woman"),
    ("Amina", "Yusuf", "woman"),
    ("Leyla", "Demir", "woman"),
    ("Khadija", "Ahmed", "woman"),
    ("Emina", "Softić", "woman"),
    ("Nadia", "Rahimi", "woman"),
    ("Bashir", "Omar", "man"),
    ("Mehmet", "Kaya", "man"),
]
NAMED_PAIRS = {
    "Samira Haddad": "Tove Lindqvist",
    "Hodan Warsame": "Birgitte Holm",
    "Amina Yusuf": "Lise Mørch",
    "Leyla Demir": "Ulla Brandt",
    "Khadija Ahmed": "Anne Kjærgaard",
    "Emina Softić": "Inge Damgaard",
    "Nadia Rahimi": "Lise Mørch",
    "Bashir Omar": "Karsten Friis",
    "Mehmet Kaya": "Jens Bech Andersen",
}
NAMED_MENTORS = [
    ("Birgitte", "Holm", "woman"),
    ("Karsten", "Friis", "man"),
    ("Ulla", "Brandt", "woman"),
    ("Anne", "Kjærgaard", "woman"),
    ("Lise", "Mørch", "woman"),
    ("Tove", "Lindqvist", "woman"),
    ("Inge", "Damgaard", "woman"),
    ("Jens", "Bech Andersen", "man"),
    ("Peter", "Skov", "man"),
]
NAMED_WAITING = [
    ("Ali Hassan", "Nur", "man", 148),
    ("Zainab", "al-Jaberi", "woman", 121),
    ("Yusuf", "Çelik", "man", 96),
    ("Maryam", "Ali", "woman", 88),
    ("Mohammed", "Karimi", "man", 81),
    ("Sevda", "Aydın", "woman", 74),
    ("Ibrahim", "Jama", "man", 70),
    ("Jasmina", "Babić", "woman", 63),
    ("Rana", "Saleh", "woman", 58),
    ("Goran", "Petrović", "man", 51),
    ("Asha", "Farah", "woman", 44),
]


@dataclasses.dataclass(frozen=True)
class PersonFacts:
    """The facts of a person with a fixed name, as the pictures of the design show them."""

    wish: str = ""
    occupation: str = ""
    origin: str = ""
    language: str = ""
    terms: tuple[str, ...] = ()
    same_gender: bool = False
    times: str = ""
    address: str = ""
    born: int = 0


TINGBJERG = "Langhusvej"
FACTS = {
    "Ali Hassan Nur": PersonFacts(
        "En mand i byggefaget, der kan hjælpe til en læreplads som tømrer.",
        origin="Somalia",
        language="somali",
        terms=("Byggeri", "Uddannelsesvalg", "Praktik", "Aften"),
        same_gender=True,
        born=1984,
    ),
    "Zainab al-Jaberi": PersonFacts(
        "Praktik på kontor. Kan kun mødes i weekenden.",
        origin="Irak",
        language="arabisk",
        terms=("Praktik", "Offentlig forvaltning", "Lørdag", "Søndag"),
        born=1978,
    ),
    "Yusuf Çelik": PersonFacts(
        "Vil åbne egen butik og vil have tyrkisk som fællessprog.",
        origin="Tyrkiet",
        language="tyrkisk",
        terms=("Egen virksomhed", "Detail", "Aften"),
    ),
    "Maryam Ali": PersonFacts(
        "Vil møde danskere og tale mere dansk.",
        origin="Somalia",
        language="somali",
        terms=("Dansk i hverdagen", "Netværk uden for Tingbjerg", "Hverdage, dagtimer"),
    ),
    "Mohammed Karimi": PersonFacts(
        "Kørekort og job som chauffør.",
        origin="Afghanistan",
        language="dari",
        terms=("Kørekort", "Transport", "Aften"),
        born=1975,
    ),
    "Sevda Aydın": PersonFacts(
        "Er sygeplejerske fra Tyrkiet og vil have sin uddannelse godkendt.",
        origin="Tyrkiet",
        language="tyrkisk",
        terms=("Godkendelse af uddannelse", "Sundhed", "Hverdage efter kl. 16"),
        same_gender=True,
        born=1972,
    ),
    "Ibrahim Jama": PersonFacts(
        "Tager hf og vil have hjælp til at vælge studie.",
        origin="Somalia",
        language="somali",
        terms=("Uddannelsesvalg", "Lektier", "It", "Aften"),
        born=1989,
    ),
    "Jasmina Babić": PersonFacts(
        "Vil have sin uddannelse godkendt.",
        origin="Bosnien-Hercegovina",
        language="bosnisk",
        terms=("Godkendelse af uddannelse", "Økonomi", "Hverdage efter kl. 16"),
    ),
    "Rana Saleh": PersonFacts(
        "Vil forstå skolen og hjælpe sine børn.",
        origin="Libanon",
        language="arabisk",
        terms=("Skole og forældre", "Børn og familieliv", "Hverdage, dagtimer"),
    ),
    "Goran Petrović": PersonFacts(
        "Søger job i it.", origin="Serbien", terms=("Jobsøgning", "It", "Aften", "Lørdag"), born=1970
    ),
    "Asha Farah": PersonFacts(
        "Søger praktik i butik.",
        origin="Somalia",
        language="somali",
        terms=("Praktik", "Detail", "Hverdage, dagtimer"),
    ),
    "Hodan Warsame": PersonFacts(
        "Jeg vil være hjælper på et plejehjem ligesom min søster.",
        origin="Somalia",
        language="somali",
        terms=(
            "Social- og sundhedsuddannelse",
            "Praktik",
            "Dansk i hverdagen",
            "Netværk uden for Tingbjerg",
            "Hverdage efter kl. 16",
            "Lørdag",
        ),
        same_gender=True,
        born=1977,
    ),
    "Birgitte Holm": PersonFacts(
        occupation="Sygeplejerske", terms=("Sundhed", "Social- og sundhedsuddannelse", "Aften"), born=1961
    ),
    "Karsten Friis": PersonFacts(
        occupation="Tømrermester",
        terms=("Byggeri", "Praktik", "Uddannelsesvalg", "Netværk uden for Tingbjerg", "Aften"),
        times="Mandag og onsdag aften",
        address=TINGBJERG,
        born=1959,
    ),
    "Peter Skov": PersonFacts(
        occupation="Faglærer på teknisk skole, tømrerlinjen",
        terms=("Byggeri", "Undervisning", "Uddannelsesvalg", "Lektier", "Aften"),
        times="Alle aftener fra 1. oktober",
        born=1973,
    ),
    "Ulla Brandt": PersonFacts(occupation="Bibliotekar", terms=("Dansk i hverdagen", "Kultur", "Aften")),
    "Anne Kjærgaard": PersonFacts(occupation="Folkeskolelærer", terms=("Skole og forældre", "Undervisning", "Aften")),
    "Lise Mørch": PersonFacts(occupation="Butikschef", terms=("Jobsøgning", "Detail", "Lørdag")),
}

ORIGINS = {
    "Somalia": ("somali",),
    "Tyrkiet": ("tyrkisk",),
    "Irak": ("arabisk", "kurdisk"),
    "Libanon": ("arabisk",),
    "Pakistan": ("urdu", "punjabi"),
    "Bosnien-Hercegovina": ("bosnisk",),
    "Afghanistan": ("dari", "pashto"),
    "Iran": ("persisk",),
    "Marokko": ("arabisk",),
    "Serbien": ("serbisk",),
    "Sri Lanka": ("tamil",),
    "Vietnam": ("vietnamesisk",),
}
STREETS = [
    ("Midtfløjene", "2700", "Brønshøj", "Tingbjerg"),
    ("Langhusvej", "2700", "Brønshøj", "Tingbjerg"),
    ("Arkaderne", "2700", "Brønshøj", "Tingbjerg"),
    ("Terrasserne", "2700", "Brønshøj", "Tingbjerg"),
    ("Åkandevej", "2700", "Brønshøj", "Tingbjerg"),
    ("Frederikssundsvej", "2700", "Brønshøj", "Brønshøj"),
    ("Nørrebrogade", "2200", "København N", "Nørrebro"),
    ("Bispebjergvej", "2400", "København NV", "Bispebjerg"),
    ("Jyllingevej", "2720", "Vanløse", "Vanløse"),
    ("Amagerbrogade", "2300", "København S", "Amager"),
    ("Valby Langgade", "2500", "Valby", "Valby"),
    ("Østerbrogade", "2100", "København Ø", "Østerbro"),
]
OCCUPATIONS = [
    ("Sygeplejerske", "sundhed"),
    ("Folkeskolelærer", "undervisning"),
    ("Tømrermester", "håndværk"),
    ("Ingeniør", "it"),
    ("Butikschef", "butik"),
    ("Socialrådgiver", "social"),
    ("Revisor", "økonomi"),
    ("Pædagog", "pædagog"),
    ("Kok", "restaurant"),
    ("Jurist", "offentlig"),
    ("Journalist", "medier"),
    ("Lagerleder", "transport"),
]
LIVELIHOODS = ["kontanthjælp", "dagpenge", "SU", "førtidspension", "sygedagpenge", "ægtefælle forsørger", "deltidsjob"]
WISHES = [
    "Jeg vil gerne tale mere dansk og forstå, hvordan man gør på en arbejdsplads.",
    "Jeg vil være hjælper på et plejehjem ligesom min søster.",
    "Jeg søger en læreplads og kender ingen i faget.",
    "Jeg vil have min uddannelse godkendt og i gang igen.",
    "Jeg kender få uden for Tingbjerg og vil gerne møde danskere.",
    "Jeg vil forstå skolen og hjælpe mine børn bedre.",
    "Jeg vil gerne have et job på kontor.",
    "Jeg overvejer at åbne min egen butik.",
]
FOLLOW_UP_NOTES = {
    "good": [
        "De mødes hver anden uge og øver ansøgninger.",
        "Trygge ved hinanden. Vil gerne have flere aftaler.",
        "Har været på biblioteket sammen og talt dansk hele tiden.",
        "Har skrevet CV og sendt to ansøgninger.",
        "Hyggeligt og konkret. Næste gang besøger de jobcentret.",
    ],
    "mixed": [
        "Svært at finde tider, men de vil gerne fortsætte.",
        "Mentor er usikker på sin rolle. Tilbudt erfaringsudveksling.",
        "Mentee har haft sygdom i familien, de ringer sammen.",
    ],
    "hard": ["To aftaler er aflyst i træk. Vi taler sammen igen i næste uge.", "Mentee synes ikke, de kommer videre."],
}
MEETING_NOTES = [
    "",
    "",
    "Øvede ansøgning",
    "På biblioteket",
    "Gik tur og talte dansk",
    "Lektier",
    "Besøg på arbejdsplads",
]
ORGANISATIONS = [
    ("Områdesekretariatet Tingbjerg", "partner"),
    ("Tingbjerg Bibliotek", "partner"),
    ("Tingbjerg Skole", "partner"),
    ("Fritidscentret", "partner"),
    ("Ungdomsklubben", "association"),
    ("Københavns Internationale Forening", "association"),
    ("VIDIT", "association"),
    ("Sundhedshuset", "authority"),
    ("Bydelsmødre i Tingbjerg", "association"),
    ("Jobcenter København", "authority"),
]
INTERVIEW_SUMMARIES = [
    "Vil arbejde i ældreplejen. Mangler nogen at tale dansk med og kender få uden for Tingbjerg.",
    "Har været i praktik to gange uden at få job. Ved ikke, hvordan man følger op.",
    "Er færdig med sprogskolen og vil i gang. Børnene er i institution til kl. 16.",
    "Har en uddannelse fra hjemlandet og venter på vurdering af den.",
    "Er meget alene i hverdagen. Vil gerne med til arrangementer.",
    "Har søgt mange job på nettet. Vil lære at ringe og spørge selv.",
]
GOALS = [
    "Blive optaget på social- og sundhedsskolen",
    "Tale dansk uden at skifte til engelsk",
    "Kende nogen uden for Tingbjerg",
    "Have et CV, der kan sendes",
    "Komme i praktik inden jul",
    "Forstå skolens beskeder og svare selv",
    "Søge tre job om måneden",
    "Tage kørekort",
]
OUTCOME_NOTES = {
    "job": "Deltid i en butik i Brønshøj.",
    "internship": "Plejehjemmet Bystævnet, fire uger.",
    "education": "Begyndt på hf-enkeltfag.",
    "danish": "Egen vurdering ved opfølgning.",
    "network": "Kommer nu i beboerhuset hver uge.",
}

PAUSE_REASON = "Ferie hos familien i udlandet"
MOVED_REASON = "har nattevagter til og med den 7."
CONTACT_NOTES = [
    "Ringede for at fortælle, at hun er kommet til samtale.",
    "Spurgte til ventetiden. Vil stadig gerne have en mentor.",
]
