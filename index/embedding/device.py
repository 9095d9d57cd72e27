"""Chooses what models compute on: the processor, or an accelerator such as a GPU; and keeps within its memory."""

import logging
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from index.errors import ModelUnavailable

# PLC0415 throughout: torch takes seconds to import.
if TYPE_CHECKING:
    import torch

log = logging.getLogger(__name__)

AUTO, CPU = "auto", "cpu"
# What a setting may name: torch's own words for its devices (docs.pytorch.org/docs/stable/tensor_attributes.html).
DEVICES = r"auto|cpu|mps|(cuda|xpu)(:[0-9]{1,2})?"
# Tokens in one batch. On a processor one core encodes them; speed is flat from 2,048 to 8,192 on two cores. A GPU has
# thousands of cores and memory of its own; other accelerators share the processor's.
CPU_BATCH_TOKENS, GPU_BATCH_TOKENS, SHARED_MEMORY_BATCH_TOKENS = 2_048, 131_072, 16_384


@cache
def choose_device(wanted: str = AUTO) -> "torch.device":
    """Return the device of a setting, or the processor if that can't be used, which the log tells once.

    Args:
        wanted: `auto` for an accelerator if torch sees one; otherwise a name that `DEVICES` matches.
    """
    device, problem = find_device(wanted)
    if problem:
        log.warning(problem)
    return device


def find_device(wanted: str) -> "tuple[torch.device, str]":
    """Return the device of a setting, and a sentence if that is the processor because another can't be used."""
    import torch  # noqa: PLC0415

    name = _seen(torch) if wanted == AUTO else wanted
    if name != CPU:
        try:
            device = torch.device(name)
            try_out(device)
        # A build of torch without this kind of device fails with an AssertionError; drivers with RuntimeError.
        except (RuntimeError, AssertionError) as error:
            reason = next(iter(str(error).splitlines()), type(error).__name__)[:200].rstrip(".")
            return torch.device(CPU), f"Models run on the processor, since the device {name} can't be used: {reason}."
        return device, ""
    return torch.device(CPU), ""


def try_out(device: "torch.device") -> None:
    """Multiply on a device. Raises RuntimeError or AssertionError if that fails."""
    import torch  # noqa: PLC0415

    ones = torch.ones(8, 8, device=device)
    if float((ones @ ones).sum().cpu()) != 8**3:
        raise RuntimeError("it multiplies wrongly")


def is_processor(wanted: str) -> bool:
    """Return whether models will run on the processor, without touching another device.

    A process that has used one can't share it with those that it forks.
    """
    import torch  # noqa: PLC0415

    return wanted == CPU or not torch.accelerator.is_available()


def has_native_bfloat16(device: str = CPU) -> bool:
    """Return whether a kind of device multiplies bfloat16 natively; emulated, it is slower than float32."""
    import torch  # noqa: PLC0415

    if device == CPU:
        capabilities = torch.cpu.get_capabilities()
        return any(capabilities.get(name, False) for name in ("avx512_bf16", "amx_bf16"))
    return device == "cuda" and bool(torch.cuda.is_bf16_supported(including_emulation=False))


def batch_tokens(device: "torch.device") -> int:
    """Return how many tokens a batch may have on a device."""
    return {CPU: CPU_BATCH_TOKENS, "cuda": GPU_BATCH_TOKENS}.get(device.type, SHARED_MEMORY_BATCH_TOKENS)


def in_halves(work: Callable[[list[int]], None], numbers: list[int]) -> None:
    """Work on a batch; where the device's memory is not enough, on its halves one after the other.

    Raises:
        ModelUnavailable: it is not enough for a single item.
    """
    import torch  # noqa: PLC0415

    try:
        work(numbers)
    except torch.OutOfMemoryError as error:
        if len(numbers) == 1:
            raise ModelUnavailable(
                "The device that models run on has too little memory for a single text.",
                "Set ATTACHE_DEVICE=cpu, or end what else uses the device.",
            ) from error
    else:
        return
    # Out here the failed attempt's tensors are gone.
    middle = len(numbers) // 2
    in_halves(work, numbers[:middle])
    in_halves(work, numbers[middle:])


def _seen(torch: Any) -> str:  # noqa: ANN401 - a module
    if torch.cuda.is_available():
        return "cuda"
    if torch.backends.mps.is_available():
        return "mps"
    return "xpu" if torch.xpu.is_available() else CPU
