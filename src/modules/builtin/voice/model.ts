import type { ModelAnswer } from '../../../speech/model-answer.js';
import { notHere } from '../../../speech/switch-model.js';
import { CommandRefusal, type ModuleLanguage, type ModuleMessage } from '../../contract/index.js';
import { readValue } from '../../values/read-value.js';
import { saidBack } from './arguments.js';
import { targetOf, type Target } from './scope.js';
import { isWord, texts, type VoiceTexts } from './texts.js';
import type { ModelsPort, VoicePorts } from './voice-ports.js';
import type { VoiceContext } from './voice-settings.js';

export interface ModelRequest {
  message: ModuleMessage;
  who: string | undefined;
  name: string | undefined;
  /** What follows the name. */
  where: string | undefined;
  language: ModuleLanguage;
}

/** `.model`: shows or switches the speech model of all; shows, chooses and resets that of a chat or a person. */
export async function model(request: ModelRequest, ctx: VoiceContext, ports: VoicePorts, signal: AbortSignal): Promise<string> {
  const all = texts.of(request.language);
  const { name, isHere, who, typed } = meant(request, all.model, ctx);
  const target = await targetOf(who, request.message, { ctx, texts: all }, signal);
  const choosing = { account: ctx.accountId, prefix: ctx.prefix, target, ports, all };
  if (name === undefined) return shown(choosing);
  const isForAll = target.scope.of === 'account' || (target.person === undefined && !isHere);
  if (isWord(name, 'reset')) return isForAll ? refuse(all.model.resetWhose(ctx.prefix)) : reset(choosing);
  if (isForAll) return switched(name, choosing, signal);
  const place = isHere ? (nearest: string) => `${nearest} ${all.words.here}` : (nearest: string) => [typed, nearest].filter(Boolean).join(' ');
  return chosen(name, place, choosing);
}

interface Choosing {
  account: string;
  prefix: string;
  target: Target;
  ports: VoicePorts;
  all: VoiceTexts;
}

interface Meant {
  name: string | undefined;
  isHere: boolean;
  who: string | undefined;
  /** `who` where that is none who is answered. */
  typed: string | undefined;
}

/** The name stands before or behind `here`, or somebody. @throws CommandRefusal where there is more */
function meant({ message, who, name, where, language }: ModelRequest, { usage }: VoiceTexts['model'], { prefix }: VoiceContext): Meant {
  const words = [name, where].filter((word) => word !== undefined);
  const [first, second] = words.filter((word) => !isWord(word, 'here'));
  const behind = second === undefined ? undefined : readValue({ kind: 'peer' }, second, language);
  if (behind?.ok === false) throw new CommandRefusal(usage(prefix));
  const before = message.replyToMessageId === undefined ? who : undefined;
  const places = [before, behind?.value, ...words.filter((word) => isWord(word, 'here'))].filter((place) => place !== undefined);
  if (places.length > 1) throw new CommandRefusal(usage(prefix));
  const typed = behind?.value ?? before;
  const isHere = words.some((word) => isWord(word, 'here'));
  return { name: first?.toLowerCase(), isHere, who: isHere ? undefined : (typed ?? who), typed };
}

async function shown(choosing: Choosing): Promise<string> {
  const { ports, all } = choosing;
  const present = await ports.models.present();
  const { isChosen, line } = await inForce(choosing, present);
  return [all.model.current(ports.models.current()), ...(isChosen ? [line] : []), all.model.present(present.join(', '))].join('\n');
}

async function inForce({ account, target, ports, all }: Choosing, present: readonly string[]): Promise<{ isChosen: boolean; line: string }> {
  const { choice, because } = await ports.modelChoices.inForce(account, target.scopes);
  const isChosen = because !== 'setting';
  // It may have been deleted since, or have come in a backup of another machine.
  const isGone = isChosen && !present.includes(choice);
  const why = [all.model.because[because], ...(isGone ? [all.model.gone] : [])].join('; ');
  return { isChosen, line: target.person === undefined ? all.model.here(choice, why) : all.model.person(target.person.name, choice, why) };
}

async function switched(name: string, { prefix, ports: { models }, all }: Choosing, signal: AbortSignal): Promise<string> {
  const answer = await models.use(name, signal);
  if (answer.outcome === 'switched') return all.model.switched(answer.model);
  if (answer.outcome === 'in-use') return all.model.current(answer.model);
  return refuse(refusal(answer, await models.present(), { all: all.model, prefix }));
}

/** @param place puts a name where it is to be typed for this chat or person */
async function chosen(name: string, place: (nearest: string) => string, choosing: Choosing): Promise<string> {
  const { account, prefix, target, ports, all } = choosing;
  const present = await ports.models.present();
  const wrong = cannotBeUsed(name, present, ports.models);
  if (wrong !== undefined) {
    const meant = wrong.outcome === 'unknown' && wrong.nearest !== undefined ? { ...wrong, nearest: place(wrong.nearest) } : wrong;
    return refuse(refusal(meant, present, { all: all.model, prefix }));
  }
  if (ports.models.onlyOne === true) refuse(all.model.onlyOne(prefix, name));
  await ports.modelChoices.choose(account, target.scope, name);
  const isAnother = name !== ports.models.current();
  const { line } = await inForce(choosing, present);
  return [all.lang.set, line, ...(isAnother ? [all.model.costs] : [])].join('\n');
}

function cannotBeUsed(name: string, present: string[], models: ModelsPort): Refused | undefined {
  if (!present.includes(name)) return notHere(name, present);
  // The models of this machine are not what voices are heard by.
  return present.includes(models.current()) ? undefined : { outcome: 'failed', model: name, kept: models.current(), reason: 'engine' };
}

async function reset(choosing: Choosing): Promise<string> {
  const { account, target, ports, all } = choosing;
  const done = (await ports.modelChoices.reset(account, target.scope)) ? all.lang.reset : all.lang.nothingToReset;
  const { line } = await inForce(choosing, await ports.models.present());
  return `${done}\n${line}`;
}

type Refused = Exclude<ModelAnswer, { outcome: 'switched' | 'in-use' }>;

function refusal(answer: Refused, present: string[], { all, prefix }: { all: VoiceTexts['model']; prefix: string }): string {
  switch (answer.outcome) {
    case 'unknown':
      return all.unknown(saidBack(answer.model), answer.nearest, present.join(', '), prefix);
    case 'absent':
      return all.absent(answer.model, present.join(', '));
    case 'failed':
      return all.failed(answer.model, answer.kept, all.failures[answer.reason]);
  }
}

function refuse(why: string): never {
  throw new CommandRefusal(why);
}
