"""What people adds to its own hooks: panels, case numbers, and rules for merging its own rows."""

from people.case_numbers import NUMBER_SOURCES, person_number_url
from people.merging import MERGE_RULES, MergeRule
from people.merging.own_rules import fold_enrolments, fold_languages, move_distinct
from people.models import DistinctPeople, Enrolment, LanguageSkill
from people.panels import PANEL_SOURCES
from people.views.questions import question_panels

PANEL_SOURCES.add(question_panels)
NUMBER_SOURCES.add(person_number_url)
MERGE_RULES.add(MergeRule(fold=fold_enrolments), key=Enrolment)
MERGE_RULES.add(MergeRule(fold=fold_languages), key=LanguageSkill)
MERGE_RULES.add(MergeRule(move=move_distinct), key=DistinctPeople)
