import { ServerClock } from '../../src/intake/server-clock.js';
import { VoiceDoor, type VoiceDoorDependencies } from '../../src/intake/voice-door.js';
import { FakeClock } from './fake-clock.js';
import { silentLog } from './silent-log.js';

/** A door that takes the voices of tracked people: Anna (5), unless told otherwise. */
export function voiceDoor(over: Partial<VoiceDoorDependencies> = {}): VoiceDoor {
  const clock = over.clock ?? new FakeClock();
  return new VoiceDoor({
    isOpen: () => true,
    choices: () => ({ own: 'nowhere', incoming: 'everywhere', files: 'none' }),
    people: {
      senderIsTracked: (_account, id) => Promise.resolve(id === '5'),
      chatIsTracked: () => Promise.resolve(false),
      optedOut: () => Promise.resolve(false),
    },
    ignores: () => false,
    deliveryOf: () => Promise.resolve('reply'),
    backlog: 'all',
    enqueue: () => Promise.resolve(),
    setAside: () => Promise.reject(new Error('nothing is set aside')),
    serverClock: new ServerClock(clock),
    clock,
    log: silentLog(),
    ...over,
  });
}
