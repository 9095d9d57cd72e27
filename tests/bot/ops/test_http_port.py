"""The local port: addresses that can't be opened end in a sentence."""

import pytest

from bot.ops.health import Health
from bot.ops.http_port import OperationsServer
from bot.ops.metrics import Metrics
from corpus.errors import AttacheError


@pytest.mark.parametrize("host", ["a" * 64, "a..b", "\udcff", "192.0.2.1"])
async def test_a_host_that_is_none_of_this_machine_is_told(host: str) -> None:
    metrics = Metrics()
    server = OperationsServer(metrics, Health(), lambda: None)
    with pytest.raises(AttacheError, match="can't be opened") as raised:
        await server.open(host, 0)
    assert "ATTACHE_METRICS_HOST" in raised.value.hint
