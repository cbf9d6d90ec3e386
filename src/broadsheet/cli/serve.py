"""`broadsheet serve`: the built site, and the door for hubs and for addresses that are handed over."""

import signal
from contextlib import suppress
from http.server import ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import click

from broadsheet.cli._publication import publication_option, settings_of


@click.command()
@publication_option
@click.option("--host", default="127.0.0.1", help="The address to listen on (default: this machine only).")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, help="The port to listen on; 0 for any free one.")
def command(folder: Path, host: str, port: int) -> None:
    """Serves the built site, takes addresses at POST /submit, answers WebSub hubs and readers of the letter.

    Where readers can subscribe (docs/newsletter.md), they ask, confirm and leave at /letter/.

    POST /submit needs the token that stands in .broadsheet/submit.token. Hubs call back below /websub/; for them set
    public_url in [serve] to where this server is reached from outside, by way of a proxy that speaks https.

    \b
    Example:
      broadsheet serve -C my-paper
      curl -H "Authorization: Bearer $(cat my-paper/.broadsheet/submit.token)" \\
           --data-binary https://example.com/news/1 http://127.0.0.1:8000/submit
    """
    from broadsheet.app.reception import open_receiver, submit_token
    from broadsheet.cli._letters import letterbox_of
    from broadsheet.web.reception import Reception, open_reception

    settings = settings_of(folder)
    with open_receiver(settings) as receiver:
        public = urlsplit(settings.serve.public_url).netloc.lower()
        token = submit_token(settings)
        names = frozenset({public} - {""})
        reception = Reception(settings.out_folder, receiver, token, names, letterbox_of(settings, receiver.store))
        with open_reception(reception, host=host, port=port) as server:
            click.echo(
                f"Serving {settings.out_folder} at http://{host}:{server.server_address[1]}/ (Ctrl-C stops)", err=True
            )
            _until_told(server)


def _until_told(server: ThreadingHTTPServer) -> None:
    """Answers until Ctrl-C, or until a service manager ends it; both also where the shell had them ignored."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.default_int_handler)
    with suppress(KeyboardInterrupt):  # the way to end it
        server.serve_forever()
