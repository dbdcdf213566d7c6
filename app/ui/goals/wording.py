"""A goal and how it stands, in words. Pure."""

from __future__ import annotations

from app.analytics.goals import Progress, Standing
from app.analytics.labels import By, Label
from app.durations import told_in_minutes
from app.models.goals import Aim, Goal, Period, Subject
from app.ui.labelled import name_of
from app.ui.words import tr


def subject_words(subject: Subject, label: Label) -> str:
    """What the goal is about."""
    if subject is Subject.PROJECT:
        return name_of(label, By.PROJECT)
    if subject is Subject.CATEGORY:
        return name_of(label, By.CATEGORY)
    return {
        Subject.TOTAL: tr("Active time"),
        Subject.PRODUCTIVE: tr("Productive time"),
        Subject.FOCUS: tr("Focused time"),
    }[subject]


def aim_words(goal: Goal) -> str:
    """`at least 4 h a day`."""
    length = told_in_minutes(goal.target_ms / 1000)
    if goal.kind is Aim.AT_LEAST:
        return (
            tr("at least {length} a day", length=length)
            if goal.period is Period.DAY
            else tr("at least {length} a week", length=length)
        )
    return (
        tr("at most {length} a day", length=length)
        if goal.period is Period.DAY
        else tr("at most {length} a week", length=length)
    )


def standing_words(progress: Progress) -> str:
    """How it stands: `1 h 20 m to go`."""
    length = told_in_minutes(progress.left_ms / 1000)
    standing = progress.standing
    if standing is Standing.REACHED:
        return tr("Reached")
    if standing is Standing.PAST:
        over = told_in_minutes((progress.done_ms - progress.goal.target_ms) / 1000)
        return tr("{length} over the limit", length=over)
    if progress.goal.kind is Aim.AT_LEAST:
        return tr("{length} to go", length=length)
    return tr("{length} left", length=length)


def standing_color(progress: Progress) -> str:
    """The token its bar is drawn in."""
    return {
        Standing.REACHED: "success",
        Standing.OPEN: "accent",
        Standing.WITHIN: "accent",
        Standing.NEAR: "warning",
        Standing.PAST: "danger",
    }[progress.standing]
