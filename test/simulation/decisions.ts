/**
 * Chance that does not depend on what else happened: whether a fault strikes at a place is a function of the seed, the fault and
 * the name of the place. So taking a step or a fault out of a run leaves the rest of it as it was, as far as the world allows,
 * and a failing run can be made smaller.
 */
export interface Decisions {
  /** Whether `fault` strikes at `site`, which happens with probability `rate`. Asked once for each site. */
  strikes(fault: string, site: string, rate: number): boolean;
  /** Uniform in [0, 1), for what a fault looks like at a site. */
  draw(fault: string, site: string): number;
  /** Faults that struck, in order. */
  readonly struck: readonly Struck[];
  /** No fault strikes from now on. */
  heal(): void;
}

export interface Struck {
  readonly fault: string;
  readonly site: string;
}

/** @param only the faults that strike, and no others; absent: chance decides. */
export function createDecisions(
  seed: number,
  options: { readonly only?: readonly Struck[] | undefined; readonly onStruck: (struck: Struck) => void },
): Decisions {
  const planned = options.only && new Set(options.only.map(({ fault, site }) => `${fault} ${site}`));
  const struck: Struck[] = [];
  let healed = false;
  return {
    struck,
    strikes(fault, site, rate) {
      if (healed) return false;
      const hit = planned ? planned.has(`${fault} ${site}`) : chance(seed, `${fault} ${site}`) < rate;
      if (hit) {
        struck.push({ fault, site });
        options.onStruck({ fault, site });
      }
      return hit;
    },
    draw: (fault, site) => chance(seed, `how ${fault} ${site}`),
    heal() {
      healed = true;
    },
  };
}

/** FNV-1a, mixed once more because its low bits alone are not uniform. */
function chance(seed: number, text: string): number {
  let value = (0x811c9dc5 ^ Math.imul(seed, 0x9e3779b1)) >>> 0;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193) >>> 0;
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b) >>> 0;
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35) >>> 0;
  return ((value ^ (value >>> 16)) >>> 0) / 2 ** 32;
}
