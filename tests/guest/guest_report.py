# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""What the guest reports, turned into TAP.

The guest's run-cases sends lines: "@@ begin NAME", what the case prints, "@@ end NAME STATUS", and
"@@ done". A case that prints TAP itself becomes one point for each of its points; any other case is
one point, by its exit status. Whatever was asked for and did not report is a failure.
"""

import re

MARK = "@@ "
POINT = re.compile(r"(not )?ok\b[ \d]*(?:- )?(.*)")
PLAN = re.compile(r"1\.\.(\d+)$")


class GuestReport:
    def __init__(self, cases, write):
        self.waiting = list(cases)
        self.write = write
        self.done = False
        self.failures = 0
        self._points = 0
        self._case = None
        self._case_points = 0
        self._case_plan = None
        self._rest = b""

    def feed(self, data):
        """Bytes as they come; a line counts once its end is there."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._line(line.decode("utf-8", "replace").rstrip("\r"))

    def finish(self, reason, tail):
        """Call once, when the machine is gone. reason and tail (lines) go to what is missing."""
        missing = ([self._case] if self._case else []) + self.waiting
        for name in missing:
            self.point(False, f"{name}: no report, {reason}")
        if missing or not self.done:
            for line in tail:
                self.write(f"# console: {line}")
        if not missing and not self.done:
            self.point(False, reason)
        self.write(f"1..{self._points}")

    def _line(self, line):
        if line.startswith(MARK):
            self._mark(line[len(MARK):].split())
        elif self._case and (match := PLAN.match(line)):
            self._case_plan = int(match[1])
        elif self._case and (match := POINT.match(line)):
            self._case_points += 1
            self.point(not match[1], f"{self._case}: {match[2]}")
        elif line:
            self.write(line if line.startswith("#") else f"# {line}")

    def _mark(self, words):
        if words[0] == "begin":
            self._case = words[1]
            self._case_points = 0
            self._case_plan = None
            if self._case in self.waiting:
                self.waiting.remove(self._case)
        elif words[0] == "end":
            self._end(words[1], int(words[2]))
            self._case = None
        elif words[0] == "done":
            self.done = True

    def _end(self, name, status):
        if self._case_points == 0 and self._case_plan is None:
            self.point(status == 0, name if status == 0 else f"{name}: {self._why(status)}")
            return
        if self._case_plan != self._case_points:
            self.point(False, f"{name}: planned {self._case_plan}, reported {self._case_points}")
        if status != 0:
            self.point(False, f"{name}: {self._why(status)}")

    @staticmethod
    def _why(status):
        if status == 137:
            return "killed, probably because its time was over"
        return f"exit status {status}"

    def point(self, passed, text):
        """What the host knows of itself may be a point too."""
        self._points += 1
        self.failures += not passed
        self.write(f"{'ok' if passed else 'not ok'} {self._points} - {text}")


class PlainReport(GuestReport):
    """For one script of which a person wants to see the output and nothing else."""

    status = None
    _empty_lines = 0

    def _line(self, line):
        if line.startswith(MARK):
            # The mark's own empty line is none of the script's.
            self._empty_lines = 0
            super()._line(line)
        elif not line:
            self._empty_lines += 1
        elif self._case:
            self.write("\n" * self._empty_lines + line)
            self._empty_lines = 0

    def _end(self, name, status):
        self.status = status
        self.failures = int(status != 0)

    def finish(self, reason, tail):
        if self.status is None:
            self.failures = 1
            for line in [*tail, reason]:
                self.write(line)
