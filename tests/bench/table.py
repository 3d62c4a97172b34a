"""The figures: what each compares, its bounds, and whether it is within them."""

from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Figure:
    """One line of the table: samples of ours, divided by other samples if the figure is a ratio."""

    name: str
    unit: str  # Of the samples; the figure itself has none where it is a ratio.
    reach: float
    stretch: float
    samples: list
    over: list = None
    at_least: bool = False  # Or else at most.

    @property
    def value(self):
        return median(self.samples) / (median(self.over) if self.over else 1)

    def holds(self, bound):
        return self.value >= bound if self.at_least else self.value <= bound

    def row(self):
        sign = "≥" if self.at_least else "≤"
        verdict = "MISSED" if not self.holds(self.reach) else "stretch" if self.holds(self.stretch) else "reached"
        unit = "×" if self.over else f" {self.unit}"
        measured = span(self.samples, self.unit) + (f" over {span(self.over, self.unit)}" if self.over else "")
        return (self.name, f"{self.value:.2f}{unit}", f"{sign} {self.reach:g}", f"{sign} {self.stretch:g}", verdict, measured)


def span(samples, unit):
    """The median, minimum and maximum of samples."""
    return f"{number(median(samples))} {unit} ({number(min(samples))}..{number(max(samples))}, n={len(samples)})"


def number(sample):
    return f"{sample:,.0f}" if sample >= 1_000 else f"{sample:.3g}"


def show(figures):
    """Prints the table; returns whether no figure misses its bound."""
    rows = [("figure", "is", "reach", "stretch", "", "measured: median (min..max)")] + [figure.row() for figure in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(6)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
    missed = [figure.name for figure in figures if not figure.holds(figure.reach)]
    print(f"\nMissed: {', '.join(missed)}" if missed else "\nNothing missed.")
    return not missed
