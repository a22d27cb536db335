import { expect, test } from 'vitest';
import { AtOnce } from '../../../src/modules/foreign/at-once.js';
import { settle } from '../../support/fake-clock.js';

test('so many run at once, each that ends lets the next one in, and one that fails does too', async () => {
  const large = new AtOnce(2);
  const ends: (() => void)[] = [];
  const works = Array.from({ length: 5 }, (_, at) =>
    large.run(() => new Promise<number>((resolve, reject) => void ends.push(() => (at === 1 ? reject(new Error('no')) : resolve(at))))),
  );
  const all = Promise.allSettled(works);
  await settle();
  for (let ended = 0; ended < 5; ended += 1) {
    expect(ends).toHaveLength(Math.min(5, ended + 2));
    ends[ended]?.();
    await settle();
  }
  expect((await all).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
});
