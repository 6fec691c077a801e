# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""The table of a benchmark: ours beside stock, ratios, and whether they are what we want to reach."""

import statistics

# The ratios to reach, of what a client waits and of the processor time of the daemon; None: any.
TARGETS = {
    'list all': (0.05, None),
    'XML': (0.5, 0.2),
    'listCaps': (0.5, 0.2),
    'lookup': (0.5, 0.2),
    'pass of Nova': (0.4, None),
    'calls of Nova': (0.4, None),
    'memory': (0.5, None),
}
# How much more of anything a function may cost among 65,535 than among 2,000.
GROWTH = 1.2
HEAD = ('', 'ours', 'stock', 'ratio', 'CPU ours', 'CPU stock', 'ratio', 'to reach', '')


class Sample:
    """What one round of calls took: seconds that the client waited, seconds of the daemon's processor
    time, both for one call."""

    def __init__(self, elapsed, cpu):
        self.elapsed, self.cpu = elapsed, cpu


def median(samples):
    return Sample(*(statistics.median(getattr(sample, kind) for sample in samples)
                    for kind in ('elapsed', 'cpu')))


def format_seconds(seconds):
    for unit, factor in (('s', 1), ('ms', 1e3), ('us', 1e6)):
        if seconds * factor >= 1 or unit == 'us':
            return f'{seconds * factor:.3g} {unit}'
    raise AssertionError(seconds)


def judge(ratios, targets):
    """What is to be reached, and whether it is."""
    wanted = [(name, target, ratio) for name, target, ratio in zip(('', 'CPU '), targets, ratios)
              if target is not None]
    reached = all(ratio <= target for _, target, ratio in wanted)
    text = ', '.join(f'{name}{target:g}' for name, target, _ in wanted)
    return text, ('' if not wanted else 'yes' if reached else 'no')


def row_of_calls(what, ours, theirs):
    ratios = (ours.elapsed / theirs.elapsed, ours.cpu / theirs.cpu)
    return (what, format_seconds(ours.elapsed), format_seconds(theirs.elapsed), f'{ratios[0]:.3f}',
            format_seconds(ours.cpu), format_seconds(theirs.cpu), f'{ratios[1]:.3f}',
            *judge(ratios, TARGETS.get(what, (None, None))))


def row_of_memory(ours, theirs):
    """In KiB."""
    ratio = ours / theirs
    return ('memory', f'{ours / 1024:.1f} MiB', f'{theirs / 1024:.1f} MiB', f'{ratio:.3f}',
            '', '', '', *judge((ratio, 0), TARGETS['memory']))


def print_table(title, rows):
    rows = [HEAD, *rows]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    print(f'\n{title}\n')
    for row in rows:
        print('  '.join(text.ljust(width) if column in (0, 7) else text.rjust(width)
                        for column, (text, width) in enumerate(zip(row, widths))).rstrip())
    print(flush=True)
