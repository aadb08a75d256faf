# SPDX-License-Identifier: LGPL-2.1-or-later
"""Daemons that are killed or stopped in the middle of calls, streams and the delivery of events.
C and each language are played the same: what comes is the same, it comes in time, and calls made
later fail alike."""

import concurrent.futures
import os
import sys
import unittest

from runner import Runner, Slow
from support import BUILD, TOP, languages

sys.path.insert(0, str(TOP / "tests" / "daemon"))

from private_daemon import PrivateDaemon, Unavailable  # noqa: E402

# How long it takes until a call that waits has surely reached the daemon.
UNDER_WAY = 0.3
SECONDS = 20
CHUNK = {"$bytes": "5a" * 65536}

GUEST = """<domain type='qemu'><name>faults</name><memory unit='MiB'>1</memory>
<os><type arch='x86_64' machine='pc'>hvm</type><boot dev='hd'/></os>
<devices><disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='{}'/>
<target dev='hda' bus='ide'/></disk>
<console type='pty'/><controller type='usb' model='none'/><memballoon model='none'/></devices>
</domain>"""
POOL = "<pool type='dir'><name>faults</name><target><path>{}</path></target></pool>"
VOLUME = """<volume><name>volume</name><capacity unit='MiB'>64</capacity>
<allocation unit='MiB'>64</allocation></volume>"""

# libvirt's numbers
CLOSED_EOF, CLOSED_KEEPALIVE = 1, 2
LIFECYCLE = 0
SUSPENDED, RESUMED = 3, 4


def told(outcome):
    """What of an outcome is the same in all languages and runs: of errors the kind."""
    if "error" in outcome:
        return "error", outcome["error"]["code"], outcome["error"]["domain"]
    return "answer", outcome.get("answer")


class Player:
    """A runner with a connection to a daemon of its own."""

    def __init__(self, command, manifest=None):
        self.daemon = PrivateDaemon()
        self.daemon.start()
        self.runner = Runner(command, BUILD, manifest)
        self.answer("virEventRegisterDefaultImpl")
        self.connection = self.answer("virConnectOpen", self.daemon.uri)

    def answer(self, function, *arguments):
        """Of what must work; handles as they are to be given."""
        outcome = self.runner.call(function, *arguments)
        if "answer" not in outcome:
            raise AssertionError(f"{function}: {outcome}")
        answer = outcome["answer"]
        if isinstance(answer, dict) and "$handle" in answer:
            return {"$handle": answer["number"]}
        return answer

    def tell(self, function, *arguments):
        return told(self.runner.call(function, *arguments))

    def begin(self, function, *arguments):
        """A call that does not return by itself."""
        self.runner.send(do="call", function=function, arguments=list(arguments))
        try:
            raise AssertionError(f"{function}: {self.runner.receive(UNDER_WAY)}")
        except Slow:
            pass

    def end(self):
        """What came of it."""
        return told(self.runner.receive(SECONDS))

    def guest(self):
        return self.answer("virDomainCreateXML", self.connection,
                           GUEST.format(self.daemon.path("guest.img")), 0)

    def volume(self):
        os.mkdir(self.daemon.path("pool"))
        pool = self.answer("virStoragePoolCreateXML", self.connection,
                           POOL.format(self.daemon.path("pool")), 0)
        return self.answer("virStorageVolCreateXML", pool, VOLUME, 0)

    def watch_closing(self):
        self.answer("virConnectRegisterCloseCallback", self.connection, {"$callback": "closed"},
                    None)

    def events(self, count, seconds=SECONDS):
        """Names and numbers of what callbacks got."""
        self.runner.send(do="dispatch", events=count, seconds=seconds)
        self.runner.receive(seconds + SECONDS)
        return [(one["callback"], [value for value in one["arguments"] if isinstance(value, int)])
                for one in self.runner.ask(do="events")["events"]]

    def later_calls(self):
        return [self.tell("virConnectGetHostname", self.connection),
                self.tell("virConnectIsAlive", self.connection),
                self.tell("virConnectListAllDomains", self.connection, 0),
                self.tell("virDomainLookupByName", self.connection, "faults"),
                self.tell("virConnectOpen", self.daemon.uri)]

    def close(self):
        self.runner.close()
        self.daemon.close()


class DaemonFaults(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        try:
            with PrivateDaemon():
                pass
        except Unavailable as error:
            raise unittest.SkipTest(str(error)) from error

    def play(self, scenario):
        """What C got; that languages got the same is seen here."""
        commands = {"C": ("$build/conformance/reference", None)}
        commands.update((language.name, (language.command, language.manifest))
                        for language in languages())
        with concurrent.futures.ThreadPoolExecutor() as pool:
            plays = {name: pool.submit(self.play_one, scenario, *command)
                     for name, command in commands.items()}
        got = {name: play.result() for name, play in plays.items()}
        for name in commands:
            self.assertEqual(got[name], got["C"], name)
        return got["C"]

    @staticmethod
    def play_one(scenario, command, manifest):
        player = Player(command, manifest)
        try:
            return scenario(player)
        finally:
            player.close()

    def assert_failed(self, outcomes):
        for outcome in outcomes:
            self.assertEqual(outcome[0], "error", outcomes)

    # ---- calls ----

    def test_killed_in_a_call(self):
        def scenario(player):
            player.guest()
            player.daemon.freeze()
            player.begin("virConnectGetCapabilities", player.connection)
            player.daemon.kill()
            return [player.end(), *player.later_calls()]

        hostname, alive = self.play(scenario)[1:3]
        self.assertEqual(alive, ("answer", False))
        self.assert_failed([hostname])

    def test_stopped_in_a_call_and_continued(self):
        def scenario(player):
            player.daemon.freeze()
            player.begin("virConnectGetLibVersion", player.connection)
            player.daemon.thaw()
            return [player.end(), player.tell("virConnectIsAlive", player.connection)]

        version, alive = self.play(scenario)
        self.assertEqual((version[0], alive), ("answer", ("answer", True)))

    # ---- streams ----

    def download(self, player):
        stream = player.answer("virStreamNew", player.connection, 0)
        player.answer("virStorageVolDownload", player.volume(), stream, 0, 0, 0)
        player.answer("virStreamRecv", stream, 1000)
        return stream

    def after_stream(self, player, stream):
        return [player.tell("virStreamRecv", stream, 1000), player.tell("virStreamFinish", stream),
                player.tell("virStreamAbort", stream), *player.later_calls()]

    def receive_all(self, player, stream):
        """What comes at the end of what has arrived already."""
        while True:
            outcome = player.tell("virStreamRecv", stream, 65536)
            if outcome[0] == "error" or not outcome[1]["data"]["$bytes"]:
                return outcome

    def test_killed_in_a_download(self):
        def scenario(player):
            stream = self.download(player)
            player.daemon.kill()
            return [self.receive_all(player, stream), *self.after_stream(player, stream)]

        self.assert_failed(self.play(scenario)[:2])

    def test_stopped_in_a_download_and_continued(self):
        def scenario(player):
            stream = self.download(player)
            player.daemon.freeze()
            player.runner.send(do="call", function="virStreamRecvAll",
                               arguments=[stream, {"$callback": "sink", "returns": None}, None])
            try:
                player.runner.receive(UNDER_WAY)
                raise AssertionError("a daemon that stands still sent all")
            except Slow:
                player.daemon.thaw()
            return [player.end(), player.tell("virStreamFinish", stream)]

        self.assertEqual([one[0] for one in self.play(scenario)], ["answer", "answer"])

    def test_killed_in_an_upload(self):
        def scenario(player):
            stream = player.answer("virStreamNew", player.connection, 0)
            player.answer("virStorageVolUpload", player.volume(), stream, 0, 0, 0)
            player.answer("virStreamSend", stream, CHUNK)
            player.daemon.kill()
            for _ in range(100):
                outcome = player.tell("virStreamSend", stream, CHUNK)
                if outcome[0] == "error":
                    break
            return [outcome, *self.after_stream(player, stream)]

        self.assert_failed(self.play(scenario)[:2])

    def test_stopped_in_an_upload_and_killed(self):
        def scenario(player):
            stream = player.answer("virStreamNew", player.connection, 0)
            player.answer("virStorageVolUpload", player.volume(), stream, 0, 0, 0)
            player.daemon.freeze()
            # It comes to a stop once all room between the two is full.
            for _ in range(1000):
                player.runner.send(do="call", function="virStreamSend", arguments=[stream, CHUNK])
                try:
                    player.runner.receive(UNDER_WAY * 3)
                except Slow:
                    break
            player.daemon.kill()
            return [player.end(), *self.after_stream(player, stream)]

        self.assert_failed(self.play(scenario)[:2])

    def test_killed_while_a_console_is_read(self):
        def scenario(player):
            stream = player.answer("virStreamNew", player.connection, 0)
            player.answer("virDomainOpenConsole", player.guest(), None, stream, 0)
            # The guest says something, and then is silent.
            while True:
                player.runner.send(do="call", function="virStreamRecv", arguments=[stream, 1000])
                try:
                    player.runner.receive(1)
                except Slow:
                    break
            player.daemon.kill()
            return [player.end(), *self.after_stream(player, stream)]

        self.assert_failed(self.play(scenario)[:2])

    # ---- events ----

    def test_killed_while_events_are_delivered(self):
        def scenario(player):
            guest = player.guest()
            player.watch_closing()
            player.answer("virConnectDomainEventRegisterAny", player.connection, None, LIFECYCLE,
                          {"$callback": "life"}, None)
            # They wait in the connection until the loop runs.
            for _ in range(5):
                player.answer("virDomainSuspend", guest)
                player.answer("virDomainResume", guest)
            player.daemon.kill()
            # Nothing says which comes first, the last of them or that the connection is closed.
            events = player.events(11)
            return ([numbers[0] for name, numbers in events if name == "life"],
                    [numbers for name, numbers in events if name == "closed"], player.later_calls())

        events, closed, _ = self.play(scenario)
        self.assertEqual(events, [SUSPENDED, RESUMED] * 5)
        self.assertEqual(closed, [[CLOSED_EOF]])

    def test_stopped_while_events_are_delivered_and_continued(self):
        def scenario(player):
            guest = player.guest()
            player.watch_closing()
            player.answer("virConnectDomainEventRegisterAny", player.connection, None, LIFECYCLE,
                          {"$callback": "life"}, None)
            player.daemon.freeze()
            player.begin("virDomainSuspend", guest)
            player.daemon.thaw()
            return [player.end(), player.events(1),
                    player.tell("virDomainIsActive", guest)]

        suspended, events, active = self.play(scenario)
        self.assertEqual((suspended, active), (("answer", None), ("answer", True)))
        self.assertEqual([(name, numbers[0]) for name, numbers in events], [("life", SUSPENDED)])

    def test_stopped_for_good_while_keepalive_watches(self):
        def scenario(player):
            player.watch_closing()
            player.answer("virConnectSetKeepAlive", player.connection, 1, 2)
            player.daemon.freeze()
            events = player.events(1)
            # A new connection would wait for ever.
            outcomes = [player.tell("virConnectGetHostname", player.connection),
                        player.tell("virConnectIsAlive", player.connection)]
            player.daemon.kill()
            return events, outcomes

        events, (hostname, alive) = self.play(scenario)
        self.assertEqual(events, [("closed", [CLOSED_KEEPALIVE])])
        self.assert_failed([hostname])
        self.assertEqual(alive, ("answer", False))


if __name__ == "__main__":
    unittest.main()
