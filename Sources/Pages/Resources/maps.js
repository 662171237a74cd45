// Heat maps.

/** Returns the maps with those of a group of runs that differ in nothing but the seed as one, of the mean in each cell. */
function meanMaps(maps) {
    const groups = new Map();
    for (const map of maps) {
        const key = map.run === undefined ? map : `${runOf(map.run)?.group}\n${map.part ?? ""}`;
        groups.set(key, [...(groups.get(key) ?? []), map]);
    }
    return [...groups.values()].map((members) => {
        if (members.length === 1) return members[0];
        const union = (list) => {
            const names = [...new Set(members.flatMap((map) => map[list]))];
            return list === "columns" && names.every((name) => Number.isFinite(Number(name))) ? names.sort((a, b) => a - b) : names;
        };
        const columns = union("columns"), rows = members.reduce((most, map) => (map.rows.length > most.length ? map.rows : most), []);
        const sums = new Float64Array(rows.length * columns.length), counts = new Float64Array(sums.length);
        for (const map of members) {
            const places = map.columns.map((name) => columns.indexOf(name));
            map.rows.forEach((name, row) => {
                const own = rows.indexOf(name);
                if (own < 0) return;
                places.forEach((column, index) => {
                    const value = map.values[row * map.columns.length + index];
                    if (!Number.isFinite(value)) return;
                    sums[own * columns.length + column] += value;
                    counts[own * columns.length + column]++;
                });
            });
        }
        return {
            ...members[0], columns, rows, values: sums.map((sum, place) => (counts[place] > 0 ? sum / counts[place] : NaN)),
            runs: members.map((map) => map.run),
            title: [runOf(members[0].run)?.groupLabel, members[0].part].filter(Boolean).join(", ") + ` (mean of ${members.length} seeds)`,
        };
    });
}

class MapPanel extends Panel {
    allPlaces() { return Array.from(this.places()); }

    /** The places of the columns along the axis: numbers where all names are, else 0, 1, 2, ... */
    places() {
        const { columns, run } = this.description, steps = columns.map(Number);
        if (steps.some((step) => !Number.isFinite(step))) return Float64Array.from(columns.keys());
        if (!this.figure.isOverSteps) return Float64Array.from(columns.keys());
        return placesOf({ x: Float64Array.from(steps), run }, this.unit);
    }

    /** Returns the edges of columns, which reach half the way to their neighbours but not before 0; one alone is as wide as the narrowest elsewhere. */
    edgesOf(places, width) {
        const from = places[0] >= 0 ? 0 : -Infinity;
        return Float64Array.from({ length: places.length > 0 ? places.length + 1 : 0 }, (_, edge) => {
            if (places.length === 1) return Math.max(from, places[0] - width / 2) + edge * width;
            if (edge === 0) return Math.max(from, places[0] - (places[1] - places[0]) / 2);
            if (edge === places.length) return places[edge - 1] + (places[edge - 1] - places[edge - 2]) / 2;
            return (places[edge - 1] + places[edge]) / 2;
        });
    }

    resize() {
        super.resize();
        const longest = Math.max(...this.figure.panels.flatMap(({ description }) => description.rows.map((name) => name.length)));
        this.plot.left = Math.min(this.width / 3, Math.max(this.plot.left, 14 + 6.6 * longest));
    }

    draw() {
        this.resize();
        this.drawing.replaceChildren();
        this.overlay.replaceChildren();
        const { rows, columns, values } = this.description;
        const context = this.canvas.getContext("2d");
        context.clearRect(0, 0, this.canvas.width, this.canvas.height);
        const places = this.columnPlaces = this.places();
        const isByName = !this.figure.isOverSteps;
        this.isEmpty = columns.length === 0 || places.some((place) => !Number.isFinite(place));
        if (this.isEmpty) {
            this.xAxis = undefined;
            this.drawing.append(element("text", { x: this.width / 2, y: this.height / 2, "text-anchor": "middle", class: "label" }, "no data"));
            return;
        }
        const edges = this.edges = isByName ? Float64Array.from({ length: places.length + 1 }, (_, edge) => edge - 0.5)
            : this.edgesOf(places, this.figure.steps.column);
        const [low, high] = this.section.zoomOf(this.figure) ?? this.figure.steps?.range ?? [edges[0], edges[edges.length - 1]];
        const xAxis = this.xAxis = isByName
            ? { scale: "linear", low, high, ticks: Array.from(places) } : axisBetween(low, high, "linear");
        const yAxis = { scale: "linear", low: rows.length - 0.5, high: -0.5, ticks: rows.map((_, row) => row) };
        const step = Math.ceil(14 / ((this.plot.bottom - this.plot.top) / rows.length));
        yAxis.ticks = yAxis.ticks.filter((row) => row % step === 0);
        const { nodes, px, py } = this.furniture(xAxis, yAxis,
            xAxis.ticks.map((tick) => isByName ? columns[tick] : numberText(tick)), yAxis.ticks.map((row) => rows[row]));
        [this.px, this.py] = [px, py];
        this.drawing.append(...nodes.filter((node) => node.getAttribute("class") !== "grid"));
        this.colorAxis = this.figure.colorAxis;
        this.paintCells(this.canvas, devicePixelRatio || 1);
        if (isByName) this.drawing.append(...this.numbers());
        const finite = values.filter((value) => Number.isFinite(value));
        const text = finite.length ? `${numberText(finite.reduce((a, b) => Math.min(a, b)), 4)} to ${numberText(finite.reduce((a, b) => Math.max(a, b)), 4)}` : "no values";
        this.node.setAttribute("aria-label", `${this.figure.title}, ${this.description.title}: ${this.description.valueLabel} of ${rows.length} rows and ${columns.length} columns, ${text}`);
    }

    /** Paints the cells; of several columns in one pixel the mean is shown. */
    paintCells(canvas, ratio) {
        const { rows, columns, values } = this.description, { left, right, top, bottom } = this.plot;
        const context = canvas.getContext("2d"), samples = page.palette.viridis, axis = this.colorAxis, places = this.columnPlaces;
        const width = Math.round((right - left) * ratio), height = rows.length;
        const image = context.createImageData(width, height);
        const missing = channels(isDark() ? "#2a2d31" : "#f0f0f0");
        let column = 0, thinned = 1;
        for (let x = 0; x < width; x++) {
            const from = valueAt(this.xAxis, x / width), to = valueAt(this.xAxis, (x + 1) / width), middle = (from + to) / 2;
            while (column < columns.length - 1 && this.edges[column + 1] <= middle) column++;
            // The column at the middle of the pixel; where more begin in it, all that do.
            let first = column, last = column;
            while (first > 0 && this.edges[first] > from && this.edges[first + 1] - this.edges[first] < to - from) first--;
            while (last < columns.length - 1 && this.edges[last + 1] < to && this.edges[last + 1] - this.edges[last] < to - from) last++;
            const isOutside = middle < this.edges[0] && to < places[0] || middle > this.edges[columns.length] && from > places[columns.length - 1];
            thinned = Math.max(thinned, last - first + 1);
            for (let row = 0; row < height; row++) {
                let sum = 0, count = 0;
                for (let index = first; index <= last; index++) {
                    const value = values[row * columns.length + index];
                    if (canShow(value, axis.scale)) { sum += value; count++; }
                }
                const color = count === 0 || isOutside ? missing : viridis(samples, fraction(axis, sum / count));
                image.data.set([...color, 255], 4 * (row * width + x));
            }
        }
        this.thinned = thinned;
        const cells = document.createElement("canvas");
        [cells.width, cells.height] = [width, height];
        cells.getContext("2d").putImageData(image, 0, 0);
        context.imageSmoothingEnabled = false;
        context.drawImage(cells, 0, 0, width, height, left * ratio, top * ratio, width, (bottom - top) * ratio);
    }

    get texts() { return Array.from(this.description.values, (value) => (Number.isFinite(value) ? numberText(value, 3) : "")); }

    /** Returns the values of the cells as texts, if those of all maps of the figure have a place there. */
    numbers() {
        const { rows, columns, values } = this.description, samples = page.palette.viridis;
        const width = (this.plot.right - this.plot.left) / columns.length, height = (this.plot.bottom - this.plot.top) / rows.length;
        const hasRoom = this.figure.panels.every((panel) => panel.texts.every((text) => text.length * 6.6 + 4 <= width));
        if (height < 14 || !hasRoom) return [];
        return this.texts.flatMap((text, place) => {
            if (text === "" || !canShow(values[place], this.colorAxis.scale)) return [];
            const [red, green, blue] = viridis(samples, fraction(this.colorAxis, values[place]));
            const isLight = 0.299 * red + 0.587 * green + 0.114 * blue > 128;
            return [element("text", {
                x: (this.px(place % columns.length)).toFixed(1), y: (this.py(Math.floor(place / columns.length)) + 4).toFixed(1),
                "text-anchor": "middle", "font-size": 11.5, fill: isLight ? "#000" : "#fff", class: isLight ? "cell" : "cell onDark",
            }, text)];
        });
    }

    showCursor(cursor) {
        this.overlay.querySelectorAll(".cursor").forEach((node) => node.remove());
        this.readout.replaceChildren();
        if (!cursor || !this.xAxis || cursor.x < this.xAxis.low || cursor.x > this.xAxis.high) return;
        const x = this.px(cursor.x);
        this.overlay.append(element("line", { x1: x, x2: x, y1: this.plot.top, y2: this.plot.bottom, class: "cursor" }));
        if (cursor.panel !== this) return;
        const { rows, columns, values } = this.description, column = nearest(this.columnPlaces, cursor.x);
        if (cursor.x < this.edges[0] || cursor.x > this.edges[columns.length]) return;
        this.readout.append(element("b", {}, `${this.xLabel} ${this.figure.isOverSteps ? numberText(this.columnPlaces[column]) : columns[column]}`));
        for (const [row, name] of [...rows.entries()].slice(0, 16)) {
            const value = values[row * columns.length + column];
            this.readout.append(element("span", {}, `${this.description.yLabel} ${name}: ${Number.isFinite(value) ? numberText(value, 4) : "missing"}`));
        }
        this.readout.classList.toggle("left", x > this.width / 2);
    }

    rows() {
        const { rows, columns, values, title } = this.description;
        return rows.flatMap((row, y) => columns.map((column, x) => [title, column, row, values[y * columns.length + x]]));
    }

    exported() {
        if (this.isEmpty) return [];
        const copy = document.createElement("canvas");
        [copy.width, copy.height] = [this.canvas.width, this.canvas.height];
        this.paintCells(copy, devicePixelRatio || 1);
        return [element("image", { href: copy.toDataURL(), x: 0, y: 0, width: this.width, height: this.height }),
            ...[...this.drawing.querySelectorAll(".tick, .label, .paneltitle, .cell")].map((node) => node.cloneNode(true))];
    }
}
