"""Web pages on the loopback address for the browser of a virtual desktop."""

from __future__ import annotations

import html
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote


class _Page(BaseHTTPRequestHandler):
    """`/Some title` is a page with that title."""

    def do_GET(self) -> None:
        title = html.escape(unquote(self.path.lstrip("/")))
        body = (
            f"<!doctype html><meta charset=utf-8><title>{title}</title>"
            "<body style='font:18px sans-serif;max-width:40em;margin:3em auto;line-height:1.5'>"
            f"<h1>{title}</h1><p>A page of the virtual desktop. Nothing here comes from the internet.</p>"
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: the tests' output is for the tests."""


class Pages:
    """Serves pages to this machine only, until closed."""

    def __init__(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Page)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
