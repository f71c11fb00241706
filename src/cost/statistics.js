// The little statistics that is needed. Pure.

/**
 * Returns the value below which the part `q` of the values lies, between neighbors if need be.
 * @param {readonly number[]} values
 * @param {number} q from 0 to 1
 */
export function quantile(values, q) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const [below, above] = [sorted[Math.floor(at)] ?? 0, sorted[Math.ceil(at)] ?? 0];
  return below + (above - below) * (at - Math.floor(at));
}

/**
 * Returns the median of the ratios of each round. Allocators take turns, so what slows the machine
 * down slows both, and a round is best compared with itself.
 * @param {readonly number[]} samples
 * @param {readonly number[]} base
 */
export const pairedRatio = (samples, base) =>
  quantile(
    samples.map((ns, i) => ns / (base[i] ?? NaN)),
    0.5,
  );
