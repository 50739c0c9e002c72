"""The error of three ways to nudge over the size of the nudge, in double and single precision."""

from snippets.figures import BACKWARD, INK, MUTED, SMALL, THIRD, canvas
from snippets.tables._gradient_checking import CURVES, METHODS, STEPS, best

SHOWN = {
    precision: dict(zip(METHODS, zip((INK, BACKWARD, THIRD), (1.4, 2.2, 1.4), curves.values())))
    for precision, curves in CURVES.items()
}
SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def power(exponent):
    """A power of ten as a figure writes it.

    >>> power(-12)
    '10⁻¹²'
    """
    return "10" + str(exponent).translate(SUPERSCRIPT)


TITLE = "A step too large, a step too small, and the valley between"
DESCRIPTION = (
    "Two panels with logarithmic axes: across, the step h, from 1 on the right down to 10 to the "
    "power of minus 18 on the left; upward, the relative error of the slope. Above float64, below "
    "float32. Forward and central differences each form a V. On the right arm the error falls "
    "with the step, for central differences twice as steeply. On the left arm it rises again as "
    "the step shrinks, because of rounding, until nothing of the slope is left. The lowest point "
    f"of central differences is near a step of {best['float64 central']['h']:.0e} in float64, and "
    f"near {best['float32 central']['h']:.3f} in float32, where it lies higher by more than five "
    "powers of ten. The complex step falls to the precision of the numbers and stays there "
    "however small the step."
).replace("e-0", " times 10 to the power of minus ")

LABELS = {  # where the name of a curve stands
    "forward differences": (1.5e-12, 2e-3),
    "central differences": (1e-15, 1e-11),
    "complex step": (1e-17, 4e-18),
}


def lowest(precision):
    """The step and the error at the lowest point of central differences, in words."""
    (h, over), (error, under) = (
        f"{best[f'{precision} central'][name]:.0e}".split("e") for name in ("h", "error")
    )
    return f"h = {h} · {power(int(over))}:\nerror {error} · {power(int(under))}"


def draw():
    figure, panels = canvas(6.6, 2, 1, sharex=True)
    for axes, (precision, curves) in zip(panels, SHOWN.items()):
        for method, (colour, width, errors) in curves.items():
            axes.plot(STEPS, errors, color=colour, lw=width, label=f"{precision} {method}")
        central = best[f"{precision} central"]
        axes.plot(central["h"], central["error"], "o", color=BACKWARD, ms=6)
        axes.set_title(f"{precision}: relative error of the slope", loc="left", color=MUTED)
        axes.set(
            xscale="log",
            yscale="log",
            xlim=(1e-18, 3),
            ylim=(1e-19, 1e4),
            xticks=[10.0**k for k in range(-18, 1, 3)],
            xticklabels=[*(power(k) for k in range(-18, 0, 3)), "1"],
            yticks=[10.0**k for k in range(-16, 1, 4)],
            yticklabels=[*(power(k) for k in range(-16, 0, 4)), "1"],
        )
        axes.minorticks_off()
        axes.text(2e-18, 200, "← too small: rounding", color=MUTED, va="center", size=SMALL)
        axes.text(2, 200, "too large: formula →", color=MUTED, va="center", ha="right", size=SMALL)
        axes.text(
            2e-5,
            1e-14 if precision == "float64" else 1e-10,
            lowest(precision),
            color=BACKWARD,
            va="center",
            linespacing=1.3,
        )
    for method, (colour, *_) in SHOWN["float64"].items():
        panels[0].text(*LABELS[method], method, color=colour, va="center")
    panels[1].set_xlabel("step h")
    return figure
