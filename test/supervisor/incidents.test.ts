import { expect, test } from 'vitest';
import { Incidents } from '../../src/supervisor/incidents.js';

test('contained errors are counted by kind, and kinds that never happened are shown as none', () => {
  const incidents = new Incidents();
  incidents.count('job');
  incidents.count('job');
  incidents.count('command');
  expect(incidents.snapshot()).toEqual({ message: 0, command: 1, job: 2 });
});
