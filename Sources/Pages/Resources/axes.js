// Axes and colours, after Sources/Charts/Axis.swift and Palette.swift, which a test compares.
"use strict";

const canShow = (value, scale) => Math.abs(value) < 1e300 && (scale === "linear" || value > 1e-300);

/** Returns the ends and ticks of an axis that has a place for all values from least to greatest. */
function makeAxis(least, greatest, scale) {
    return scale === "linear" ? linearAxis(least, greatest) : logarithmicAxis(least, greatest);
}

function linearAxis(least, greatest) {
    let low = least, high = greatest;
    if (high - low < Math.max(1e-290, 1e-12 * Math.max(Math.abs(low), Math.abs(high)))) {
        [low, high] = Math.max(Math.abs(low), Math.abs(high)) < 1e-290 ? [0, 1] : [low - Math.abs(low) / 2, high + Math.abs(high) / 2];
    }
    const step = roundStep((high - low) / 6);
    const first = Math.floor(low / step), last = Math.ceil(high / step);
    const ticks = [];
    for (let place = first; place <= last; place++) ticks.push(place * step);
    return { scale: "linear", low: first * step, high: last * step, ticks };
}

function roundStep(rough) {
    const power = Math.pow(10, Math.floor(Math.log10(rough)));
    return ([1, 2, 5, 10].find((multiple) => multiple * power >= rough) ?? 10) * power;
}

function logarithmicAxis(least, greatest) {
    const powers = [];
    for (let power = Math.floor(Math.log10(least)) - 1; power <= Math.ceil(Math.log10(greatest)) + 1; power++) {
        powers.push(power);
    }
    const multiples = powers.flatMap((power) => [1, 2, 5].map((multiple) => multiple * Math.pow(10, power)));
    const low = multiples.findLast((multiple) => multiple <= least) ?? least;
    const high = multiples.find((multiple) => multiple >= greatest && multiple > low) ?? greatest;
    return { scale: "logarithmic", low, high, ticks: logarithmicTicks(low, high, powers, multiples) };
}

function logarithmicTicks(low, high, powers, multiples) {
    const decades = Math.log10(high / low), step = Math.max(1, Math.round(decades / 6));
    const ticks = decades < 2.5
        ? multiples : powers.filter((power) => power % step === 0).map((power) => Math.pow(10, power));
    return ticks.filter((tick) => tick >= low && tick <= high);
}

/** Returns an axis with exactly these ends, as a zoomed one has. */
function axisBetween(low, high, scale) {
    const whole = makeAxis(low, high, scale);
    return { scale, low, high, ticks: whole.ticks.filter((tick) => tick >= low && tick <= high) };
}

function fraction(axis, value) {
    return axis.scale === "linear"
        ? (value - axis.low) / (axis.high - axis.low)
        : Math.log10(value / axis.low) / Math.log10(axis.high / axis.low);
}

function valueAt(axis, fraction) {
    return axis.scale === "linear"
        ? axis.low + fraction * (axis.high - axis.low) : axis.low * Math.pow(axis.high / axis.low, fraction);
}

/** Returns a number with at most so many significant digits, or with all of its digits before the point. */
function numberText(value, digits = 6) {
    if (value === 0) return "0";
    if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value < 0 ? "-inf" : "inf";
    const magnitude = Math.abs(value);
    if (magnitude < 1e-300 || magnitude > 1e300) return value.toPrecision(3);
    if (magnitude >= 1e6 || magnitude < 1e-3) {
        let exponent = Math.floor(Math.log10(magnitude));
        let factor = roundedAway(value / Math.pow(10, exponent) * 100) / 100;
        if (Math.abs(factor) >= 10) [factor, exponent] = [factor / 10, exponent + 1];
        return `${Number(factor.toPrecision(6))}e${exponent}`;
    }
    const shown = Math.max(digits, Math.floor(Math.log10(magnitude)) + 1);
    return `${Number((roundedAway(value * 1e6) / 1e6).toPrecision(shown))}`;
}

const roundedAway = (value) => Math.sign(value) * Math.round(Math.abs(value));

const channels = (hex) => [1, 3, 5].map((place) => parseInt(hex.slice(place, place + 2), 16));

/** Returns the colour of viridis at a fraction from 0 to 1, as red, green and blue. */
function viridis(samples, fraction) {
    const place = Math.min(1, Math.max(0, fraction)) * (samples.length - 1);
    const index = Math.min(samples.length - 2, Math.floor(place)), share = place - index;
    const [from, to] = [channels(samples[index]), channels(samples[index + 1])];
    return from.map((part, channel) => Math.round(part + share * (to[channel] - part)));
}

const hexOf = (parts) => "#" + parts.map((part) => part.toString(16).padStart(2, "0").toUpperCase()).join("");
