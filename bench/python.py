#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Measures the same calls in C, in the established Python binding and in ours, in one run:
python.py --calls PROGRAM --uri URI [--ours DIR] [--restarts N] [--rounds N]

All run at once, and take turns for each call, so that what the machine does besides falls on all
alike; and they are started anew several times, since libvirt's hash tables are laid out differently
in each process. Prints a table in Markdown of the medians: what each binding adds to C."""

import argparse
import itertools
import os
import statistics
import subprocess
import sys
import time

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
IMPORT = "import time; t = time.perf_counter_ns(); import libvirt; " \
    "print(time.perf_counter_ns() - t)"


def python_calls(uri):
    """The calls, by name."""
    import libvirt

    if not hasattr(libvirt, "__version__"):
        # Otherwise the established binding prints each error, which costs more than the call.
        libvirt.registerErrorHandler(lambda context, error: None, None)
    conn = libvirt.open(uri)
    domain = conn.lookupByName("domain-500")
    failure = libvirt.libvirtError

    def failing_lookup():
        try:
            conn.lookupByName("missing")
        except failure:
            pass

    return {
        "version": conn.getLibVersion,
        "name": domain.name,
        "info": domain.info,
        "lookup": lambda: conn.lookupByName("domain-500"),
        "failing-lookup": failing_lookup,
        "list": conn.listAllDomains,
        "statistics": conn.getAllDomainStats,
        "scheduler-out": domain.schedulerParameters,
        "scheduler-in": lambda: domain.setSchedulerParameters({"weight": 50}),
    }


def work(uri):
    """Like calls.c."""
    calls = python_calls(uri)
    for line in sys.stdin:
        name, count = line.split()
        call = calls[name]
        turns = itertools.repeat(None, int(count))
        start = time.perf_counter_ns()
        for _ in turns:
            call()
        print(time.perf_counter_ns() - start, flush=True)


class Worker:
    """A process that makes calls."""

    def __init__(self, command, modules=None):
        self.environment = dict(os.environ)
        self.environment.pop("PYTHONPATH", None)
        if modules:
            self.environment["PYTHONPATH"] = modules
        self.process = subprocess.Popen(command, env=self.environment, text=True, bufsize=1,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def measure(self, name, count):
        """Nanoseconds for one call."""
        self.process.stdin.write(f"{name} {count}\n")
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit("python.py: a process that makes calls has failed")
        return int(answer) / count

    def measure_import(self):
        result = subprocess.run([sys.executable, "-c", IMPORT], env=self.environment, check=True,
                                stdout=subprocess.PIPE, text=True)
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
                samples.setdefault(name, {}).setdefault(worker, []).append(
                    process.measure(name, count) / parts)
        for worker, process in workers.items():
            if worker != "C":
                samples.setdefault("import", {}).setdefault(worker, []).append(
                    process.measure_import())


def table(medians, with_ours):
    """The lines of the table."""
    titles = ["call", "C alone, ns", "python3-libvirt adds, ns"]
    titles += ["ours adds, ns", "ours / python3-libvirt"] if with_ours else []
    yield "| " + " | ".join(titles) + " |"
    yield "|---|" + "---:|" * (len(titles) - 1)
    for name, text, _count, _parts in CALLS:
        found = medians[name]
        peer = found["peer"] - found["C"]
        row = [text, f"{found['C']:.0f}", f"{peer:.0f}"]
        if with_ours:
            ours = found["ours"] - found["C"]
            row += [f"{ours:.0f}", f"{ours / peer:.2f}"]
        yield "| " + " | ".join(row) + " |"
    found = medians["import"]
    row = ["import, ms", "", f"{found['peer'] / 1e6:.1f}"]
    if with_ours:
        row += [f"{found['ours'] / 1e6:.1f}", f"{found['ours'] / found['peer']:.2f}"]
    yield "| " + " | ".join(row) + " |"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--uri", required=True)
    parser.add_argument("--calls", help="calls.c, compiled")
    parser.add_argument("--ours", metavar="DIR", help="where our modules are")
    parser.add_argument("--restarts", type=int, default=11)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--work", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.work:
        work(arguments.uri)
        return
    command = [sys.executable, os.path.abspath(__file__), "--work", "--uri", arguments.uri]

    def start():
        workers = {"C": Worker([arguments.calls, arguments.uri]), "peer": Worker(command)}
        if arguments.ours:
            workers["ours"] = Worker(command, arguments.ours)
        return workers

    medians = measure_all(start, arguments.restarts, arguments.rounds)
    for line in table(medians, bool(arguments.ours)):
        print(line)


if __name__ == "__main__":
    main()
