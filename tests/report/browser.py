"""A headless Chromium spoken to over its own pipe: what a page logs, asks for and shows."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--hide-scrollbars", "--remote-debugging-pipe",
)  # fmt: skip


def chromium() -> str | None:
    """Return the path of Chromium, or nothing when it is not installed."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@dataclass
class Page:
    """One tab, and everything it complained of or asked for since it was opened."""

    _write: int
    _read: Any
    _session: str = ""
    _number: int = 0
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    _loads: list[str] = field(default_factory=list)

    def call(self, method: str, **values: Any) -> dict[str, Any]:
        """Send one command and return its answer; what happens meanwhile is kept."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": values}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        answer = self._next()
        while answer.get("id") != self._number:
            self._note(answer)
            answer = self._next()
        assert "error" not in answer, answer
        return answer["result"]

    def open(self, file: Path, *, width: int = 1180, height: int = 1000, dark: bool = False, hash_: str = "") -> None:
        """Load a file afresh and wait until it has loaded."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        theme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[theme])
        self._go("about:blank")
        self.errors.clear()
        self.requests.clear()
        self._go(f"{file.as_uri()}{hash_}")

    def _go(self, url: str) -> None:
        self._loads.clear()
        self.call("Page.navigate", url=url)
        while not self._loads:
            self._note(self._next())

    def run(self, script: str) -> Any:
        """Return the value of a script, after the page had time to draw."""
        drawn = "await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
        source = f"(async () => {{ const value = (() => {{ {script} }})(); {drawn}; return value; }})()"
        result = self.call("Runtime.evaluate", expression=source, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def picture(self, file: Path) -> None:
        """Write what the window shows as a PNG."""
        file.write_bytes(base64.b64decode(self.call("Page.captureScreenshot")["data"]))

    def printed(self) -> bytes:
        """Return the page as it would be printed."""
        return base64.b64decode(self.call("Page.printToPDF", preferCSSPageSize=True)["data"])

    def _next(self) -> dict[str, Any]:
        message = bytearray()
        while (byte := self._read.read(1)) != b"\0":
            assert byte, "Chromium ended"
            message += byte
        return json.loads(bytes(message))

    def _note(self, event: dict[str, Any]) -> None:
        method, values = event.get("method"), event.get("params", {})
        if method == "Page.loadEventFired":
            self._loads.append(str(values))
        elif method == "Network.requestWillBeSent" and not values["request"]["url"].startswith(("data:", "about:")):
            self.requests.append(values["request"]["url"])
        elif method == "Runtime.exceptionThrown":
            self.errors.append(json.dumps(values["exceptionDetails"]))
        elif method == "Log.entryAdded" and values["entry"]["level"] in ("error", "warning"):
            self.errors.append(values["entry"]["text"])
        elif method == "Runtime.consoleAPICalled" and values["type"] in ("error", "warning", "assert"):
            self.errors.append(json.dumps(values["args"]))


@contextmanager
def browser(program: str, profile: Path) -> Generator[Page]:
    """Start Chromium with an empty profile and give its one tab; it ends with the block."""
    to_read, to_write = os.pipe()
    from_read, from_write = os.pipe()
    command = [
        "bash",
        "-c",
        f'exec "$@" 3<&{to_read} 4>&{from_write}',
        "bash",
        program,
        *FLAGS,
        f"--user-data-dir={profile}",
    ]
    process = subprocess.Popen(
        command, pass_fds=(to_read, from_write), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    os.close(to_read)
    os.close(from_write)
    with os.fdopen(from_read, "rb") as reader:
        try:
            yield _first_tab(Page(to_write, reader))
        finally:
            process.terminate()
            process.wait(timeout=20)
            os.close(to_write)


def _first_tab(page: Page) -> Page:
    target = page.call("Target.createTarget", url="about:blank")["targetId"]
    page._session = page.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    for domain in ("Page", "Network", "Runtime", "Log"):
        page.call(f"{domain}.enable")
    return page
