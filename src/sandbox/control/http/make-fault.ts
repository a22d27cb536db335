import type { Faults } from '../faults.js';
import type { FaultToMake } from './schemas.js';

/** Does what a request asks for. */
export async function makeFault(faults: Faults, fault: FaultToMake): Promise<void> {
  if ('dcId' in fault && fault.fault !== 'moveFile') return makeConnectionFault(faults, fault);
  if ('method' in fault) return void makeMethodFault(faults, fault);
  switch (fault.fault) {
    case 'clear':
      faults.clear();
      break;
    case 'expireFileReferences':
      faults.expireFileReferences(fault.message);
      break;
    case 'moveFile':
      faults.moveFile(fault.message, fault.dcId);
      break;
    case 'loseUpdates':
      faults.loseUpdates(fault.user, fault.on);
      break;
    case 'revokeSessions':
      faults.revokeSessions(fault.user, fault.reason);
      break;
    case 'forgetUpdatesIn':
      faults.forgetUpdatesIn(fault.chat);
      break;
    case 'forbidWriting':
    case 'removeMember':
      faults[fault.fault](fault.chat, fault.user, fault.on);
      break;
    case 'pushTooLong':
    case 'forgetUpdatesOf':
    case 'restoreSessions':
    case 'forgetKeysOf':
    case 'closeSessionsOf':
      faults[fault.fault](fault.user);
  }
}

function makeMethodFault(faults: Faults, fault: Extract<FaultToMake, { method: string }>): () => void {
  const { method } = fault;
  switch (fault.fault) {
    case 'failNext':
      return faults.failNext(method, fault, fault.times);
    case 'failEvery':
      return faults.failEvery(fault.everyNth, method, fault);
    case 'silenceNext':
      return faults.silenceNext(method, fault);
    case 'cutNext':
      return faults.cutNext(method, fault);
    case 'delay':
      return faults.delay(method, fault.ms, fault.times === undefined ? {} : { times: fault.times });
  }
}

type ConnectionFault = Exclude<Extract<FaultToMake, { dcId: 2 | 4 }>, { fault: 'moveFile' }>;

async function makeConnectionFault(faults: Faults, fault: ConnectionFault): Promise<void> {
  const connection = faults.connection(fault.dcId);
  switch (fault.fault) {
    case 'dropAll':
      connection.dropAll(fault.how);
      return;
    case 'refuse':
      return connection.refuse(fault.on);
    case 'mute':
      connection.mute(fault.on);
      return;
    case 'pongDelay':
      connection.pongDelayMs = fault.ms;
      return;
    case 'sendDelay':
      connection.sendDelayMs = fault.ms;
      return;
    case 'clockSkew':
      connection.clockSkewMs = fault.ms;
  }
}
