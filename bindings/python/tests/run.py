#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs the tests of the Python binding: run.py [--build DIR] [--jobs N] [NAME...]

Each test module runs in a process of its own, since an event loop is registered once in a process;
all share one private daemon. NAME is a part of a test's full name. Where the modules were built with
sanitizers, --sanitizer names their library: it is put into LD_PRELOAD of the processes that run
tests, and what it reports counts as a failure, of leaks those that come from our code."""

import argparse
import concurrent.futures
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.normpath(os.path.join(HERE, "..", "..", ".."))
sys.path.insert(0, os.path.join(TOP, "tests"))

import sanitizers  # noqa: E402

MODULE_SECONDS = 300
SANITIZED_MODULE_SECONDS = 900
# The processes of modules, each with a group of its own for the programs that its tests run.
RUNNING = set()


class Recorder(unittest.TextTestResult):
    """Remembers what became of each test, for the process that adds up."""

    def __init__(self, *arguments, **keywords):
        super().__init__(*arguments, **keywords)
        self.passed = 0

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += 1

    def addExpectedFailure(self, test, err):
        super().addExpectedFailure(test, err)
        self.passed += 1


class SkippedModule(unittest.TestCase):
    """Stands for all tests of a module that cannot be imported here, and should not."""

    def __init__(self, name, reason):
        super().__init__()
        self.name, self.reason = name, reason

    def runTest(self):
        self.skipTest(self.reason)

    def __str__(self):
        return self.name


def flat(suite):
    """The tests in a suite of suites."""
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from flat(test)
        else:
            yield test


def run_module(name, filters, report):
    """Runs one module in this process, and writes what came out to the file descriptor."""
    sys.path.insert(0, HERE)
    try:
        tests = flat(unittest.defaultTestLoader.loadTestsFromName(name))
        suite = unittest.TestSuite(test for test in tests if chosen(test.id(), filters))
    except unittest.SkipTest as skip:
        suite = unittest.TestSuite([SkippedModule(name, str(skip))])
    result = unittest.TextTestRunner(resultclass=Recorder, verbosity=1).run(suite)
    failed = result.failures + result.errors + [(test, "") for test in result.unexpectedSuccesses]
    answer = {
        "passed": result.passed,
        "failed": [str(test) for test, _ in failed],
        "skipped": [[str(test), reason] for test, reason in result.skipped],
    }
    with os.fdopen(report, "w", encoding="utf-8") as file:
        json.dump(answer, file)


def chosen(name, filters):
    return not filters or any(one in name for one in filters)


def start_module(name, arguments, environment):
    """Runs one module in a process; (result, output)."""
    reading, writing = os.pipe()
    command = [sys.executable, os.path.abspath(__file__), "--module", name, "--report",
               str(writing), *arguments.names]
    started = time.monotonic()
    with subprocess.Popen(command, env=environment, pass_fds=[writing], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          process_group=0) as process:
        os.close(writing)
        RUNNING.add(process.pid)
        try:
            output, _ = process.communicate(timeout=SANITIZED_MODULE_SECONDS if arguments.sanitizer
                                            else MODULE_SECONDS)
        except subprocess.TimeoutExpired:
            # Programs that the tests run hold the other end of the output open.
            os.killpg(process.pid, signal.SIGKILL)
            output, _ = process.communicate()
            output += b"\nkilled: too slow\n"
        finally:
            RUNNING.discard(process.pid)
    with os.fdopen(reading, encoding="utf-8") as file:
        text = file.read()
    result = json.loads(text) if text else {"passed": 0, "failed": [], "skipped": []}
    # Other ways to fail: a crash, a report of a sanitizer at the end, a hang.
    if process.returncode != 0 and not result["failed"]:
        result["failed"].append(f"{name} (ended with status {process.returncode})")
    result["seconds"] = time.monotonic() - started
    return result, output.decode("utf-8", "replace")


def test_environment(arguments, reports):
    environment = dict(os.environ, PYTHONDONTWRITEBYTECODE="1")
    environment["PYTHONPATH"] = os.path.abspath(arguments.build)
    if arguments.sanitizer:
        # Python's own allocator would hide where memory comes from.
        environment.update(sanitizers.environment(arguments.sanitizer, reports),
                           PYTHONMALLOC="malloc", TEST_SANITIZED="1")
    return environment


def start_daemon(modules, environment):
    """Starts the daemon that the modules share, and tells them of it."""
    if not any(name.startswith("test_daemon") for name in modules):
        return None
    sys.path.insert(0, os.path.join(TOP, "tests", "daemon"))
    from private_daemon import PrivateDaemon, Unavailable

    daemon = PrivateDaemon()
    try:
        daemon.start()
    except Unavailable as error:
        environment["LIBVIRT_TEST_UNAVAILABLE"] = str(error)
        return None
    environment.update(daemon.environment())
    return daemon


def module_names(filters):
    """Those with a chosen name inside; which are inside is known only after an import, in a
    process of its own, so a filter that names no module keeps them all."""
    names = sorted(name[:-3] for name in os.listdir(HERE)
                   if name.startswith("test_") and name.endswith(".py"))
    named = [name for name in names if any(one.split(".")[0] == name or one in name
                                           for one in filters)]
    # The slow ones first, so that they do not end alone.
    return sorted(named or names, key=lambda name: not name.startswith("test_daemon"))


def run_all(arguments):
    reports = tempfile.mkdtemp(prefix="sanitizer-")
    environment = test_environment(arguments, reports)
    modules = module_names(arguments.names)
    totals = {"passed": 0, "failed": [], "skipped": []}
    daemon = start_daemon(modules, environment)
    try:
        with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
            runs = {pool.submit(start_module, name, arguments, environment): name
                    for name in modules}
            try:
                for run in concurrent.futures.as_completed(runs):
                    result, output = run.result()
                    show(runs[run], result, output, arguments.verbose)
                    totals["passed"] += result["passed"]
                    totals["failed"] += result["failed"]
                    totals["skipped"] += result["skipped"]
            except KeyboardInterrupt:
                pool.shutdown(wait=False, cancel_futures=True)
                for group in tuple(RUNNING):
                    os.killpg(group, signal.SIGKILL)
                raise
    finally:
        if daemon is not None:
            print(daemon.last_words(), end="")
            daemon.close()
    for text in sanitizers.findings(reports, ["*.abi3.so"]):
        print(text)
        totals["failed"].append("a sanitizer's report, above")
    shutil.rmtree(reports)
    for test, reason in totals["skipped"]:
        print(f"skipped: {test}: {' '.join(reason.split())}")
    for test in totals["failed"]:
        print(f"FAILED: {test}")
    failed = len(totals["failed"])
    closing = f"{totals['passed']} passed, {failed} failed, {len(totals['skipped'])} skipped"
    print(closing)
    if arguments.summary:
        with open(arguments.summary, "w", encoding="utf-8") as file:
            print(closing, file=file)
    return 1 if failed or not totals["passed"] else 0


def show(name, result, output, verbose):
    print(f"{name}: {result['passed']} passed, {len(result['failed'])} failed, "
          f"{len(result['skipped'])} skipped, {result['seconds']:.1f} s")
    if result["failed"] or verbose:
        print(output)
    sys.stdout.flush()


def main():
    parser = argparse.ArgumentParser(description="Runs the tests of the Python binding.")
    parser.add_argument("--build", default=os.path.join(TOP, "build", "python"), metavar="DIR",
                        help="where the modules under test are")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N")
    parser.add_argument("--sanitizer", metavar="FILE", help="the library of the sanitizers")
    parser.add_argument("--summary", metavar="FILE", help="where to put the closing line as well")
    parser.add_argument("--verbose", action="store_true", help="all output, of all tests")
    parser.add_argument("--module", help=argparse.SUPPRESS)
    parser.add_argument("--report", type=int, help=argparse.SUPPRESS)
    parser.add_argument("names", nargs="*", metavar="NAME", help="a part of a test's name")
    arguments = parser.parse_args()
    # Shells start what runs in the background with SIGINT ignored, which programs inherit.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if arguments.module:
        run_module(arguments.module, arguments.names, arguments.report)
        return 0
    return run_all(arguments)


if __name__ == "__main__":
    sys.exit(main())
