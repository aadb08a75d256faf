#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Measures the same calls in C, in a language's established binding and in ours, in one run:
measure.py --language NAME --runtime PROGRAM --calls PROGRAM --uri URI [--ours DIR] [--restarts N] [--rounds N]

All run at once, and take turns for each call, so that what the machine does besides falls on all
alike; and they are started anew several times, since libvirt's hash tables are laid out differently
in each process. Prints a table in Markdown of the medians: what each binding adds to C."""

import argparse
import os
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
# What is measured, how often in one turn, and by how many its time is divided.
CALLS = [
    ("version", "library version", 20000, 1),
    ("name", "name", 20000, 1),
    ("info", "info", 5000, 1),
    ("lookup", "lookup by name", 3000, 1),
    ("failing-lookup", "failing lookup", 3000, 1),
    ("list", "list all domains, for each", 5, 1000),
    ("statistics", "statistics of all domains, for each", 3, 1000),
    ("scheduler-out", "scheduler parameters, reading", 3000, 1),
    ("scheduler-in", "scheduler parameters, writing", 3000, 1),
]


class Language:
    """How a binding is started: with its own folder of modules, or as installed."""

    def __init__(self, peer, calls, path_variable, import_text, option):
        self.peer = peer
        self.calls = os.path.join(HERE, calls)
        self.path_variable = path_variable
        self.import_text = import_text
        self.option = option


LANGUAGES = {
    "python": Language("python3-libvirt", "calls.py", "PYTHONPATH", "import time; t = time.perf_counter_ns(); "
                       "import libvirt; print(time.perf_counter_ns() - t)", "-c"),
    "ruby": Language("ruby-libvirt", "calls.rb", "RUBYLIB", "t = Process.clock_gettime(Process::CLOCK_MONOTONIC, "
                     ":nanosecond); require 'libvirt'; puts Process.clock_gettime(Process::CLOCK_MONOTONIC, "
                     ":nanosecond) - t", "-e"),
}


class Worker:
    """A process that makes calls."""

    def __init__(self, command, language=None, runtime=None, modules=None):
        self.language, self.runtime = language, runtime
        self.environment = dict(os.environ)
        if language:
            self.environment.pop(language.path_variable, None)
        if modules:
            self.environment[language.path_variable] = modules
        self.process = subprocess.Popen(command, env=self.environment, text=True, bufsize=1,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def measure(self, name, count):
        """Nanoseconds for one call; None: the binding has it not."""
        self.process.stdin.write(f"{name} {count}\n")
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit("measure.py: a process that makes calls has failed")
        return None if answer.strip() == "-" else int(answer) / count

    def measure_import(self):
        result = subprocess.run([self.runtime, self.language.option, self.language.import_text],
                                env=self.environment, check=True, stdout=subprocess.PIPE, text=True)
        return int(result.stdout)

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def measure_all(start, restarts, rounds):
    """{call: {worker: median}}"""
    samples = {}
    for _ in range(restarts):
        workers = start()
        try:
            take_samples(workers, rounds, samples)
        finally:
            for worker in workers.values():
                worker.close()
    return {name: {worker: statistics.median(values) for worker, values in found.items()}
            for name, found in samples.items()}


def take_samples(workers, rounds, samples):
    for _ in range(rounds):
        for name, _text, count, parts in CALLS:
            for worker, process in workers.items():
                taken = process.measure(name, count)
                if taken is not None:
                    samples.setdefault(name, {}).setdefault(worker, []).append(taken / parts)
        for worker, process in workers.items():
            if worker != "C":
                samples.setdefault("import", {}).setdefault(worker, []).append(
                    process.measure_import())


def table(medians, peer_name, with_ours):
    """The lines of the table."""
    titles = ["call", "C alone, ns", f"{peer_name} adds, ns"]
    titles += ["ours adds, ns", f"ours / {peer_name}"] if with_ours else []
    yield "| " + " | ".join(titles) + " |"
    yield "|---|" + "---:|" * (len(titles) - 1)
    for name, text, _count, _parts in CALLS:
        found = medians[name]
        peer = found["peer"] - found["C"] if "peer" in found else None
        row = [text, f"{found['C']:.0f}", "-" if peer is None else f"{peer:.0f}"]
        if with_ours:
            ours = found["ours"] - found["C"]
            row += [f"{ours:.0f}", "-" if peer is None else f"{ours / peer:.2f}"]
        yield "| " + " | ".join(row) + " |"
    found = medians["import"]
    row = ["import, ms", "", f"{found['peer'] / 1e6:.1f}"]
    if with_ours:
        row += [f"{found['ours'] / 1e6:.1f}", f"{found['ours'] / found['peer']:.2f}"]
    yield "| " + " | ".join(row) + " |"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--language", required=True, choices=LANGUAGES)
    parser.add_argument("--runtime", required=True, help="the program that runs the language")
    parser.add_argument("--uri", required=True)
    parser.add_argument("--calls", required=True, help="calls.c, compiled")
    parser.add_argument("--ours", metavar="DIR", help="where our modules are")
    parser.add_argument("--restarts", type=int, default=11)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    language = LANGUAGES[arguments.language]
    command = [arguments.runtime, language.calls, arguments.uri]

    def start():
        workers = {"C": Worker([arguments.calls, arguments.uri]),
                   "peer": Worker(command, language, arguments.runtime)}
        if arguments.ours:
            workers["ours"] = Worker(command, language, arguments.runtime, arguments.ours)
        return workers

    medians = measure_all(start, arguments.restarts, arguments.rounds)
    for line in table(medians, language.peer, bool(arguments.ours)):
        print(line)


if __name__ == "__main__":
    main()
