# SPDX-License-Identifier: LGPL-2.1-or-later
"""Requests and answers between canonical form and a language's runner's, for who asks one itself:
the driver does it (docs/conformance.md, "Runners of languages")."""

import json
import subprocess


class Translator:
    def __init__(self, build, manifest):
        self.process = subprocess.Popen(
            [f"{build}/conformance/conformance", "--translate", str(manifest)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")

    def translated(self, **line):
        print(json.dumps(line), file=self.process.stdin, flush=True)
        return json.loads(self.process.stdout.readline())

    def request(self, request):
        made = self.translated(request=request)
        if "problem" in made:
            raise ValueError(made["problem"])
        return made

    def answer(self, request, answer):
        return self.translated(request=request, answer=answer)

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
