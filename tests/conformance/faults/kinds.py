# SPDX-License-Identifier: LGPL-2.1-or-later
"""The kinds of faults that every language is broken with on purpose. Where each is in its own
sources, the language's faults.py says."""

import collections

# With the fault `functions` fail, or the `case` of the leg driver does, and what is said of it has
# `says`; None: each language says it in its own words. Where the fault is in what all languages
# share, `place` is where.
Kind = collections.namedtuple("Kind", "functions case says place")


def vectors(function, says, place=None):
    return Kind([function], None, says, place)


BROKEN = {
    "two arguments are swapped":
        vectors("virNetworkUpdate", r"arrived: command is 4, not 1234567"),
    "a free is missing":
        vectors("virStoragePoolGetXMLDesc", r"left behind: blocks: \d+ became \d+"),
    "texts in parameters are not freed":
        vectors("virNodeGetMemoryParameters", r"left behind: blocks: \d+ became \d+",
                ("bindings/common/params.c", r"free\(items\[i\]\.value\.s\);", ";")),
    "a reference is never released":
        vectors("virStoragePoolLookupByVolume", r"left behind: .*virStoragePool: "),
    "a free comes twice":
        vectors("virStoragePoolGetXMLDesc", r"freed twice: "),
    "what is borrowed is freed":
        vectors("virNetworkGetName", r"freed what is borrowed: "),
    "a width is wrong":
        vectors("virStorageVolResize", None),
    "an error is not raised":
        vectors("virStorageVolResize", r"must fail, it answered null"),
    "an argument of a callback is lost":
        vectors("virConnectNetworkEventRegisterAny", r"events\[0\]\.arguments is \["),
    "an error handler is told another number":
        vectors("virConnSetErrorFunc", r"events\[0\]\.arguments\[0\]\.int2 is "),
    "an answer for a credential is lost":
        vectors("virConnectOpenAuth", r"arrived: virConnectAuthCallbackPtr\[1\]"),
    "an event loop's numbers are swapped":
        vectors("virEventRegisterImpl", r"events\[1\]\.arguments\[0\] is "),
    "what a stream did not take is lost":
        vectors("virStreamSendAll", r"calls arrived, not "),
    "a 64-bit value is cut":
        vectors("virStoragePoolGetInfo", r'"capacity": 4294967295.*18446744073709551615'),
    "a call goes to another function":
        Kind([], "networks: ", r"problem: 'C failed: .*already running.*, \w+ answered null", None),
}

# The same, to be noticed where allocations fail.
BROKEN_ALLOCATIONS = {
    "what good items took is lost where one behind them is bad":
        vectors("virDomainFSFreeze", r"blocks of ours that are not freed"),
    "nobody looks whether there was memory":
        vectors("virDomainFSFreeze", r"allocation 1: SIG(SEGV|ABRT)"),
}

# Where a language has it: `pattern` is found once in the file, and `replacement` comes in its place.
Broken = collections.namedtuple("Broken", "fault file pattern replacement functions case says")


def broken_at(fault, kind, file, pattern, replacement, says=None):
    if not (says or kind.says):
        raise ValueError(f"{fault}: what is said of it, each language has to say")
    return Broken(fault, file, pattern, replacement, kind.functions, kind.case, says or kind.says)


def broken(language, kinds, places):
    """A list of Broken. A place is file, pattern, replacement and, where it is said in the
    language's own words, how. No kind may be left out."""
    places = {**{fault: kind.place for fault, kind in kinds.items() if kind.place}, **places}
    if set(places) != set(kinds):
        raise ValueError(f"{language}'s faults.py: no place for {sorted(set(kinds) - set(places))}, "
                         f"no such kind: {sorted(set(places) - set(kinds))}")
    return [broken_at(fault, kind, *places[fault]) for fault, kind in kinds.items()]
