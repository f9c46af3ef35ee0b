"""Photographs every screen and sheet in all sizes, themes and languages, for eyes to judge: `make screens`."""

import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.e2e.books import Books
from tests.e2e.company import ROOT, Company
from tests.e2e.device import PHONE, Device
from tests.e2e.hands import Hands
from tests.e2e.places import LANGUAGES, THEMES, Place, all_places, make_trouble, own_story, show

OUT = ROOT / "var" / "screens"
SIZES = {"phone": PHONE, "tablet": (1024, 768)}
CUSTOMERS = "60"


@dataclass
class Album:
    """The pictures of one run; `words` must all be in a picture's name (`phone-dark-en-today`)."""

    words: tuple[str, ...]
    taken: list[str] = field(default_factory=list[str])

    def take(self, device: Device, places: Iterable[Place]) -> None:
        """Photograph these places in every look that is wanted."""
        for size, theme, language, place in product(SIZES, THEMES, LANGUAGES, places):
            name = f"{size}-{theme}-{language}-{place.name}"
            if all(word in name for word in self.words):
                device.page.set_viewport_size({"width": SIZES[size][0], "height": SIZES[size][1]})
                show(device.page, device.origin, place, theme, language)
                device.page.screenshot(path=OUT / f"{name}.png")
                self.taken.append(name)

    def bind(self) -> Path:
        """Write one page that shows them all."""
        figures = "".join(
            f'<figure><a href="{name}.png"><img src="{name}.png" loading="lazy" alt=""></a>'
            f"<figcaption>{name}</figcaption></figure>"
            for name in self.taken
        )
        style = "body{display:flex;flex-wrap:wrap;gap:1rem;font:12px sans-serif}figure{margin:0}img{height:420px}"
        page = OUT / "index.html"
        page.write_text(f"<!doctype html><meta charset=utf-8><title>Baifang</title><style>{style}</style>{figures}")
        return page


def served(folder: Path) -> Company:
    """A small company of made-up customers."""
    company = Company(folder)
    company.run("db", "up")
    company.run("demo", "--customers", CUSTOMERS)
    company.start()
    return company


def opened(folder: Path, company: Company) -> Iterator[Device]:
    """The devices of a rep, of a colleague, and one where nobody has signed in."""
    for seed, name in enumerate(("rep", "colleague", "nobody")):
        yield Device(name, folder, company.origin, seed=seed)


def main(words: tuple[str, ...]) -> None:
    """Set the scene, photograph it, and say where the pictures lie."""
    OUT.mkdir(parents=True, exist_ok=True)
    album = Album(words)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        company = served(Path(name))
        books = Books(company.folder / "var" / "baifang.db")
        rep, colleague, nobody = devices = list(opened(Path(name), company))
        try:
            for device, login in ((rep, "chen"), (colleague, "lin")):
                device.open(playwright)
                Hands(device).sign_in(login, company.password)
                Hands(device).wait_until_downloaded()
            make_trouble(company, books, Hands(rep), Hands(colleague))
            album.take(rep, all_places(books, "chen"))
            rep.link.weather.is_down = True
            log_a_visit(Hands(rep), books)
            album.take(rep, [Place("today-offline", "/"), Place("sync-offline", "/me/sync")])
            nobody.open(playwright)
            album.take(nobody, [Place("sign-in", "/")])
        finally:
            for device in devices:
                device.discard()
            company.stop()
    print(f"{len(album.taken)} pictures: {album.bind()}")


def log_a_visit(rep: Hands, books: Books) -> None:
    """Something that waits to be sent."""
    show(rep.page, rep.device.origin, Place("customer", f"/customers/{own_story(books, 'chen')[0]}"))
    rep.tap("button", "到了，開始拜訪")
    rep.tap("radio", "有進展", rep.sheet)
    rep.save("儲存拜訪", "的拜訪存好了")


if __name__ == "__main__":
    main(tuple(sys.argv[1:]))
