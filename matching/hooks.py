"""What matching adds to people: a person's timeline, panels and next actions, match numbers, merges."""

from matching.models import Match
from matching.numbers import url_of_match_number
from matching.pages import person_page, person_timeline
from matching.services import merging
from people.case_numbers import NUMBER_SOURCES
from people.merging import MERGE_CHECKS, MERGE_CONSEQUENCES, MERGE_RULES, MERGE_SETTLERS
from people.panels import NEXT_ACTION_SOURCES, PANEL_SOURCES
from people.timeline import TIMELINE_SOURCES

TIMELINE_SOURCES.add(person_timeline.timeline_entries)
PANEL_SOURCES.add(person_page.person_panels)
NEXT_ACTION_SOURCES.add(person_page.next_actions)
NUMBER_SOURCES.add(url_of_match_number)
MERGE_RULES.add(merging.MATCH_RULE, key=Match)
MERGE_CHECKS.add(merging.refuse_impossible_merge)
MERGE_SETTLERS.add(merging.settle_person)
MERGE_CONSEQUENCES.add(merging.merge_consequences)
