"""Words of old lists for kinds of events and for what became of an invitation."""

from events.enums import AttendanceStatus, EventKind
from imports.engine.choices import FewWords

KINDS = FewWords(
    {
        EventKind.NETWORK: "netværksarrangement|netværk|netværksmøde|netværksaften|arrangement|fest|network event"
        "|network",
        EventKind.MENTOR_COURSE: "kursus for mentorer|mentorkursus|mentoruddannelse|mentor kursus|course for mentors",
        EventKind.MENTEE_COURSE: "kursus for mentees|menteekursus|mentee kursus|kursus|course for mentees|course",
        EventKind.EXCHANGE: "erfaringsudvekslingsmøde|erfaringsudveksling|erfamøde|erfa|experience exchange meeting"
        "|exchange",
        EventKind.INTRODUCTION: "introduktionsmøde|intromøde|introduktion|infomøde|informationsmøde"
        "|introduction meeting|introduction",
        EventKind.OUTREACH: "oplæg eller opsøgende arbejde|oplæg|opsøgende|opsøgende arbejde|foredrag"
        "|talk or outreach|outreach|talk",
    }
)
STATES = FewWords({"held": "afholdt|planlagt|holdes|held|planned", "cancelled": "aflyst|aflyses|cancelled|called off"})
STATUSES = FewWords(
    {
        AttendanceStatus.INVITED: "inviteret|indbudt|invitation sendt|invited",
        AttendanceStatus.SIGNED_UP: "tilmeldt|tilmelding|kommer|ja tak|signed up|registered",
        AttendanceStatus.WAITING_LIST: "venteliste|på venteliste|på venteliste til arrangementet|vl|waiting list"
        "|on the waiting list",
        AttendanceStatus.ATTENDED: "deltog|deltaget|kommet|kom|mødt|mødte|mødte op|fremmødt|ja|x|came|attended|present",
        AttendanceStatus.ABSENT: "udeblev|udeblevet|ikke mødt|mødte ikke|kom ikke|ikke kommet|fraværende|nej"
        "|did not come|absent|no show",
        AttendanceStatus.CANCELLED: "afbud|meldt afbud|framelt|frameldt|afmeldt|nej tak|cancelled",
    }
)
