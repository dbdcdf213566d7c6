from PyQt6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.config import Settings
from app.ui.pages.settings.title_rules import TitleRuleDialog, told
from app.ui.pages.settings.trying import tried_rule, tried_window


def test_a_rule_is_tried_as_the_filter_would_apply_it() -> None:
    rule = {"pattern": "(?i)secret", "action": "replace", "replacement": "[x]"}
    assert tried_rule(rule, "A Secret plan").told == "Recorded as application: A [x] plan"
    assert "without a title" in tried_rule({**rule, "action": "drop"}, "A Secret plan").told
    assert "Secret" not in tried_rule({**rule, "action": "hash"}, "A Secret plan").told
    assert "does not occur" in tried_rule(rule, "A plan").told
    assert tried_rule(rule, "") == tried_rule({**rule, "pattern": ""}, "A plan")


def test_a_pattern_that_cannot_be_used_cannot_be_saved(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = TitleRuleDialog(parent, {"pattern": "", "action": "drop"})
    assert not dialog.accept_button.isEnabled()
    dialog._pattern.setText("(unclosed")
    assert not dialog.accept_button.isEnabled()
    assert dialog._result.text()
    dialog._pattern.setText("closed")
    dialog._application.setText(" code ")
    assert dialog.accept_button.isEnabled()
    assert dialog.rule() == {"pattern": "closed", "action": "drop", "application": "code"}


def test_a_rule_in_a_few_words() -> None:
    assert told({"pattern": "x", "action": "replace", "replacement": "[y]"}) == "becomes [y]"
    assert told({"pattern": "x", "action": "drop", "application": "code"}) == "Drop the whole title, in code"


def test_a_window_is_tried_with_the_settings_in_force() -> None:
    settings = Settings()
    assert tried_window(settings, "", "x") == ""
    assert (
        tried_window(settings, "keepassxc", "x") == "Nothing would be recorded: the application is excluded."
    )
    assert tried_window(settings, "slack", "x") == "Recorded as slack, without a title."
    assert tried_window(settings, "code", "main.py") == "Recorded as code: main.py"
