"""The Emergency Kit's page in the person's language."""

from __future__ import annotations

from app.sync.crypto.emergency_kit import EmergencyKit, Wording
from app.ui.words import tr


def kit_html(kit: EmergencyKit) -> str:
    """The page: what is shown, printed and saved is one document."""
    return kit.as_html(_wording())


def _wording() -> Wording:
    return Wording(
        title=tr("DevPulse Emergency Kit"),
        foreword=tr(
            "Print this page, write your password on it by hand if you like, and keep it where you keep "
            "papers that matter. Who has this page and your password, or the recovery words alone, can read "
            "everything you have recorded. Without it nobody can help you, not even the people who run the "
            "service."
        ),
        steps=(
            tr("On a new machine: sign in with your e-mail address or account, your password, and the Secret "
               "Key."),
            tr("If the password is lost: choose “Recovery words”, type the 24 words, and set a new "
               "password."),
            tr("If you think somebody has seen this page: change the password and make new recovery words."),
        ),
        service=tr("Service"),
        email=tr("E-mail"),
        account=tr("Account"),
        secret_key=tr("Secret Key"),
        made_on=tr("Made on"),
        password=tr("Password"),
        recovery_words=tr("Recovery words"),
        when=tr("When you need it"),
    )  # fmt: skip
