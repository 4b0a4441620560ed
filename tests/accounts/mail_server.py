"""A mail server of our own, as small as one can be: it takes letters, or refuses them as it is told."""

import email
import socketserver
import threading
import time
from email import policy


class Sink(socketserver.ThreadingTCPServer):
    """Takes letters on a free port of this machine. ``refused``: addresses that no mailbox answers to."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, refused=(), pause=0.0):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.refused, self.pause, self.letters = set(refused), pause, []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return self.server_address[1]

    def addresses(self) -> list[str]:
        return [address for address, _ in self.letters]

    def end(self):
        self.shutdown()
        self.server_close()


class Conversation(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self):
        self.say("220 sink")
        while line := self.rfile.readline().decode().strip():
            word = line.split(" ")[0].upper()
            if word == "RCPT":
                self.address = line[line.index("<") + 1 : line.index(">")]
                self.say("550 No such mailbox" if self.address in self.server.refused else "250 ok")
            elif word == "DATA":
                self.say("354 go on")
                self.take()
            elif word == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def take(self):
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        time.sleep(self.server.pause)
        text = email.message_from_bytes(b"".join(lines), policy=policy.default)
        self.server.letters.append((self.address, text))
        self.say("250 taken")
