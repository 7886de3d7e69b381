"""A small client of a language server, which it speaks to over its standard input and output."""

from __future__ import annotations

import json
import queue
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

PATIENCE = 30.0
"""Seconds in which a server answers."""

Message = dict[str, Any]

_SETTINGS: Message = {
    "validate": True,
    "hover": True,
    "completion": True,
    # Nothing but the file's own line names a schema, and nothing is asked of the network.
    "schemaStore": {"enable": False, "url": ""},
}


class LanguageServer:
    """A server that runs, and one YAML file at a time that it looks at."""

    def __init__(self, server: subprocess.Popen[bytes]) -> None:
        assert server.stdin is not None and server.stdout is not None
        self._to, self._from = server.stdin, server.stdout
        self._count = 0
        self._told: queue.Queue[Message] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def start(self, folder: Path) -> None:
        """Begin, in a folder of files."""
        uri = folder.as_uri()
        capabilities = {"workspace": {"configuration": True}, "textDocument": {"hover": {}}}
        folders = [{"uri": uri, "name": "scenes"}]
        self.ask(
            "initialize",
            {"processId": None, "rootUri": uri, "capabilities": capabilities}
            | {"workspaceFolders": folders},
        )
        self._notify("initialized", {})
        self._notify("workspace/didChangeConfiguration", {"settings": {"yaml": _SETTINGS}})

    def open(self, file: Path) -> list[Message]:
        """Open a file; the mistakes that the server finds in it."""
        document = {"uri": file.as_uri(), "languageId": "yaml", "version": 1}
        text = {"text": file.read_text(encoding="utf-8")}
        self._notify("textDocument/didOpen", {"textDocument": document | text})
        while True:
            message = self._next()
            params = message.get("params", {})
            told = message.get("method") == "textDocument/publishDiagnostics"
            if told and params["uri"] == file.as_uri():
                found: list[Message] = params["diagnostics"]
                return found

    def at(self, method: str, file: Path, line: int, character: int) -> Any:
        """What the server answers about a place of an open file; lines and characters from 0."""
        place = {"line": line, "character": character}
        return self.ask(method, {"textDocument": {"uri": file.as_uri()}, "position": place})

    def ask(self, method: str, params: Message) -> Any:
        """The result of a request."""
        self._count += 1
        number = self._count
        self._send({"id": number, "method": method, "params": params})
        while True:
            message = self._next()
            if message.get("id") == number and "method" not in message:
                assert "error" not in message, message["error"]
                return message["result"]

    def _notify(self, method: str, params: Message) -> None:
        self._send({"method": method, "params": params})

    def _next(self) -> Message:
        """The next message of the server, whose own questions are answered on the way."""
        message = self._told.get(timeout=PATIENCE)
        if "id" in message and "method" in message:
            items = message.get("params", {}).get("items", [])
            answers = [_SETTINGS if item.get("section") == "yaml" else {} for item in items]
            result = answers if message["method"] == "workspace/configuration" else None
            self._send({"id": message["id"], "result": result})
        return message

    def _send(self, message: Message) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._to.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._to.flush()

    def _listen(self) -> None:
        for message in _messages(self._from):
            self._told.put(message)


def _messages(stream: IO[bytes]) -> Iterator[Message]:
    while header := stream.readline():
        length = int(header.removeprefix(b"Content-Length:"))
        while stream.readline().strip():
            pass
        yield json.loads(stream.read(length))


@contextmanager
def language_server(command: Sequence[str], folder: Path) -> Iterator[LanguageServer]:
    """A server that runs as `command` in `folder`, and is ended afterwards."""
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        try:
            server = LanguageServer(process)
            server.start(folder)
            yield server
        finally:
            process.kill()
