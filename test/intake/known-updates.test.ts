import { expect, test } from 'vitest';
import { KnownUpdates } from '../../src/intake/known-updates.js';

const state = { pts: 1, qts: 0, dateSec: 100, seq: 1 };

test('the time up to which all is known waits for voices that are on their way', () => {
  const known = new KnownUpdates();
  known.begin({ ...state }, []);
  const durable = known.common!.line.hold(1);
  known.hearTime(200);
  known.complete();
  expect(known.cursor()?.common.dateSec).toBe(100);
  durable();
  known.complete();
  expect(known.cursor()?.common.dateSec).toBe(200);
});

test('a supergroup is stored once it has been searched; what was seen there last before that says nothing', () => {
  const known = new KnownUpdates();
  known.begin({ ...state }, []);
  const line = known.meet('7', 5, '77');
  line.cover(5, 6);
  line.note(6, 'c7', 30);
  expect(known.cursor()).toMatchObject({ channels: new Map(), lastSeen: new Map() });
  known.channels.get('7')!.unsearched = false;
  expect(known.cursor()).toMatchObject({
    channels: new Map([['7', { pts: 6, accessHash: '77' }]]),
    lastSeen: new Map([['c7', 30]]),
  });
});

test('going back forgets supergroups that were not stored, and never moves a line forward', () => {
  const known = new KnownUpdates();
  known.begin({ ...state, pts: 10 }, [{ channel: { kind: 'channel', id: '7', accessHash: '77' }, pts: 5 }]);
  known.meet('8', 3, '88');
  known.goBackTo({ common: { ...state, pts: 20 }, channels: new Map([['7', { pts: 4, accessHash: '77' }]]), lastSeen: new Map() });
  expect([known.line('common')?.pts, known.line('c7')?.pts, known.line('c8')]).toEqual([10, 4, undefined]);
});
