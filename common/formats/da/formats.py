"""Danish formats of dates, times and numbers: 28. juni 2011, kl. 16.30, 1.478; in fields 28-06-2011."""

DATE_FORMAT = "j.\xa0F Y"
YEAR_MONTH_FORMAT = "F Y"
MONTH_DAY_FORMAT = "j.\xa0F"
TIME_FORMAT = "H.i"
DATETIME_FORMAT = "j.\xa0F Y \\k\\l.\xa0H.i"
SHORT_DATE_FORMAT = "d-m-Y"
SHORT_DATETIME_FORMAT = "d-m-Y H.i"
FIRST_DAY_OF_WEEK = 1
DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "."
NUMBER_GROUPING = 3

# A field shows its value in the first format of each list.
DATE_INPUT_FORMATS = [
    "%d-%m-%Y",
    "%d/%m-%Y",
    "%d/%m/%Y",
    "%d.%m.%Y",
    "%Y-%m-%d",
    "%d-%m-%y",
    "%d/%m-%y",
    "%d/%m/%y",
    "%d.%m.%y",
]
TIME_INPUT_FORMATS = ["%H.%M", "%H:%M", "%H"]
DATETIME_INPUT_FORMATS = [
    f"{date} {time}" for date in DATE_INPUT_FORMATS for time in ("%H.%M", "%H:%M", "kl. %H.%M")
] + ["%Y-%m-%dT%H:%M"]
