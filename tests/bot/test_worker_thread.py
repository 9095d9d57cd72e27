"""Whatever work raises reaches whoever awaits it as an error that can be caught, and the thread goes on."""

import asyncio
from concurrent.futures import CancelledError

import pytest

from bot.worker_thread import Worker


class Panic(BaseException):
    """What libraries written in Rust raise."""


@pytest.mark.parametrize("error", [StopIteration(), Panic("broken"), SystemExit(), CancelledError(), GeneratorExit()])
async def test_what_no_coroutine_could_catch_comes_as_an_error(error: BaseException):
    worker = Worker("test")

    def work() -> None:
        raise error

    loop = asyncio.get_running_loop()
    with pytest.raises(RuntimeError, match=type(error).__name__) as caught:
        await asyncio.wait_for(loop.run_in_executor(worker, work), 5)
    assert caught.value.__cause__ is error
    assert await loop.run_in_executor(worker, lambda: 5) == 5
    worker.shutdown()


async def test_other_errors_come_as_they_are():
    worker, error = Worker("test"), ValueError("broken")

    def work() -> None:
        raise error

    with pytest.raises(ValueError, match="broken") as caught:
        await asyncio.get_running_loop().run_in_executor(worker, work)
    assert caught.value is error
    worker.shutdown()
