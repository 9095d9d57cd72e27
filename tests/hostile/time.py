"""Times every regular expression and every reader of the product on hostile texts; fails where time outgrows length."""

import argparse
import sys
import warnings
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from re import Pattern
from typing import Any

from tests.hostile.bounds import ANCHORED, EXEMPT, Bound, bound_of, key_of
from tests.hostile.patterns import Place, Recorder, import_all, is_anchored, places, written
from tests.hostile.pumps import Attack, attacks
from tests.hostile.slope import LEAST_SECONDS, Growth, Work, measure, time_of

PATTERN_LENGTHS = tuple(1_000 << power for power in range(6))
# Of a text that shows whether an attack takes time at all.
_SCREEN_LENGTH = 4_000
# For what takes long on a short text.
SHORT_LENGTHS = (125, 250, 500, 1_000)
# Up to where the memory of a text has outgrown the processor's caches, which makes one step look steep.
READER_LENGTHS = tuple(4_000 << power for power in range(11))
# Two lengths that show most readers to be linear; only the others are timed at all lengths.
_SCREEN_LENGTHS = (32_000, 256_000)
_SCREEN_SLOPE = 1.15
# From this many seconds on, a longer text shows nothing new.
ENOUGH = 0.15
_MOST_SHOWN = 10
# One slow attack says as much as ten.
_SCREEN_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Finding:
    """The worst growth that was found at one place, and what made it."""

    name: str
    growth: Growth
    text: str
    is_bad: bool

    def __str__(self) -> str:
        return f"{'FAILS' if self.is_bad else 'ok   '}  {self.growth}  {self.name}  {self.text}"


def main() -> None:
    """Print the slopes, and exit with 1 if one fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="only places, readers and texts with this in their name")
    parser.add_argument("--part", choices=("patterns", "readers"), help="only one of the two")
    parser.add_argument("--all", action="store_true", help="print also what takes no time worth measuring")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    found: list[Finding] = []
    parts: dict[str, Callable[[str], Iterator[Finding]]] = {"patterns": time_patterns, "readers": time_readers}
    for name, part in parts.items():
        for finding in part(arguments.only) if arguments.part in (None, name) else ():
            found.append(finding)
            if finding.is_bad or arguments.all or finding.growth.slope:
                sys.stdout.write(f"{finding}\n")
                sys.stdout.flush()
    bad = sum(finding.is_bad for finding in found)
    sys.stdout.write(f"{len(found)} patterns and readers, {bad} findings that fail. The steepest and the slowest:\n")
    worst = sorted(found, key=lambda each: (each.growth.slope, max(each.growth.seconds, default=0.0)), reverse=True)
    sys.stdout.writelines(f"{finding}\n" for finding in worst[:_MOST_SHOWN])
    sys.exit(bool(bad))


def time_patterns(only: str) -> Iterator[Finding]:
    """Yield the worst growth of every regular expression."""
    recorder = Recorder()
    with recorder.recording():
        import_all()
        from tests.hostile.readers import readings  # noqa: PLC0415 - imports much of the product, to be recorded

        for make in readings().values():
            make("Did Kurland deny it? According to the Post, 9 of 10 said so on 9 May 2024. <b>x</b> {{a}}\n")()
    for place in places():
        if only not in str(place) or key_of(place) in EXEMPT:
            continue
        patterns = recorder.at(place) or [each for each in (written(place),) if each]
        if not patterns:
            yield Finding(f"{place} (made only at run time, not tried)", Growth((), ()), "", is_bad=False)
        for pattern in patterns:
            yield time_pattern(place, pattern)


def time_pattern(place: Place, pattern: Pattern[Any]) -> Finding:
    """Return the worst growth of one regular expression, as the product calls it: with what it bounds cut."""
    bound, anchored = bound_of(place), is_anchored(place) or key_of(place) in ANCHORED
    worst = Finding(str(place), Growth((), ()), "", is_bad=False)
    for attack in attacks(pattern):
        work = _trying(pattern, attack, bound, anchored=anchored)
        first = time_of(work(_SCREEN_LENGTH), _SCREEN_SECONDS)
        if first < LEAST_SECONDS / 4:
            continue
        if bound is not None:
            slow = (
                first * 1e3 > bound.most_ms
                and min(time_of(work(_SCREEN_LENGTH), _SCREEN_SECONDS) for _ in range(3)) * 1e3
            )
            if slow and slow > bound.most_ms:
                name = f"{place} (more than {bound.most_ms:g} ms on {bound.longest:,} characters)"
                return Finding(name, Growth((bound.longest,), (slow / 1e3,)), _shown(attack), is_bad=True)
            if first > max(worst.growth.seconds, default=0.0):
                worst = Finding(str(place), Growth((bound.longest,), (first,)), _shown(attack), is_bad=False)
            continue
        growth = measure(work, PATTERN_LENGTHS if first < _SCREEN_SECONDS else SHORT_LENGTHS, ENOUGH)
        if growth.slope > worst.growth.slope:
            worst = Finding(str(place), growth, _shown(attack), is_bad=growth.is_bad)
        if worst.is_bad and growth.slope > 1.7:
            break
    return worst


def _trying(
    pattern: Pattern[Any], attack: Attack, bound: Bound | None, *, anchored: bool
) -> Callable[[int], Callable[[], object]]:
    def work(length: int) -> Callable[[], object]:
        text: Any = attack.text(length)
        text = bound.cut(text) if bound is not None else text
        if isinstance(pattern.pattern, bytes):
            text = text.encode("utf-8", "surrogatepass")
        if anchored:
            return lambda: (pattern.match(text), pattern.fullmatch(text))
        return lambda: deque(pattern.finditer(text), maxlen=0)

    return work


def time_readers(only: str) -> Iterator[Finding]:
    """Yield the worst growth of every reader and stage."""
    from tests.hostile.readers import readings, uncovered  # noqa: PLC0415 - imports much of the product
    from tests.hostile.texts import PIECES  # noqa: PLC0415

    for suffix in uncovered():
        yield Finding(f"no hostile file is made of {suffix}", Growth((), ()), "", is_bad=True)
    for name, make in readings().items():
        worst = Finding(name, Growth((), ()), "", is_bad=False)
        for label, piece in PIECES.items():
            if only not in f"{name} {label}":
                continue

            def work(length: int, piece: str = piece, make: Callable[[str], Callable[[], object]] = make) -> Any:
                return make(piece * (length // len(piece)))

            growth = _grown(work)
            finding = Finding(name, growth, label, is_bad=growth.is_bad)
            if finding.is_bad:
                yield finding
            elif growth.slope > worst.growth.slope:
                worst = finding
        yield worst


def _grown(work: Work) -> Growth:
    """Return the growth of a reader's time, at all lengths unless two of them show enough."""
    # What a library loads at its first call counts for no length.
    time_of(work(READER_LENGTHS[0]))
    first = time_of(work(_SCREEN_LENGTHS[0]))
    if first < ENOUGH:
        last = time_of(work(_SCREEN_LENGTHS[1]))
        found = Growth(_SCREEN_LENGTHS, (first, last))
        if last < LEAST_SECONDS or (found.slope <= _SCREEN_SLOPE and first >= LEAST_SECONDS):
            return found
    return measure(work, READER_LENGTHS, ENOUGH)


def _shown(attack: Attack) -> str:
    return f"{attack.head[:30]!r} + {attack.pump[:40]!r} … {attack.tail!r}"


if __name__ == "__main__":
    main()
