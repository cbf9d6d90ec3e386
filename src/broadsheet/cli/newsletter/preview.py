"""`broadsheet newsletter preview`: a letter in the browser, as a picture, or as text."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click

from broadsheet.cli._letters import letter_named
from broadsheet.cli._lines import print_line, shown
from broadsheet.cli._publication import publication_option, settings_of
from broadsheet.errors import UsageError

if TYPE_CHECKING:
    from broadsheet.model.letter import FiledLetter
    from broadsheet.settings import Settings

FILE = "letter-preview.html"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
"""Looked for on the PATH first; else playwright's own is taken."""
_TALL = 900


@click.command()
@click.argument("name", required=False)
@publication_option
@click.option("--as", "form", type=click.Choice(["browser", "file", "text"]), default="browser", help="Where to.")
@click.option("--picture", type=click.Path(path_type=Path, dir_okay=False), help="Write it as a PNG picture instead.")
@click.option("--width", type=click.IntRange(240, 2000), default=720, help="Of the picture, in pixels.")
@click.option("--dark", is_flag=True, help="The picture as a reader of the dark sees it.")
def command(folder: Path, name: str | None, form: str, picture: Path | None, width: int, dark: bool) -> None:
    """Shows a letter as readers get it: the newest, or the one with this NAME or day.

    In the browser, as a file that it prints the path of, as text, or as a picture.

    Pictures need the browser extra: pip install 'broadsheet[browser]'.

    \b
    Example:
      broadsheet newsletter preview --picture letter.png --dark
    """
    from broadsheet.stages.publish.newsletter.blocks import blocks_of, text_of

    settings = settings_of(folder)
    letter = letter_named(settings.folder, name)
    if form == "text":
        click.echo("\n".join(shown(line) for line in text_of(blocks_of(letter.html)).splitlines()))
        return
    file = _written(settings, letter)
    if picture is not None:
        _take(file, picture, width, dark)
    elif form == "browser":
        click.launch(str(file))
    print_line({"letter": letter.name, "subject": letter.title, "file": str(picture or file)})


def _written(settings: "Settings", letter: "FiledLetter") -> Path:
    """The letter in a file beside the store, its pictures from the built site on this machine."""
    from broadsheet.stages.publish.site.links import links_of

    root, here = links_of(settings.site).full(), settings.out_folder.as_uri() + "/"
    html = letter.html.replace(f'src="{root}', f'src="{here}')
    file = settings.state_folder / FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(html, "utf-8")
    return file


def _take(file: Path, picture: Path, width: int, dark: bool) -> None:
    """Raises UsageError where there is no browser to do it with."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError as error:
        hint = "Install it: pip install 'broadsheet[browser]' && playwright install chromium"
        raise UsageError("a picture needs a browser", hint=hint) from error
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=["--disable-gpu"])
            page = browser.new_page(
                viewport={"width": width, "height": _TALL},
                color_scheme="dark" if dark else "light",
                java_script_enabled=False,
                offline=True,
            )
            page.goto(file.as_uri())
            page.screenshot(path=str(picture), full_page=True)
            browser.close()
    except Error as error:
        raise UsageError(f"the browser can't show it: {error.message.splitlines()[0]}") from error
