# SPDX-License-Identifier: LGPL-2.1-or-later
"""The callables that the conformance suite gives, which note how they were called."""


class Callback:
    """One of them."""

    def __init__(self, runner, name, kind):
        self.runner = runner
        self.name = name
        self.kind = kind
        self.facts = {"raises": False, "invokes": None}
        self.answers = []

    def set(self, facts):
        self.facts.update(facts)
        self.answers = list(facts.get("answers", self.answers))

    def __call__(self, *given):
        self.runner.callables.note(self.name, self.kind, given)
        if self.facts["raises"]:
            raise RuntimeError(f"{self.name} raises, as it was told to")
        if self.facts["invokes"] is not None:
            self.invoke(given)
        if not self.answers:
            return self.runner.values.read(self.facts["otherwise"])
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if "fills" in self.facts and isinstance(answer, list):
            return self.fill_in(given[0], answer)
        return self.runner.values.read(answer)

    def invoke(self, given):
        """Calls the callback that is given, with the numbers to be told and its opaque value."""
        parameters = self.runner.manifest["callbacks"][self.kind]["parameters"]
        patterns = [one["pattern"] for one in parameters]
        given[patterns.index("callback")](*self.facts["invokes"], given[patterns.index("opaque")])

    def fill_in(self, records, answer):
        """Puts an answer into each of the records that were given."""
        for record, text in zip(records, answer):
            record[self.facts["fills"]] = self.runner.values.read(text)
        return 0


class Callables:
    """The callables by name and type: the same ones are the same, until all are forgotten."""

    def __init__(self, runner):
        self.runner = runner
        self.named = {}
        self.events = []
        self.count = 0

    def find(self, facts):
        key = (facts["$callback"], facts["type"])
        if key not in self.named:
            self.named[key] = Callback(self.runner, *key)
        self.named[key].set(facts)
        return self.named[key]

    def note(self, name, kind, given):
        self.events.append({"callback": name, "type": kind,
                            "arguments": self.runner.values.write(given)})
        self.count += 1

    def take_events(self):
        events, self.events = self.events, []
        return events
