/** What the page knows, as the server has told it; whoever shows a part of it listens for that part. */
export class Store extends EventTarget {
  ownerId = '';
  people = new Map();
  chats = [];
  clips = [];
  messages = new Map();
  log = [];
  state = { daemon: 'starting', model: '', isBundledModel: false, isNetworkCut: false };
  openChatKey = '';
  unread = new Map();
  replyTo = undefined;

  /** Takes in one event of the server's stream (src/sandbox/demo/wire.ts). */
  take(event) {
    switch (event.type) {
      case 'scene':
        return this.#takeScene(event);
      case 'message':
        return this.#takeMessage(event.message);
      case 'edit':
        this.messages.set(event.message.key, event.message);
        return this.#tell('edit', event.message);
      case 'delete':
        for (const key of event.keys) this.messages.delete(key);
        return this.#tell('delete', event.keys);
      case 'typing':
        return this.#tell('typing', event);
      case 'log':
        this.log.push(event.line);
        return this.#tell('log', event.line);
      case 'state':
        this.state = event.state;
        return this.#tell('state');
    }
  }

  connectionLost() {
    this.state = { ...this.state, daemon: 'lost' };
    this.#tell('state');
  }

  open(chatKey) {
    this.openChatKey = chatKey;
    this.replyTo = undefined;
    this.unread.delete(chatKey);
    this.#tell('chat');
  }

  answer(message) {
    this.replyTo = message;
    this.#tell('reply');
  }

  get chat() {
    return this.chats.find(({ key }) => key === this.openChatKey);
  }

  messagesOf(chatKey) {
    return [...this.messages.values()].filter((message) => message.chatKey === chatKey);
  }

  person(id) {
    return this.people.get(id)?.name ?? '';
  }

  #takeScene({ ownerId, people, chats, clips, messages, log, state }) {
    this.ownerId = ownerId;
    this.people = new Map(people.map((person, tint) => [person.id, { ...person, tint }]));
    Object.assign(this, { chats, clips, log, state });
    this.messages = new Map(messages.map((message) => [message.key, message]));
    if (!this.chat) this.openChatKey = chats[0].key;
    this.unread.clear();
    this.#tell('scene');
  }

  #takeMessage(message) {
    this.messages.set(message.key, message);
    if (message.chatKey !== this.openChatKey && !message.own) {
      this.unread.set(message.chatKey, (this.unread.get(message.chatKey) ?? 0) + 1);
    }
    this.#tell('message', message);
  }

  #tell(what, detail) {
    this.dispatchEvent(new CustomEvent(what, { detail }));
  }
}
