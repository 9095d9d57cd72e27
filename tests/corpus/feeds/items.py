"""Feeds that are written item by item, as badly as a test wants."""


def one_item(title: str, link: str, description: str = "", date: str = "", guid: str = "") -> str:
    return (
        f"<item><title>{title}</title><link>{link}</link><guid>{guid or link}</guid><pubDate>{date}</pubDate>"
        f"<description>{description}</description></item>"
    )


def of_items(*items: str) -> bytes:
    return f"<rss version='2.0'><channel><title>Harbour Herald</title>{''.join(items)}</channel></rss>".encode()
