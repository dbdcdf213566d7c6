"""Completion scripts for bash, zsh and fish, made from the parser itself. Pure.

Each script walks the words typed so far to the command they lead to, and offers what that command
takes there. A word that follows an option with a value is completed by that option's choices, or by
file names.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.commands.words import actions, is_internal, subcommands
from app.declarations import SETTINGS

_FILES = "FILE"
_KEYS = "KEY"


@dataclass(frozen=True, slots=True)
class Place:
    """What may come after a command. `path`: its words joined by a blank, "" for `devpulse` alone.

    `words`: commands, options and choices with what they mean. `values`: the options that take a value,
    each with its choices; FILE stands for any file, and no choices for free text. `files`: a file's name
    may come.
    """

    path: str
    words: tuple[tuple[str, str], ...]
    values: tuple[tuple[str, tuple[str, ...]], ...] = ()
    files: bool = False


def places(parser: argparse.ArgumentParser, path: str = "") -> list[Place]:
    """The place of a parser and of all below it."""
    inner = subcommands(parser)
    found = [Place(path, tuple(_words(parser)), tuple(_values(parser)), _takes_files(parser))]
    for name, child in inner.items():
        if is_internal(child):
            continue
        found += places(child, f"{path} {name}".strip())
    return found


def _words(parser: argparse.ArgumentParser) -> Iterator[tuple[str, str]]:
    for name, child in subcommands(parser).items():
        if is_internal(child):
            continue
        yield name, (child.description or "").rstrip(".")
    for action in actions(parser):
        if action.option_strings:
            yield action.option_strings[-1], _told(action)
        elif action.choices is not None and not isinstance(action.choices, dict):
            for choice in action.choices:
                yield str(choice), _told(action)
        elif action.metavar == _KEYS:
            for key, setting in SETTINGS.items():
                yield key, setting.title


def _told(action: argparse.Action) -> str:
    return (action.help or "").replace("%%", "%")


def _values(parser: argparse.ArgumentParser) -> Iterator[tuple[str, tuple[str, ...]]]:
    for action in actions(parser):
        if action.option_strings and action.nargs != 0:
            choices = tuple(map(str, action.choices)) if action.choices is not None else ()
            if action.metavar == _FILES:
                choices = (_FILES,)
            for option in action.option_strings:
                yield option, choices


def _takes_files(parser: argparse.ArgumentParser) -> bool:
    return any(action.metavar == _FILES for action in actions(parser))


def script(shell: str, found: Sequence[Place]) -> str:
    """The script of "bash", "zsh" or "fish"."""
    return {"bash": _bash, "zsh": _zsh, "fish": _fish}[shell](found)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _known_paths(found: Sequence[Place]) -> str:
    return "|".join(_quoted(place.path) for place in found if place.path)


def _bash(found: Sequence[Place]) -> str:
    values = "\n".join(
        f"        {_quoted(f'{place.path} {option}')}) "
        + ("files=1" if choices == (_FILES,) else f"words={_quoted(' '.join(choices))}")
        + "; value=1;;"
        for place in found
        for option, choices in place.values
    )
    words = "\n".join(
        f"        {_quoted(place.path)}) words={_quoted(' '.join(word for word, _ in place.words))};"
        f"{' files=1;' if place.files else ''};"
        for place in found
    )
    return _BASH.format(paths=_known_paths(found), values=values, words=words)


_BASH = """\
# bash completion of devpulse; made by `devpulse completion bash`
_devpulse() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}}
    local path='' longer words='' files='' value='' i
    for ((i = 1; i < COMP_CWORD; i++)); do
        longer="${{path:+$path }}${{COMP_WORDS[i]}}"
        case $longer in
            {paths}) path=$longer;;
        esac
    done
    case "$path $before" in
{values}
    esac
    [[ $value ]] || case $path in
{words}
    esac
    COMPREPLY=($(compgen -W "$words" -- "$current"))
    if [[ $files && $current != -* ]]; then
        compopt -o filenames 2>/dev/null
        while IFS= read -r longer; do COMPREPLY+=("$longer"); done < <(compgen -f -- "$current")
    fi
}}
complete -F _devpulse devpulse
"""


def _zsh(found: Sequence[Place]) -> str:
    values = "\n".join(
        f"        {_quoted(f'{place.path} {option}')}) "
        + ("_files" if choices == (_FILES,) else f"compadd -- {' '.join(map(_quoted, choices))}".rstrip())
        + "; return;;"
        for place in found
        for option, choices in place.values
    )
    words = "\n".join(
        f"        {_quoted(place.path)}) words_here=({' '.join(_described(*word) for word in place.words)})"
        f"{'; _files' if place.files else ''};;"
        for place in found
    )
    return _ZSH.format(paths=_known_paths(found), values=values, words=words)


def _described(word: str, told: str) -> str:
    return _quoted(f"{word.replace(':', chr(92) + ':')}:{told}")


_ZSH = """\
#compdef devpulse
# zsh completion of devpulse; made by `devpulse completion zsh`
_devpulse() {{
    local location='' longer i
    local -a words_here
    for ((i = 2; i < CURRENT; i++)); do
        longer="${{location:+$location }}${{words[i]}}"
        case $longer in
            {paths}) location=$longer;;
        esac
    done
    case "$location ${{words[CURRENT-1]}}" in
{values}
    esac
    case $location in
{words}
    esac
    _describe 'devpulse' words_here
}}
if [[ $funcstack[1] == _devpulse ]]; then _devpulse "$@"; else compdef _devpulse devpulse; fi
"""


def _fish(found: Sequence[Place]) -> str:
    lines = [_FISH.format(paths=" ".join(_quoted(place.path) for place in found if place.path))]
    for place in found:
        values = dict(place.values)
        here = f"__devpulse_at {_quoted(place.path)}"
        if place.files:
            lines.append(f"complete -c devpulse -n {_quoted(here)} -F\n")
        for word, told in place.words:
            about = f"-d {_quoted(told)}"
            if not word.startswith("-"):
                lines.append(f"complete -c devpulse -n {_quoted(here)} -a {_quoted(word)} {about}\n")
                continue
            name = f"-l {word[2:]}" if word.startswith("--") else f"-s {word[1:]}"
            takes = ""
            if word in values:
                takes = " -r -F" if values[word] == (_FILES,) else f" -x -a {_quoted(' '.join(values[word]))}"
            lines.append(f"complete -c devpulse -n {_quoted(here)} {name}{takes} {about}\n")
    return "".join(lines)


_FISH = """\
# fish completion of devpulse; made by `devpulse completion fish`
function __devpulse_at
    set -l place ''
    for word in (commandline -opc)[2..-1]
        set -l longer (string trim -- "$place $word")
        if contains -- $longer {paths}
            set place $longer
        end
    end
    test "$place" = "$argv[1]"
end
complete -c devpulse -f
"""
