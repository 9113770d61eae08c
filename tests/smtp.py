"""A mail server for tests, on the loopback interface."""

import email
import socketserver
import threading
import time
from contextlib import contextmanager
from email import policy
from unittest.mock import patch

from odoo.addons.base.models.ir_mail_server import IrMail_Server


class MailServer(socketserver.ThreadingTCPServer):
    """Keeps what it receives; can be slow, refuse recipients, break connections or
    be down.

    :attr messages: what was received, as ``(recipient, message)``
    :attr refused: addresses that are refused
    :attr delay: seconds that each message takes
    :attr gate: when set to an event, messages wait for it
    :attr breaks_at: number of the message at which the connection is broken
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port=0):
        super().__init__(("127.0.0.1", port), Session)
        self.messages = []
        self.refused = set()
        self.delay = 0
        self.gate = None
        self.speaking = threading.Event()
        self.breaks_at = None
        self.started = 0

    @property
    def port(self):
        return self.server_address[1]

    @property
    def recipients(self):
        return sorted(recipient for recipient, _message in self.messages)

    def start(self):
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self):
        self.shutdown()
        self.server_close()


class Session(socketserver.StreamRequestHandler):
    """One connection."""

    def handle(self):
        self._say("220 ready")
        self.recipients = []
        while line := self.rfile.readline().decode().strip():
            verb, _colon, argument = line.partition(":")
            if not self._answer(verb.upper().split(" ")[0], argument):
                return

    def _answer(self, verb, argument):
        """Answer a command; return whether the connection goes on."""
        server = self.server
        if verb == "RCPT":
            recipient = argument.strip().split(">")[0].lstrip("<")
            if recipient in server.refused:
                self._say("550 5.1.1 No such mailbox here")
            else:
                self.recipients.append(recipient)
                self._say("250 OK")
        elif verb == "DATA":
            server.started += 1
            if server.started == server.breaks_at:
                return False
            self._say("354 go on")
            self._receive()
        elif verb == "QUIT":
            self._say("221 bye")
            return False
        else:
            self._say("250 OK")
        if verb in ("MAIL", "RSET"):
            self.recipients = []
        return True

    def _receive(self):
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        server = self.server
        server.speaking.set()
        time.sleep(server.delay)
        if server.gate:
            server.gate.wait(30)
        message = email.message_from_bytes(b"".join(lines), policy=policy.default)
        server.messages += [(recipient, message) for recipient in self.recipients]
        self._say("250 accepted")

    def _say(self, line):
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def mail_server(env, port=0):
    """Have Odoo send its mails to a server of our own.

    :param env: environment in which the server is recorded
    :return: the :class:`MailServer`
    """
    server = MailServer(port)
    server.start()
    try:
        point_to(env, server.port)
        with sending():
            yield server
    finally:
        server.stop()


def point_to(env, port):
    """Make a port of this machine the only mail server that Odoo knows."""
    servers = env["ir.mail_server"]
    servers.search([]).active = False
    servers.create(
        {
            "name": "Test",
            "smtp_host": "127.0.0.1",
            "smtp_port": port,
            "smtp_encryption": "none",
        }
    )


def sending():
    """Let Odoo send mails in a test, which it does not by itself."""
    return patch.object(IrMail_Server, "_disable_send", lambda cls: False)
