#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A runner that answers what it is told to: fake_runner.py SCRIPT

The script is JSON: {"hello": …, "functions": […], "constants": {…}, "calls": {FUNCTION: OUTCOME},
"events": [[EVENT, …], …]}. An outcome is written as it is, but for what DEEDS does; so does "ending", once
there are no more requests. Requests are added to the file beside the script, as lines."""

import json
import mmap
import os
import signal
import struct
import sys
import time


def crash(_request, _value):
    os.kill(os.getpid(), signal.SIGSEGV)


def hang(_request, _value):
    time.sleep(600)


def leave(_request, status):
    print("about to leave", file=sys.stderr, flush=True)
    sys.exit(status)


def write_rubbish(_request, text):
    return text


def write_bytes(_request, digits):
    return bytes.fromhex(digits)


def echo(request, number):
    """The argument that it was called with."""
    return {"answer": request["arguments"][number]}


def answer_twice(_request, outcome):
    return json.dumps(outcome) + "\n" + json.dumps(outcome)


def read_file(request, number):
    with open(request["arguments"][number], encoding="utf-8") as file:
        return {"answer": file.read()}


def close_answers(_request, _value):
    os.close(3)
    time.sleep(600)


def environment(_request, name):
    return {"answer": os.environ.get(name)}


def be_alone(_request, path):
    """Fails where another does this at the same time."""
    os.mkdir(path)
    time.sleep(0.3)
    os.rmdir(path)
    return {"answer": None}


def take_turns(_request, outcomes):
    """Another outcome each time, the last one again and again."""
    return outcomes.pop(0) if len(outcomes) > 1 else outcomes[0]


def control(change):
    """Writes to the stand-in's file (tests/stand-in/control.h) as a stand-in would."""
    with open(os.environ["STAND_IN_CONTROL"], "r+b") as file, mmap.mmap(file.fileno(), 0) as room:
        for name, (length_at, start) in {"faults": (96, 2416), "record": (104, 67952)}.items():
            for line in change.get(name, []):
                length = struct.unpack_from("=Q", room, length_at)[0]
                text = (line if isinstance(line, str) else json.dumps(line)).encode() + b"\n"
                room[start + length:start + length + len(text)] = text
                struct.pack_into("=Q", room, length_at, length + len(text))
        blocks = struct.unpack_from("=q", room, 80)[0]
        struct.pack_into("=q", room, 80, blocks + change.get("blocks", 0))


def stand_in(request, change):
    """Something happens in the stand-in, then the call has an outcome."""
    control(change)
    return perform(request, change["outcome"])


DEEDS = {"crash": crash, "hang": hang, "leave": leave, "rubbish": write_rubbish,
         "rubbish-bytes": write_bytes, "echo": echo, "twice": answer_twice, "file": read_file,
         "close": close_answers, "environment": environment, "alone": be_alone,
         "in-turn": take_turns, "stand-in": stand_in}


def perform(request, outcome):
    for name, deed in DEEDS.items():
        if isinstance(outcome, dict) and name in outcome:
            return deed(request, outcome[name])
    return outcome


def answer(request, script):
    what = request["do"]
    if what == "call":
        return perform(request, script["calls"].get(request["function"], {"answer": None}))
    if what in script.get("requests", {}):
        return perform(request, script["requests"][what])
    if what == "events":
        return {"events": script["events"].pop(0) if script.get("events") else []}
    if what == "dispatch":
        if not script.get("events"):
            time.sleep(request["seconds"])
        return {"events": 0}
    if what in ("functions", "constants"):
        return {what: script[what]}
    if what == "hello":
        return script["hello"]
    return {}


def main():
    path = sys.argv[1]
    with open(path, encoding="utf-8") as file:
        script = json.load(file)
    if script.get("greeting"):
        os.write(1, bytes.fromhex(script["greeting"]) + b"\n")
    for line in sys.stdin:
        request = json.loads(line)
        # A language's arguments are C's here.
        if "positional" in request:
            receiver = [request.pop("receiver")] if "receiver" in request else []
            request["arguments"] = receiver + request.pop("positional")
        with open(path + ".requests", "a", encoding="utf-8") as file:
            print(json.dumps(request), file=file)
        result = answer(request, script)
        if not isinstance(result, (str, bytes)):
            result = json.dumps(result)
        data = (result.encode() if isinstance(result, str) else result) + b"\n"
        while data:
            data = data[os.write(3, data):]
    perform(None, script.get("ending"))


if __name__ == "__main__":
    main()
