import { errorText } from '../../errors.js';
import { ConnectionCut, RpcFault } from '../rpc.js';
import type { RpcAnswer, RpcCaller, RpcHandler, RpcRequest } from '../rpc.js';
import type { RpcFaultAction, RpcFaults } from '../control/rpc-faults.js';
import type { RpcLog, RpcOutcome } from '../control/rpc-log.js';
import type { Call, MethodDeps, Methods, UserCall } from './call.js';
import { HOME_DC } from './devices.js';
import type { Device } from './devices.js';
import { accountMethods } from './methods/account-methods.js';
import { authMethods } from './methods/auth-methods.js';
import { editMethods } from './methods/edit-methods.js';
import { fileMethods } from './methods/file-methods.js';
import { helpMethods } from './methods/help-methods.js';
import { historyMethods } from './methods/history-methods.js';
import { sendMethods } from './methods/send-methods.js';
import { updateMethods } from './methods/update-methods.js';
import { userMethods } from './methods/user-methods.js';
import { chatMethods } from './methods/chat-methods.js';

/** What the sandbox complains to when it does not know a method or has a bug. */
export interface SandboxLog {
  debug(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface RpcRouterDeps extends MethodDeps {
  log: SandboxLog;
  rpcLog: RpcLog;
  faults: RpcFaults;
}

type Handler<Context> = (request: RpcRequest, call: Context) => RpcAnswer | Promise<RpcAnswer>;

/** For everybody, signed in or not. */
const OPEN = handlers<Call>(helpMethods, authMethods);
/** For users, on every data centre. */
const EVERYWHERE = handlers<UserCall>(fileMethods);
/** For users, on their home data centre. */
const AT_HOME = handlers<UserCall>(
  accountMethods,
  userMethods,
  updateMethods,
  sendMethods,
  editMethods,
  historyMethods,
  chatMethods,
);

/** Answers every request of the sandbox: faults first, then who may ask, then the method. */
export class RpcRouter implements RpcHandler {
  constructor(private readonly deps: RpcRouterDeps) {}

  async handle(request: RpcRequest, caller: RpcCaller): Promise<RpcAnswer | undefined> {
    const device = this.deps.devices.of(caller);
    const userId = device.user?.id;
    const record = this.deps.rpcLog.begin(request, caller, userId);
    try {
      const outcome = await this.run(request, { ...this.deps, caller, device }, userId);
      this.deps.rpcLog.end(record, outcome);
      if (outcome.kind === 'silence') return undefined;
      return outcome.answer;
    } catch (error) {
      this.deps.rpcLog.end(record, outcomeOf(error));
      if (error instanceof RpcFault || error instanceof ConnectionCut) throw error;
      this.deps.log.error({ method: request.className, error: errorText(error) }, 'sandbox: a method has failed');
      throw new RpcFault(500, 'SANDBOX_INTERNAL');
    }
  }

  private async run(
    request: RpcRequest,
    call: Call,
    userId: string | undefined,
  ): Promise<Extract<RpcOutcome, { kind: 'answer' | 'silence' }>> {
    const actions = this.deps.faults.take(request.className, userId);
    const end = this.deps.randomIds.begin(userId, request);
    let answer: RpcAnswer;
    try {
      for (const action of actions) {
        if (action.kind === 'silence' && !action.takesEffect) return { kind: 'silence' };
        await before(action);
      }
      answer = await this.answer(request, call);
    } finally {
      end();
    }
    for (const action of actions) {
      if (action.kind === 'cut') throw new ConnectionCut(answer);
      if (action.kind === 'silence') return { kind: 'silence' };
    }
    return { kind: 'answer', answer };
  }

  private async answer(request: RpcRequest, call: Call): Promise<RpcAnswer> {
    const { device } = call;
    if (device.refusal) throw device.refusal;
    const open = OPEN.get(request.className);
    if (open) return open(request, call);
    const everywhere = EVERYWHERE.get(request.className);
    const handler = everywhere ?? AT_HOME.get(request.className);
    if (!handler) {
      this.deps.log.warn({ method: request.className }, 'sandbox: a method that it does not have');
      throw new RpcFault(400, 'INPUT_METHOD_INVALID');
    }
    const user = userOf(device);
    if (!everywhere && device.dcId !== HOME_DC) throw new RpcFault(303, `USER_MIGRATE_${HOME_DC}`);
    return handler(request, { ...call, user });
  }
}

/** Does the part of a fault that keeps the call from taking effect. */
async function before(action: RpcFaultAction): Promise<void> {
  if (action.kind === 'fail') throw new RpcFault(action.code, action.message);
  if (action.kind === 'delay') await new Promise((resolve) => setTimeout(resolve, action.ms).unref());
  if (action.kind === 'hold') await action.released;
  if (action.kind === 'cut' && !action.takesEffect) throw new ConnectionCut();
}

function userOf(device: Device) {
  if (!device.user) throw new RpcFault(401, device.awaitingPassword ? 'SESSION_PASSWORD_NEEDED' : 'AUTH_KEY_UNREGISTERED');
  return device.user;
}

function handlers<Context>(...groups: Methods<Context>[]): Map<string, Handler<Context>> {
  return new Map(groups.flatMap((group) => Object.entries(group) as [string, Handler<Context>][]));
}

function outcomeOf(error: unknown): RpcOutcome {
  if (error instanceof RpcFault) return { kind: 'error', code: error.code, message: error.message };
  if (error instanceof ConnectionCut) return { kind: 'cut', takesEffect: error.answer !== undefined };
  return { kind: 'error', code: 500, message: 'SANDBOX_INTERNAL' };
}
