"""Each metric in a person's words, for the "i" beside its number; docs/metrics.md says the same at length."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Explained:
    """A metric: its name (a heading of docs/metrics.md), what it says, and how it is reckoned."""

    title: str
    meaning: str
    formula: str

    @property
    def words(self) -> str:
        """Meaning and formula, an empty line between them."""
        return f"{self.meaning}\n\n{self.formula}"


EXPLAINED: dict[str, Explained] = {
    "active_time": Explained(
        "Active time",
        "The time in which you were present and a window was recorded.",
        "The sum of all recorded stretches, without idle time. Unit: hours and minutes.",
    ),
    "idle_time": Explained(
        "Idle time",
        "The time without input from you, from the last key or movement on.",
        "The sum of all idle stretches. Time locked, asleep, paused or private is not recorded at all.",
    ),
    "context_switches": Explained(
        "Context switch",
        "How often your attention was asked to move. It does not say whether that was good.",
        "One for each change of project, or of application within a project, unless 5 minutes or more lie "
        "between. The rate is switches ÷ hours of active time.",
    ),
    "focus_block": Explained(
        "Focus block",
        "A stretch of undisturbed work in one project.",
        "At least 25 minutes of the project's own time, in which you were never away from it for 2 minutes "
        "or more.",
    ),
    "deep_work": Explained(
        "Deep-work share",
        "How much of your time went into focus blocks.",
        "Focused time ÷ active time, where focused time is the projects' own time in all focus blocks.",
    ),
    "fragmentation": Explained(
        "Fragmentation",
        "How much of your time was cut into small pieces. Lower is calmer.",
        "Active time in stretches under 5 minutes ÷ all active time. A stretch goes on while the project "
        "(without one, the application) stays the same and no break reaches 2 minutes.",
    ),
    "focus_score": Explained(
        "Focus score",
        "How undisturbed a day was, from 0 to 100. It judges neither what you did nor how much.",
        "Depth, up to 50 points: deep-work share, all of them from one half on. Calm, up to 25: all of them "
        "up to 6 context switches an hour, none from 30 on. Wholeness, up to 25: 1 − fragmentation. There "
        "is no score for less than an hour of active time.",
    ),
    "usual": Explained(
        "The usual",
        "What you had reached by this time on other days like this one.",
        "The average active time up to the same time of day, over the same weekday of the 8 weeks before; "
        "days without any are left out.",
    ),
    "comparison": Explained(
        "Comparison",
        "This period beside the one before.",
        "(now − before) ÷ before. Before a whole month or year comes the month or year before; before any "
        "other period as many days directly before it.",
    ),
    "moving_average": Explained(
        "Moving average",
        "A calmer line through numbers that jump from day to day.",
        "At each place the mean of it and of up to 6 values before; days without a value are left out.",
    ),
    "best_hours": Explained(
        "Best hours",
        "The three hours of the day in which most of your productive time falls.",
        "Time in productive categories by hour of the day, averaged over the days with any active time; the "
        "three hours in a row with the largest sum. Needs 5 such days.",
    ),
    "streak": Explained(
        "Streak",
        "Days in a row on which you set time aside to focus.",
        "A day counts with a completed focus session, or 25 minutes focused in sessions. Days on which "
        "nothing was recorded neither count nor break it, and today breaks nothing before it is over.",
    ),
    "goal": Explained(
        "Goal",
        "How much you want to do, or how little.",
        "At least or at most so much active time, in all or of one project, one category, the productive "
        "categories or focus blocks; for a day or for a week from Monday.",
    ),
    "heat_map": Explained(
        "Heat map",
        "When in the week you are active.",
        "For each hour and weekday the average active time in that hour, over the days of that weekday with "
        "any active time.",
    ),
    "focused_time": Explained(
        "Focus session",
        "The time you set aside yourself, with the timer.",
        "Awake time between start or resume, and pause, stop or completion.",
    ),
    "interruption": Explained(
        "Interruption",
        "A time you left the work of a focus session.",
        "One for each time away that lasts longer than the seconds chosen in the settings.",
    ),
    "meeting_load": Explained(
        "Meeting load",
        "How much of your time went to meetings: to the category “Meetings” and those below it.",
        "Active time in meetings ÷ active time. With a break under 5 minutes between them two are one; one "
        "counts from 5 minutes on.",
    ),
    "productivity": Explained(
        "Productivity",
        "Each category is productive, neutral or distracting, as you decide.",
        "The sum of active time by that choice. No score is made of it.",
    ),
}
