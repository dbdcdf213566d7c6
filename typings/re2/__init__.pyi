# What DevPulse uses of google-re2, which ships no types.
from collections.abc import Callable

class error(Exception): ...  # noqa: N801

class Options:
    log_errors: bool
    max_mem: int

class Match:
    def group(self) -> str: ...

class Regexp:
    @property
    def programsize(self) -> int: ...
    def search(self, text: str) -> Match | None: ...
    def sub(self, repl: Callable[[Match], str], text: str) -> str: ...

def compile(pattern: str, options: Options | None = None) -> Regexp: ...  # noqa: A001
