"""What a bot in a process of its own tells of itself, as Prometheus would read it."""

import socket
from dataclasses import dataclass, field

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

Labels = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Scrape:
    """All series at one moment, by name and labels."""

    series: dict[tuple[str, Labels], float] = field(default_factory=dict)

    def value(self, name: str, **labels: str) -> float:
        """The sum of the series with these labels, whatever other labels they have."""
        wanted = set(labels.items())
        return sum(value for (each, has), value in self.series.items() if each == name and wanted <= set(has))

    def since(self, earlier: "Scrape") -> "Scrape":
        """What came to it since then; for counters and histograms."""
        return Scrape({key: value - earlier.series.get(key, 0.0) for key, value in self.series.items()})

    def mean(self, name: str, **labels: str) -> float:
        """The mean of a histogram; 0 where it holds nothing."""
        count = self.value(f"{name}_count", **labels)
        return self.value(f"{name}_sum", **labels) / count if count else 0.0

    def share(self, name: str, share: float, **labels: str) -> float:
        """The bound that so large a share of a histogram lies within, as far as its buckets tell."""
        wanted = set(labels.items())
        bounds: dict[float, float] = {}
        for (each, has), value in self.series.items():
            if each == f"{name}_bucket" and wanted <= set(has):
                bound = float(dict(has)["le"])
                bounds[bound] = bounds.get(bound, 0.0) + value
        whole = max(bounds.values(), default=0.0)
        return next((bound for bound, count in sorted(bounds.items()) if whole and count >= share * whole), 0.0)


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


async def scrape(port: int) -> Scrape:
    """Reads the metrics of the bot that serves them on this port."""
    async with aiohttp.ClientSession() as client, client.get(f"http://127.0.0.1:{port}/metrics") as reply:
        text = await reply.text()
    return Scrape(
        {
            (sample.name, tuple(sorted(sample.labels.items()))): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }
    )
