# SPDX-License-Identifier: LGPL-2.1-or-later
"""A runner of the suite (docs/conformance.md), in C or of a language."""

import json
import os
import select
import signal
import subprocess
import sys

from support import TOP

sys.path.append(str(TOP / "tests" / "conformance"))

from translator import Translator  # noqa: E402


class Ended(Exception):
    """The runner is no more."""


class Slow(Exception):
    """The runner has not answered yet."""


class Runner:
    """Started by a line of a shell; `manifest` is a language's, `errors` what its standard error
    goes to. Requests and answers are in canonical form."""

    def __init__(self, command, build, manifest=None, environment=None, errors=subprocess.DEVNULL):
        reading, writing = os.pipe()
        # In bash, as other shells know no descriptors of two digits.
        move = f"exec 3>&{writing} {writing}>&-;" if writing != 3 else ""
        self.process = subprocess.Popen(
            ["bash", "-c", f"{move} exec env {command}"], pass_fds=[writing],
            stdin=subprocess.PIPE, stderr=errors,
            env=dict(os.environ, build=str(build), source=str(TOP), **(environment or {})))
        os.close(writing)
        self.translator = Translator(build, manifest) if manifest else None
        self.request = None
        self.reading = reading
        self.rest = b""

    def send(self, **request):
        self.request = request
        if self.translator:
            request = self.translator.request(request)
        try:
            self.process.stdin.write(json.dumps(request).encode() + b"\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            raise Ended(self.how_it_ended()) from None

    def receive(self, seconds=20):
        while b"\n" not in self.rest:
            if not select.select([self.reading], [], [], seconds)[0]:
                raise Slow(f"no answer within {seconds} seconds")
            text = os.read(self.reading, 1 << 16)
            if not text:
                raise Ended(self.how_it_ended())
            self.rest += text
        line, self.rest = self.rest.split(b"\n", 1)
        answer = json.loads(line)
        return self.translator.answer(self.request, answer) if self.translator else answer

    def ask(self, **request):
        self.send(**request)
        return self.receive()

    def call(self, function, *arguments):
        return self.ask(do="call", function=function, arguments=arguments)

    def how_it_ended(self):
        status = self.process.wait(20)
        return signal.Signals(-status).name if status < 0 else f"status {status}"

    def close(self):
        """Ends it, whatever it does."""
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.reading)
        if self.translator:
            self.translator.close()
