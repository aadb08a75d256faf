# SPDX-License-Identifier: LGPL-2.1-or-later
"""Bindings that are broken on purpose, once for each kind of fault that the suite exists to
catch: it must fail, and say what is wrong."""

import unittest

from copies import CopyTest
from support import BUILD, languages, play_cases, play_vectors


class BrokenOnPurpose(CopyTest):
    def play(self, language, broken, build):
        if broken.case:
            return play_cases(language, broken.case, build)
        return play_vectors(language, broken.functions, build)

    def test_each_is_noticed(self):
        for language in languages():
            for broken in language.broken:
                with self.subTest(f"{language}: {broken.fault}"):
                    copy = self.broken_copy(language, broken)
                    played = self.play(language, broken, copy.build)
                    self.assertNotEqual(played.status, 0)
                    self.assertGreater(played.failed, 0, played.output)
                    self.assertRegex(played.output, broken.says)

    def test_what_is_not_broken_passes(self):
        for language in languages():
            # Built anew, so that it is the change that is noticed and not the building.
            copy = self.broken_copy(language, language.broken[0], r"\g<0>")
            functions = sum((broken.functions for broken in language.broken), [])
            in_copy, in_build = (play_vectors(language, functions, build)
                                 for build in (copy.build, BUILD))
            with self.subTest(f"{language}: vectors"):
                # What the language is known to do otherwise is for the suite itself to tell.
                self.assertEqual((in_copy.passed, in_copy.failed),
                                 (in_build.passed, in_build.failed), in_copy.output)
                self.assertGreater(in_copy.passed, in_copy.failed)
                for broken in language.broken:
                    self.assertNotRegex(in_copy.output, broken.says)
            for part in {broken.case for broken in language.broken} - {None}:
                with self.subTest(f"{language}: {part}"):
                    played = play_cases(language, part, copy.build)
                    self.assertEqual(played.status, 0, played.output)
                    self.assertGreater(played.passed, 0)


if __name__ == "__main__":
    unittest.main()
