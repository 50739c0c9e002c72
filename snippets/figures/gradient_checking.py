"""The error of three ways to nudge over the size of the nudge, in double and single precision."""

from snippets.figures import BACKWARD, INK, MUTED, SMALL, THIRD, canvas
from snippets.tables._gradient_checking import CURVES, METHODS, STEPS, best

COLOURS = dict(zip(METHODS, (INK, BACKWARD, THIRD)))
SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def power(exponent):
    """A power of ten as a figure writes it.

    >>> power(-12)
    '10⁻¹²'
    """
    return "10" + str(exponent).translate(SUPERSCRIPT)


TITLE = "A step too large, a step too small, and the valley between"
DESCRIPTION = (
    "A panel with logarithmic axes, in float64: across, the step h, from 1 on the right down to 10 "
    "to the power of minus 18 on the left; upward, the relative error of the slope. Forward and "
    "central differences each form a V. On the right arm the error falls with the step, for "
    "central differences twice as steeply. On the left arm it rises again as the step shrinks, "
    "because of rounding, until nothing of the slope is left. The lowest point of central "
    f"differences is near a step of {best['float64 central']['h']:.0e}. The complex step falls to "
    "the precision of the numbers and stays there however small the step. Below, a smaller panel "
    "with central differences in both precisions: in float32 the valley is near a step of "
    f"{best['float32 central']['h']:.3f}, and higher by more than five powers of ten."
).replace("e-0", " times 10 to the power of minus ")

LABELS = {  # where the name of a curve stands
    "forward differences": (1e-12, 6e-2),
    "central differences": (4e-17, 3e-11),
    "complex step": (1e-17, 1e-18),
}


def lowest(precision):
    """The step and the error at the lowest point of central differences, in words."""
    (h, over), (error, under) = (
        f"{best[f'{precision} central'][name]:.0e}".split("e") for name in ("h", "error")
    )
    return f"h = {h} · {power(int(over))}:\nerror {error} · {power(int(under))}"


def draw():
    figure, (above, below) = canvas(6.6, 2, 1, sharex=True, height_ratios=(3, 2))
    for method, errors in CURVES["float64"].items():
        width = 2.2 if method.startswith("central") else 1.4
        above.plot(STEPS, errors, color=COLOURS[method], lw=width)
        above.text(*LABELS[method], method, color=COLOURS[method], va="center")
    above.text(2e-18, 300, "← too small", color=MUTED, va="center", size=SMALL)
    above.text(2, 300, "too large →", color=MUTED, va="center", ha="right", size=SMALL)
    for precision, place in (("float64", (3e-5, 1e-14)), ("float32", (3e-7, 3))):
        errors = CURVES[precision]["central differences"]
        below.plot(STEPS, errors, color=BACKWARD, lw=2, ls="-" if precision == "float64" else ":")
        lowest_point = [best[f"{precision} central"][name] for name in ("h", "error")]
        below.plot(*lowest_point, "o", color=BACKWARD, ms=6)
        below.text(*place, f"{precision}", color=BACKWARD, va="center")
    x, y = (best["float64 central"][name] for name in ("h", "error"))
    above.plot(x, y, "o", color=BACKWARD, ms=6)
    above.text(3e-5, 3e-14, lowest("float64"), color=BACKWARD, va="center", linespacing=1.3)
    above.set_title("float64: error of the slope, relative", loc="left", color=MUTED)
    below.set_title("central differences in two precisions", loc="left", color=MUTED)
    for axes in (above, below):
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
    below.set_xlabel("step h")
    return figure
