import { expect, test } from 'vitest';
import { EngineRecord } from '../../src/speech/engine-record.js';

test('three failures in a row are a crash loop, two are not, and one answer ends it', () => {
  const record = new EngineRecord(() => 0);
  record.failed();
  record.failed();
  expect(record.crashLoop).toBe(0);
  record.failed();
  expect(record.crashLoop).toBe(3);
  record.answered();
  expect(record.crashLoop).toBe(0);
});

test('failures of a quarter of an hour ago say nothing of now', () => {
  let nowMs = 0;
  const record = new EngineRecord(() => nowMs);
  for (let count = 0; count < 8; count += 1) record.failed();
  nowMs = 15 * 60_000 - 1;
  expect(record.crashLoop).toBe(8);
  nowMs += 1;
  expect(record.crashLoop).toBe(0);
});
