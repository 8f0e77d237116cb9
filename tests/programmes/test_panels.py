from common.hooks import Hook, Panel
from programmes import panels


def test_upper_apps_add_panels(programme, manager, outsider, monkeypatch):
    hook = Hook()
    monkeypatch.setattr(panels, "PROGRAMME_PANELS", hook)
    card = Panel(template="x.html")
    hook.add(lambda programme, user: card if user == manager else None)
    assert panels.panels_for(programme, manager) == [card]
    assert panels.panels_for(programme, outsider) == []


def test_targets_are_a_panel_of_the_programme(programme, manager, outsider):
    assert [panel.template for panel in panels.panels_for(programme, manager)] == ["reporting/_programme_targets.html"]
    assert panels.panels_for(programme, outsider) == []
