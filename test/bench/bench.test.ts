import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BENCHES, bench } from '../../bench/bench.ts';
import { median, type Report } from '../../bench/report.ts';

async function run(...args: readonly string[]): Promise<{ readonly code: number; readonly text: string }> {
  let text = '';
  const code = await bench(args, (more) => {
    text += more;
  });
  return { code, text };
}

describe('npm run bench', () => {
  it('without a name lists what there is', async () => {
    const { code, text } = await run();
    expect(code).toBe(0);
    for (const { name, says } of BENCHES) expect(text).toContain(`${name.padEnd(10)}${says}`);
  });

  it.each([
    [['unknown'], 'expected one of replay'],
    [['replay', 'more'], 'expected one of replay'],
    [['replay', '--count', '0'], 'whole numbers'],
    [['replay', '--rounds', 'many'], 'whole numbers'],
    [['replay', '--fast'], "'--fast'"],
  ])('says what it accepts: %j', async (args, expected) => {
    const { code, text } = await run(...args);
    expect(code).toBe(2);
    expect(text).toContain(expected);
    expect(text).toContain('npm run bench NAME');
  });

  it('replay measures, at a small size, and writes its figures', async () => {
    const file = join(tmpdir(), `farside-bench-${process.pid}.json`);
    const { code } = await run('replay', '--alone', '--count', '30', '--rounds', '1', '--json', file);
    const report = JSON.parse(await readFile(file, 'utf8')) as Report;
    await rm(file);
    expect(code).toBe(0);
    expect(report).toMatchObject({ name: 'replay', machine: expect.stringContaining('Node') });
    const [time, applied, order] = report.rows;
    expect(time).toMatchObject({ metric: '30 mutations, round trip 50 ms', unit: 'ms', peers: {}, ratio: null, holds: null });
    expect(time?.ours).toBeGreaterThan(50);
    expect(applied).toMatchObject({ ours: 30, holds: true });
    expect(order).toMatchObject({ ours: 0, holds: true });
    expect(report.rows.at(-1)).toMatchObject({ unit: 'MB' });
  });

  it('enqueue measures, at a small size, in a browser', async () => {
    const { code, text } = await run('enqueue', '--count', '20', '--rounds', '1');
    expect(code).toBe(0);
    expect(text).toContain('20 mutations at once');
    expect(text).toMatch(/farside [\d.]+ ms, strictPut [\d.]+/);
  }, 120_000);

  it('overlay measures, at a small size', async () => {
    const file = join(tmpdir(), `farside-bench-overlay-${process.pid}.json`);
    const { code } = await run('overlay', '--count', '5', '--rounds', '1', '--json', file);
    const report = JSON.parse(await readFile(file, 'utf8')) as Report;
    await rm(file);
    expect(code).toBe(0);
    expect(report.rows[0]).toMatchObject({ metric: '5 pending: shown after a start', unit: 'ms', goal: '≤ 60 ms', holds: null });
    expect(report.rows[0]?.peers.apollo).toBeGreaterThan(0);
  }, 60_000);

  it.each(['persist', 'restore'])(
    '%s measures, at a small size, in a browser',
    async (name) => {
      const { code, text } = await run(name, '--count', '200', '--rounds', '1');
      expect(code).toBe(0);
      expect(text).toMatch(/200 entities.*stands still\n\s+farside [\d.]+ ms, apollo3-cache-persist [\d.]+/);
    },
    120_000,
  );

  it('server measures, at a small size, and takes nothing for a mutation that was not applied', async () => {
    const { code, text } = await run('server', '--count', '20', '--rounds', '1');
    expect(code).toBe(0);
    expect(text).toContain('synchronous=full, 8 connections, 1 in a document');
    expect(text).toMatch(/farside [\d.]+ \/s, bareYoga [\d.]+/);
  }, 120_000);

  it('delta measures, at a small size', async () => {
    const { code, text } = await run('delta', '--count', '300', '--rounds', '1');
    expect(code).toBe(0);
    expect(text).toMatch(/sync of 3 changes at 300 rows, SQLite[\s\S]*farside [\d.]+ ms, at 3 rows [\d.]+/);
  }, 120_000);

  it('soak measures, at a small size, and every client hears of everything', async () => {
    const { code, text } = await run('soak', '--count', '5', '--rounds', '1');
    expect(code).toBe(0);
    expect(text).toMatch(/clients that missed a change, of 5\n\s+farside 0 clients/);
    expect(text).toContain('changes made, each heard 5 times\n    farside 10 changes');
  }, 120_000);

  it('medians', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
  });
});
