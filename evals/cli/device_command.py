"""`python -m evals device`: measures encoding and reading on the processor and on an accelerator."""

from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table

from bot.cli.context import AsJson, Context
from bot.render.envelope import shape
from bot.service.sessions import has_database
from evals.speed.device_speed import LEAST_COSINE, DeviceBench, bench_devices
from evals.speed.open_folder import sample_passages
from evals.speed.sample import starter_passages

device_app = typer.Typer(no_args_is_help=False)


@device_app.callback(invoke_without_command=True)
def device(
    context: typer.Context,
    passages: Annotated[int, typer.Option("--passages", min=8, help="Passages to encode and read.")] = 1_024,
    rounds: Annotated[int, typer.Option("--rounds", min=1, help="How often; the median counts.")] = 3,
    as_json: AsJson = False,
) -> None:
    """Measure encoding and reading on the processor, and on what ATTACHE_DEVICE names; exit code 1 if results differ.

    Passages are those of the data folder, or of the starter briefs if it has none.
    """
    shared: Context = context.obj
    settings = shared.settings
    texts = sample_passages(settings, passages) if has_database(settings.data_dir) else starter_passages()
    texts = (texts * -(-passages // len(texts)))[:passages] if texts else []
    bench = bench_devices(texts, rounds, settings.device)
    if bench.missing:
        shared.notify(bench.missing)
    if as_json:
        shared.print_json(shape("device", asdict(bench)))
    else:
        _print(shared, bench)
    if not all(each.is_same for each in bench.devices):
        shared.notify(f"Results differ: a cosine is below {LEAST_COSINE}.")
        raise typer.Exit(1)


def _print(shared: Context, bench: DeviceBench) -> None:
    table = Table("", *(each.device for each in bench.devices), box=None, padding=(0, 2, 0, 0))
    rows = {
        "precision": [each.precision for each in bench.devices],
        "passages encoded a second": [f"{each.passages_per_s:,.1f}" for each in bench.devices],
        "passages read a second": [f"{each.read_per_s:,.1f}" for each in bench.devices],
        "peak: large matrix products, GFLOP/s": [f"{each.peak_gflops:,.1f}" for each in bench.devices],
        "encoding, share of it": [f"{each.encode_share_of_peak:.3f}" for each in bench.devices],
        "reading, share of it": [f"{each.read_share_of_peak:.3f}" for each in bench.devices],
        "vectors, least cosine": [f"{each.encode_cosine:.5f}" for each in bench.devices],
        "readings, least cosine": [
            "" if each.read_cosine is None else f"{each.read_cosine:.5f}" for each in bench.devices
        ],
        "memory, MB": [f"{each.memory_mb:,.0f}" for each in bench.devices],
    }
    for name, values in rows.items():
        table.add_row(name, *values)
    shared.out.print(table)
    shared.out.print(
        f"{bench.passages:,} passages, {bench.rounds} rounds. Vectors of the processor are compared with float32,"
        f" those of others with the processor's. Load average {bench.machine.load}."
    )
