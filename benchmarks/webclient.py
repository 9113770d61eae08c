"""A server of its own, and who asks it as a browser does."""

import http.client
import json
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

from odoo.tools import config

START_SECONDS = 120
LOGIN = "admin"


@contextmanager
def serving(database):
    """Serve a database by Odoo's own server while the block runs.

    :return: the port
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = {
        "config": config["config"],
        "database": database,
        "http-interface": "127.0.0.1",
        "http-port": port,
        "max-cron-threads": 0,
        "log-level": "warn",
    }
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "odoo"),
            *(f"--{name}={value}" for name, value in options.items()),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait_for(port, server)
        yield port
    finally:
        server.send_signal(signal.SIGINT)
        server.wait()


def _wait_for(port, server):
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("The server does not start.")


class WebClient:
    """A session in a browser: logged in, with one connection that is kept."""

    def __init__(self, port, database):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
        self.cookie = ""
        session = self.post(
            "/web/session/authenticate",
            {"db": database, "login": LOGIN, "password": LOGIN},
        )
        companies = session["user_companies"]["allowed_companies"]
        self.company_ids = [company["id"] for company in companies.values()]
        self.context = {
            **session["user_context"],
            "allowed_company_ids": [session["user_companies"]["current_company"]],
        }

    def call(self, model, method, arguments, **options):
        """Call a method of a model, as the views do."""
        options["context"] = {**self.context, **options.get("context", {})}
        return self.post(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": arguments, "kwargs": options},
        )

    def post(self, path, parameters):
        """Send JSON and return what is answered.

        :raise RuntimeError: the server refuses
        """
        body = {"jsonrpc": "2.0", "method": "call", "params": parameters}
        self.connection.request(
            "POST",
            path,
            json.dumps(body, default=str),
            {"Content-Type": "application/json", "Cookie": self.cookie},
        )
        response = self.connection.getresponse()
        if cookie := response.getheader("Set-Cookie"):
            self.cookie = cookie.split(";")[0]
        answer = json.loads(response.read())
        if "error" in answer:
            data = answer["error"].get("data", {})
            raise RuntimeError(f"{path}: {data.get('debug') or answer['error']}")
        return answer["result"]
