"""Loads the models of answering processes over a data folder that may be made."""

from bot.answering.reader.relations import Reader
from bot.processes.nursery_main import load_models
from bot.settings import Settings
from evals.speed.made import MadeEmbedder, is_made
from index.embedding.embedder import Embedder


def load_made(settings: Settings) -> tuple[Embedder, Reader]:
    """Load the settings' models; for a made folder wrapped to return the made vectors."""
    embedder, reader = load_models(settings)
    return (MadeEmbedder(settings.data_dir, embedder) if is_made(settings.data_dir) else embedder), reader
