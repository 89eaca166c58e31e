import { expect, it } from 'vitest';
import { createEditClock } from '../../../client/outbox/edit-clock.ts';
import type { OfflineManifest } from '../../../schema/manifest.ts';
import { createDesk, manifest } from './records.ts';

it('rises with each edit, also when the device sets its time back', () => {
  let now = 5000;
  const clock = createEditClock({ now: () => now, after: () => () => undefined }, 'tab');
  const made = [clock(), clock()];
  now = 10;
  made.push(clock());
  expect(made).toEqual(['000000001388-00000001-tab', '000000001388-00000002-tab', '000000001388-00000003-tab']);
});

it('is noted of an edit where it may decide, and nowhere else', () => {
  const inspection = manifest.types.Inspection;
  const title = inspection?.fields.title;
  if (!inspection || !title) throw new TypeError('expected the inspections of the demo');
  const fields = { ...inspection.fields, title: { ...title, strategy: 'LAST_WRITE_WINS' as const } };
  const timed: OfflineManifest = { ...manifest, types: { ...manifest.types, Inspection: { ...inspection, fields } } };
  const input = { id: 'i', _version: 1, title: 'B' };
  expect(createDesk({ manifest: timed }).draft('updateInspection', input).clock).toMatch(/-00000001-desk$/);
  expect(createDesk().draft('updateInspection', input)).not.toHaveProperty('clock');
});
