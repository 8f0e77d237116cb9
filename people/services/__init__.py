"""Every write of the people app, by subject."""

from people.services.corrections import correct_application, correct_consent, correct_period
from people.services.drafts import DraftFinished, delete_draft, lock_draft, save_draft, without_cpr_numbers
from people.services.enrolments import (
    end_enrolment,
    enrol_person,
    pause_enrolment,
    reopen_enrolment,
    update_enrolment,
)
from people.services.intake import complete_intake, update_wishes
from people.services.organisations import create_group, create_organisation, update_group, update_organisation
from people.services.people import (
    Skill,
    create_person,
    record_consent,
    record_contact,
    set_languages,
    update_person,
)
from people.services.removing import remove_person
from people.services.states import lift_person_state, set_person_state
from people.services.transfers import answer_transfer, ask_transfer, withdraw_transfer
from people.services.vocabulary import load_vocabulary

__all__ = [
    "DraftFinished",
    "Skill",
    "answer_transfer",
    "ask_transfer",
    "complete_intake",
    "correct_application",
    "correct_consent",
    "correct_period",
    "create_group",
    "create_organisation",
    "create_person",
    "delete_draft",
    "end_enrolment",
    "enrol_person",
    "lift_person_state",
    "load_vocabulary",
    "lock_draft",
    "pause_enrolment",
    "record_consent",
    "record_contact",
    "remove_person",
    "reopen_enrolment",
    "save_draft",
    "set_languages",
    "set_person_state",
    "update_enrolment",
    "update_group",
    "update_organisation",
    "update_person",
    "update_wishes",
    "withdraw_transfer",
    "without_cpr_numbers",
]
