"""Finds out whether a model that is not stored here yet can be downloaded, without the minute that libraries try it."""

import os
from pathlib import Path

# Every model of sentence-transformers has one of them.
_SETTINGS_FILES = ("modules.json", "config.json")
_TIMEOUT_S = 10.0


def require_hub(name: str) -> None:
    """Ask the hub once for a model that is in no folder and not in the cache.

    Raises:
        ConnectionError: the hub can't be reached.
    """
    # PLC0415: takes a second to import, and most installations use the packaged models only.
    from huggingface_hub import get_hf_file_metadata, hf_hub_url, try_to_load_from_cache  # noqa: PLC0415
    from huggingface_hub.errors import HfHubHTTPError  # noqa: PLC0415

    # A name without an owner is completed by the library.
    if Path(name).exists() or name.count("/") != 1:
        return
    cache = os.environ.get("SENTENCE_TRANSFORMERS_HOME")
    if any(try_to_load_from_cache(name, file, cache_dir=cache) is not None for file in _SETTINGS_FILES):
        return
    url = hf_hub_url(name, _SETTINGS_FILES[-1])
    try:
        get_hf_file_metadata(url, timeout=_TIMEOUT_S)
    except HfHubHTTPError:
        # It answers; the library says what is wrong with the model.
        return
    # The library has no error of its own for a connection that fails.
    except Exception as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise ConnectionError(f"{url.partition(name)[0]} can't be reached ({reason}).") from error
