"""Connects to a Ray cluster, or starts one on this machine; free of Ray's types, since it is an optional dependency."""

import importlib
import logging
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from bot.cluster.cluster_errors import ClusterUnavailable
from bot.settings import PREFIX
from corpus.errors import BadInput

LOCAL = "local"
# Enough for the batches on their way; by default Ray would reserve a third of the memory.
_LOCAL_STORE_BYTES = 512 * 1024 * 1024
# Ray's sockets lie 80 characters below, and the system allows 107 (unix(7)).
_LONGEST_FOLDER = 12
_ADDRESS = re.compile(r"local|auto|(?:ray://)?[\w.-]+:\d{1,5}|(?:ray://)?\[[0-9a-fA-F:]+\]:\d{1,5}")


@contextmanager
def connected(address: str, cpus: int | None) -> Iterator[Any]:
    """Connect to a cluster for the length of a block, and return Ray's library; a local cluster ends with it.

    Args:
        address: `local` starts a cluster on this machine, `auto` finds one that runs there; `host:6379` is one that
            this machine is part of, `ray://host:10001` one that it isn't.
        cpus: the processors of a local cluster, by default all.

    Raises:
        BadInput: it is no such address.
        ClusterUnavailable: Ray isn't installed, or there is no cluster.
    """
    if _ADDRESS.fullmatch(address) is None:
        raise BadInput(
            f"This is no address of a Ray cluster: “{address[:80]}”.", "Use local, auto, HOST:6379 or ray://HOST:10001."
        )
    with ExitStack() as ends:
        options = _options(address, cpus, ends)
        # Ray reads some switches when it is imported.
        with _environment(is_local=address == LOCAL):
            ray = _load()
            ends.callback(ray.shutdown)
            _start(ray, address, options)
        yield ray


def _load() -> Any:  # noqa: ANN401 - a library without types
    try:
        ray = importlib.import_module("ray")
        importlib.import_module("ray.exceptions")
    except ImportError as error:
        raise ClusterUnavailable("Ray isn't installed.", "Run `pip install '.[ray]'` in Attaché's folder.") from error
    return ray


def _start(ray: Any, address: str, options: dict[str, Any]) -> None:  # noqa: ANN401 - a library without types
    try:
        ray.init(address=address, **options)
    # Ray raises what comes: ConnectionError, RuntimeError, ValueError, plain Exception.
    except Exception as error:
        what = "did not start on this machine" if address == LOCAL else f"can't be reached at {address}"
        raise ClusterUnavailable(
            f"The Ray cluster {what} ({_first_line(error)}).",
            "Check that this machine has memory and processor time to spare."
            if address == LOCAL
            else "Check `ray status` there; both sides need the same release of Ray, Python and RAY_AUTH_TOKEN.",
        ) from error


def _options(address: str, cpus: int | None, ends: ExitStack) -> dict[str, Any]:
    # Workers' output may have untrusted text.
    options: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    if address == LOCAL:
        # By default everyone on this machine can read its folder.
        options |= {"include_dashboard": False}
        options |= {"num_cpus": cpus, "object_store_memory": _LOCAL_STORE_BYTES}
        if len(tempfile.gettempdir()) <= _LONGEST_FOLDER:
            folder = tempfile.TemporaryDirectory(prefix="ray-", ignore_cleanup_errors=True)
            options["_temp_dir"] = ends.enter_context(folder)
    return options


@contextmanager
def _environment(*, is_local: bool) -> Iterator[None]:
    """Set Ray's own switches; keep our settings, which may be secrets, from the processes of a local cluster."""
    before = dict(os.environ)
    # Nothing about the use of Ray is sent to its makers; and the devices of workers without GPUs are left alone, about
    # which Ray would warn.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    if is_local:
        # By default it listens on the network. As on systems where Ray knows no clusters of several machines, it then
        # has 127.0.0.1 for its address; Ray replaces one that is given it (`resolve_ip_for_localhost`).
        os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
        for name in [name for name in os.environ if name.upper().startswith(PREFIX)]:
            del os.environ[name]
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
