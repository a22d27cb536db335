import { expect, test } from 'vitest';
import { LatestEdits, type Edit, type SendEdit } from '../../src/governor/latest-edits.js';
import type { FormattedText } from '../../src/telegram/formatted-text.js';
import { settle } from '../support/fake-clock.js';

const text = (value: string): FormattedText => ({ text: value, entities: [] });

/** Edits whose departure and answer are in the test's hand, one after the other. */
function ground() {
  const edits = new LatestEdits();
  const sent: string[] = [];
  const departures: (() => void)[] = [];
  const answers: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const send: SendEdit = async (_urgency, take, signal) => {
    await new Promise<void>((resolve, reject) => {
      departures.push(resolve);
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
    sent.push(take().text);
    await new Promise<void>((resolve, reject) => answers.push({ resolve, reject }));
  };
  const edit = (value: string, over: Partial<Edit> = {}): Promise<string> =>
    edits
      .edit('u5:1', { text: text(value), urgency: 'answer', signal: new AbortController().signal, ...over }, send)
      .then(() => 'done', (error: unknown) => (error instanceof Error ? error.message : 'no error'));
  const depart = async (): Promise<void> => {
    departures.shift()?.();
    await settle();
  };
  const answer = async (error?: Error): Promise<void> => {
    const next = answers.shift();
    if (error === undefined) next?.resolve();
    else next?.reject(error);
    await settle();
  };
  return { edits, sent, edit, depart, answer };
}

test('of the edits that wait only the newest is sent, and the others are done with it', async () => {
  const { edits, sent, edit, depart, answer } = ground();
  const all = Promise.all([edit('one'), edit('two'), edit('three')]);
  await depart();
  await answer();
  expect(await all).toEqual(['done', 'done', 'done']);
  expect(sent).toEqual(['three']);
  expect(edits.coalesced).toBe(2);
});

test('an edit waits until the one before it has its answer, so the older text never lands last', async () => {
  const { sent, edit, depart, answer } = ground();
  const older = edit('older', { urgency: 'progress' });
  await depart();
  const newer = edit('the answer');
  await depart();
  expect(sent).toEqual(['older']);
  await answer();
  expect(await older).toBe('done');
  await depart();
  expect(sent).toEqual(['older', 'the answer']);
  await answer();
  expect(await newer).toBe('done');
});

test('progress that comes while the answer is waiting or on its way is never sent', async () => {
  const { sent, edit, depart, answer } = ground();
  const final = edit('the answer');
  const late = edit('90 %', { urgency: 'progress' });
  await depart();
  const later = edit('95 %', { urgency: 'progress' });
  await answer();
  expect(await Promise.all([final, late, later])).toEqual(['done', 'done', 'done']);
  expect(sent).toEqual(['the answer']);
});

test('an edit that fails fails for those in it; one that came since is sent', async () => {
  const { sent, edit, depart, answer } = ground();
  const first = edit('first');
  await depart();
  const second = edit('second');
  await answer(new Error('gone'));
  expect(await first).toBe('gone');
  await depart();
  await answer();
  expect(await second).toBe('done');
  expect(sent).toEqual(['first', 'second']);
});

test('who gives up is told at once and its text is not sent', async () => {
  const { sent, edit, depart, answer } = ground();
  const stop = new AbortController();
  const kept = edit('kept');
  const dropped = edit('dropped', { signal: stop.signal });
  stop.abort(new Error('stopped'));
  expect(await dropped).toBe('stopped');
  await depart();
  await answer();
  expect(await kept).toBe('done');
  expect(sent).toEqual(['kept']);
});

test('one that comes right after all others gave up is served', async () => {
  const { sent, edit, depart, answer } = ground();
  const stop = new AbortController();
  const dropped = edit('dropped', { signal: stop.signal });
  stop.abort(new Error('stopped'));
  const later = edit('later');
  expect(await dropped).toBe('stopped');
  await settle();
  // The departure that was given up, then the one that counts.
  await depart();
  await depart();
  await answer();
  expect(await later).toBe('done');
  expect(sent).toEqual(['later']);
});

test('edits of different messages do not wait for each other', async () => {
  const { edits, edit, depart } = ground();
  const order: string[] = [];
  void edit('held');
  await depart();
  await edits.edit('u5:2', { text: text('other'), urgency: 'answer', signal: new AbortController().signal }, (_urgency, take) => {
    order.push(take().text);
    return Promise.resolve();
  });
  expect(order).toEqual(['other']);
});
