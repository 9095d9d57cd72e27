"""Renders written answers: sentences with superscript numbers of their quotes, and what was not shown and why."""

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from bot.answering.answer import Answer
from bot.render.formatters import plural, source_name, stated_date
from bot.service.verify_answer import Verification
from bot.writer.reach import OneSided
from bot.writer.written import Checked, Outcome, Written

_SUPERSCRIPTS = str.maketrans("0123456789,", "⁰¹²³⁴⁵⁶⁷⁸⁹˒")
# Why there are no sentences.
WHY_NOT = {
    Outcome.DROPPED: "most of what it wrote could not be proven by the quotes",
    Outcome.TIMEOUT: "it took too long",
    Outcome.REFUSED: "it refused",
    Outcome.NONSENSE: "it wrote no sentences",
    Outcome.LIMITED: "its server wants fewer requests",
    Outcome.BUDGET: "the tokens set aside for it are used up",
    Outcome.UNREACHABLE: "its server can't be reached",
    Outcome.BROKEN: "the connection to its server broke",
    Outcome.REJECTED: "its server refused the request; check the model's name and key",
    Outcome.RESTING: "it rests after several failures",
    Outcome.BUSY: "it is busy with other answers",
}
ONE_SIDED = {
    OneSided.PUBLISHER: "All quotes are from one publisher.",
    OneSided.STATE: "All quotes are from publishers that one state controls.",
    OneSided.SPEAKER: "All quotes tell what one side says.",
}


def superscript(numbers: tuple[int, ...]) -> str:
    """Return numbers as superscript: ¹˒³."""
    return ",".join(map(str, numbers)).translate(_SUPERSCRIPTS)


class SentencePrinter:
    """Prints proven sentences as they arrive.

    Args:
        console: prints them.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._printed = 0

    def show(self, written: Written) -> None:
        """Print the sentences that are new."""
        if not self._printed and written.sentences:
            self._console.print()
            self._console.print(
                Text(f"In sentences of {written.model}, each proven by the quotes it names:", style="dim")
            )
        for each in written.sentences[self._printed :]:
            self._console.print(_sentence(each))
        self._printed = max(self._printed, len(written.sentences))

    def finish(self, written: Written, answer: Answer) -> None:
        """Print what is left: repaired sentences, further quotes, and why something is missing."""
        if written.outcome is not Outcome.WRITTEN:
            taken_back = " Disregard the sentences above;" if self._printed else ""
            why = f"Not in sentences of {written.model}:{taken_back} {WHY_NOT[written.outcome]}."
            self._console.print(Text(why, style="yellow"))
            return
        # A repaired sentence may belong before printed ones, so all are printed once more in their order.
        if self._printed not in (0, len(written.sentences)):
            self._console.print(Text("With what was repaired:", style="dim"))
            self._printed = 0
        self.show(written)
        for number, each in enumerate(written.evidence[len(answer.evidence) :], start=len(answer.evidence) + 1):
            self._console.print(Padding(Text(f"{number}. “{each.quote.text}”"), (1, 0, 0, 1)))
            source = f"{source_name(each.citation)} · {stated_date(each.citation)}"
            self._console.print(Padding(Text(source, style="cyan"), (0, 0, 0, 4)))
        if written.one_sided is not None:
            self._console.print(Text(ONE_SIDED[written.one_sided], style="yellow"))
        if written.dropped:
            dropped = f"{plural(len(written.dropped), 'sentence')} of it left out, since the quotes don't prove them."
            self._console.print(Text(dropped, style="dim"))


def show_verification(console: Console, verified: Verification) -> None:
    """Print what a check of a written answer found."""
    for quote in verified.quotes:
        console.print(Text(f"quote {quote.number}: {quote.problem or 'stands in its article'}"))
    for each in verified.sentences:
        found = "proven" if each.is_proven else " ".join(problem.detail for problem in each.problems)
        console.print(Text(f"{each.draft.text}{superscript(each.draft.citations)} {found}"))
    if not verified.sentences:
        console.print(Text("The answer shows no sentences."))


def _sentence(checked: Checked) -> Text:
    return Text(f"{checked.draft.text}{superscript(checked.draft.citations)}")
