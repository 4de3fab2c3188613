// Measured numbers -> what a person reads: quantiles, a histogram, a line's slope, and aims.

/** The smallest value that at least this part of all values does not exceed. */
export function quantile(values, part) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)];
}

/** Lines of a histogram whose bins end at `edges`; the last one is open. */
export function histogram(values, edges, unit) {
  const bins = [...edges, Infinity].map((to, i) => {
    const from = i === 0 ? -Infinity : edges[i - 1];
    return { from, to, count: values.filter((value) => value > from && value <= to).length };
  });
  const most = Math.max(...bins.map(({ count }) => count), 1);
  return bins.map(({ from, to, count }) => {
    const name = to === Infinity ? `> ${from} ${unit}` : `≤ ${to} ${unit}`;
    const bar = "█".repeat(Math.ceil((40 * count) / most));
    return `${name.padStart(10)} ${String(count).padStart(5)} ${bar}`.trimEnd();
  });
}

/** The rise of y for each 1 of x: the median of the rises between any two points (Theil-Sen), which
 * single points far off do not move. */
export function slope(points) {
  const rises = points.flatMap((from, i) =>
    points.slice(i + 1).map((to) => (to.y - from.y) / (to.x - from.x)),
  );
  return quantile(rises, 0.5);
}

export const share = (part) => `${(100 * part).toFixed(1)} %`;
export const ms = (value) => `${value.toFixed(0)} ms`;

export function against(value, aim, show) {
  return `aim ≤ ${show(aim)}: ${value <= aim ? "met" : "NOT MET"}`;
}
