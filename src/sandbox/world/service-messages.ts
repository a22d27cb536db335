import type { MethodDeps } from './call.js';
import { SERVICE_USER_ID } from './model.js';
import type { WorldUser } from './model.js';

type Deps = Pick<MethodDeps, 'world' | 'messenger'>;

/** The login code, as Telegram's service account writes it to the account's other devices. */
export function sendLoginCode(deps: Deps, user: WorldUser, code: string): void {
  const label = 'Login code:';
  write(deps, user, `${label} ${code}. Do not give this code to anyone, even if they say they are from Telegram!`, label);
}

/** What the service account says after a sign-in on a new device. */
export function announceLogin(deps: Deps, user: WorldUser): void {
  const label = 'New login.';
  write(deps, user, `${label} Dear ${user.firstName}, we detected a login into your account from a new device.`, label);
}

function write({ world, messenger }: Deps, user: WorldUser, text: string, boldStart: string): void {
  messenger.send({
    chat: world.privateChat(SERVICE_USER_ID, user.id),
    from: world.user(SERVICE_USER_ID),
    text,
    entities: [{ type: 'bold', offset: 0, length: boldStart.length }],
  });
}
