"""Transfers of people to another branch: the home branch asks, the receiving branch accepts or declines.

Roles, matches and events stay with the branches whose programmes they belong to, so no figure changes. Lock order: the
person, the transfer.
"""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.enums import AccessKind
from accounts.models import Branch, User
from accounts.services import record_access
from common import clock
from common.journal import act, save
from common.templatetags.danish import danish_date
from people.case_numbers import take_case_numbers
from people.enums import TransferState
from people.models import BranchTransfer, FormerCaseNumber, Person
from people.services.permissions import require_work_in, save_clean, state_sentence


class TransferRefused(ValidationError):
    """The transfer cannot be asked for, answered or withdrawn now. The message says why."""


@act
def ask_transfer(person: Person, *, by: User, to: Branch, message: str = "") -> BranchTransfer:
    """Ask a branch to take over a person of the user's branch. Logs a write in both branches.

    Raises PermissionDenied, ValidationError for a CPR number in the message, and TransferRefused if the person has
    died, moved away or wants no contact, belongs to the branch already, or if a branch is asked already.
    """
    person = Person.objects.select_for_update(of=("self",)).select_related("home_branch").get(pk=person.pk)
    require_work_in([person.home_branch_id], by)
    _refuse_asking(person, to)
    transfer = BranchTransfer(
        person=person,
        from_branch=person.home_branch,
        to_branch=to,
        case_number=person.case_number,
        message=message.strip(),
        asked_by=by,
    )
    save_clean(transfer)
    _log(transfer, by, "transfer_asked")
    return transfer


@act
def answer_transfer(transfer: BranchTransfer, *, by: User, accepts: bool, note: str = "") -> BranchTransfer:
    """Accept or decline a transfer for the receiving branch. Logs a write in both branches.

    Accepting gives the person the branch as home branch, and its next case number; the old number still finds the
    person. An organisation of the old branch is cleared. Raises PermissionDenied, ValidationError for a CPR number in
    the note, and TransferRefused if the transfer was answered or withdrawn, or the person left the branch meanwhile.
    """
    transfer = _lock(transfer)
    require_work_in([transfer.to_branch_id], by)
    _refuse_closed(transfer)
    _close(transfer, TransferState.ACCEPTED if accepts else TransferState.DECLINED, by, note)
    if accepts:
        _move(transfer.person, transfer)
    _log(transfer, by, "transfer_accepted" if accepts else "transfer_declined")
    return transfer


@act
def withdraw_transfer(transfer: BranchTransfer, *, by: User) -> BranchTransfer:
    """Withdraw a transfer that has no answer yet, for the asking branch. Logs a write in both branches.

    Raises PermissionDenied, and TransferRefused if it was answered or withdrawn meanwhile.
    """
    transfer = _lock(transfer)
    require_work_in([transfer.from_branch_id], by)
    _refuse_closed(transfer)
    _close(transfer, TransferState.WITHDRAWN, by)
    _log(transfer, by, "transfer_withdrawn")
    return transfer


def _refuse_asking(person: Person, to: Branch) -> None:
    if person.state:
        raise TransferRefused(state_sentence(person))
    if to.pk == person.home_branch_id:
        raise TransferRefused(_("The person belongs to %(branch)s already.") % {"branch": to})
    if waiting := person.transfers.filter(state=TransferState.OPEN).select_related("to_branch").first():
        words = {"branch": waiting.to_branch, "day": danish_date(waiting.asked_at)}
        raise TransferRefused(_("%(branch)s was asked on %(day)s and has not answered. Withdraw that first.") % words)


def _lock(transfer: BranchTransfer) -> BranchTransfer:
    person = Person.objects.select_for_update().filter(pk=transfer.person_id).first()
    rows = BranchTransfer.objects.select_for_update(of=("self",))
    found = rows.select_related("from_branch", "to_branch", "answered_by").filter(pk=transfer.pk).first()
    if found is None or person is None:
        raise TransferRefused(_("The person was merged or deleted a moment ago."))
    found.person = person
    return found


def _refuse_closed(transfer: BranchTransfer) -> None:
    if transfer.state != TransferState.OPEN:
        words = {
            "name": transfer.answered_by or _("A command"),
            "when": danish_date(transfer.answered_at),
            "state": transfer.get_state_display().lower(),
        }
        raise TransferRefused(_("The transfer is closed: %(state)s on %(when)s by %(name)s.") % words)


def _close(transfer: BranchTransfer, state: TransferState, by: User, note: str = "") -> None:
    transfer.state, transfer.answer_note = state, note.strip()
    transfer.answered_by, transfer.answered_at = by, clock.now()
    save_clean(transfer)


def _move(person: Person, transfer: BranchTransfer) -> None:
    if person.state:  # the receiving branch may not know which one
        raise TransferRefused(
            _("The person cannot be taken over now. Ask %(branch)s.") % {"branch": transfer.from_branch}
        )
    if person.home_branch_id != transfer.from_branch_id:
        raise TransferRefused(_("The person no longer belongs to %(branch)s.") % {"branch": transfer.from_branch})
    save(FormerCaseNumber(person=person, number=person.case_number, until=clock.today()))
    person.home_branch = transfer.to_branch
    person.case_number = take_case_numbers(transfer.to_branch, clock.today().year)[0]
    if person.organisation and person.organisation.branch_id != transfer.to_branch_id:
        person.organisation = None
    person.search_text = person.build_search_text()
    save(person)


def _log(transfer: BranchTransfer, by: User, code: str) -> None:
    """Log on the person in the old branch, and on the transfer in the receiving one."""
    values = {
        "number": transfer.case_number,
        "old": transfer.from_branch.name,
        "new": transfer.to_branch.name,
    }
    for subject, branch in ((transfer.person, transfer.from_branch), (transfer, transfer.to_branch)):
        record_access(by=by, kind=AccessKind.WRITE, subject=subject, branch=branch, code=code, values=values)
