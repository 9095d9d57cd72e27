"""`attache` as it is, but with quick vectors in place of its model: for many starts, and for hours of questions."""

from functools import partial

from bot.cli import run_bot as serving
from bot.cli.main import main
from bot.service.attache import Attache
from tests.fakes import HashingEmbedder

if __name__ == "__main__":
    serving.Attache = partial(Attache, embedder=HashingEmbedder())
    main()
