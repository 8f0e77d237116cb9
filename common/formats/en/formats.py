"""English formats with Danish input: 28 June 2011, 16:30, 1,478; fields take day before month."""

DATE_FORMAT = "j\xa0F Y"
YEAR_MONTH_FORMAT = "F Y"
MONTH_DAY_FORMAT = "j\xa0F"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j\xa0F Y, H:i"
SHORT_DATE_FORMAT = "d-m-Y"
SHORT_DATETIME_FORMAT = "d-m-Y H:i"
FIRST_DAY_OF_WEEK = 1
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3

DATE_INPUT_FORMATS = ["%d-%m-%Y", "%d/%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d"]
TIME_INPUT_FORMATS = ["%H:%M", "%H.%M", "%H"]
DATETIME_INPUT_FORMATS = [f"{date} {time}" for date in DATE_INPUT_FORMATS for time in ("%H:%M", "%H.%M")] + [
    "%Y-%m-%dT%H:%M"
]
