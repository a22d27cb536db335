import type { Texts } from '../../i18n/texts.js';
import type { Sandbox } from '../sandbox.js';
import type { SandboxUser } from '../control/views.js';
import type { PageChat, PagePerson } from './wire.js';

/** Who is there when the curtain goes up: the owner, one friend who is to be tracked, one who is not, and a group. */
export interface Scene {
  owner: SandboxUser;
  anna: SandboxUser;
  people: PagePerson[];
  chats: PageChat[];
  /** Where the owner's `.track` goes. */
  annaChatKey: string;
  groupKey: string;
}

export function makeScene(sandbox: Sandbox, texts: Texts['demo']['scene']): Scene {
  const owner = sandbox.addUser({ firstName: texts.owner, phone: '+1 555 0100' });
  const anna = sandbox.addUser({ firstName: texts.anna, username: 'anna_demo', phone: '+1 555 0101' });
  const boris = sandbox.addUser({ firstName: texts.boris, username: 'boris_demo', phone: '+1 555 0102' });
  sandbox.makeContacts(owner, anna);
  sandbox.makeContacts(owner, boris);
  const annaChat = sandbox.privateChat(owner, anna);
  const borisChat = sandbox.privateChat(owner, boris);
  const group = sandbox.addSupergroup({ title: texts.group, members: [anna, boris, owner] });
  const saved = sandbox.privateChat(owner, owner);
  sandbox.send.text({ from: anna, to: annaChat, text: texts.annaSays });
  sandbox.send.text({ from: boris, to: borisChat, text: texts.borisSays });
  sandbox.send.text({ from: boris, to: group, text: texts.groupSays });
  return {
    owner,
    anna,
    people: [owner, anna, boris].map(({ id, firstName }) => ({ id, name: firstName })),
    chats: [
      { key: annaChat.key, kind: 'tracked', title: texts.anna, speakerIds: [anna.id] },
      { key: borisChat.key, kind: 'untracked', title: texts.boris, speakerIds: [boris.id] },
      { key: group.key, kind: 'group', title: texts.group, speakerIds: [anna.id, boris.id] },
      { key: saved.key, kind: 'saved', title: texts.saved, speakerIds: [] },
    ],
    annaChatKey: annaChat.key,
    groupKey: group.key,
  };
}
