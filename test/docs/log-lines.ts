import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { lifecycle } from '../../src/i18n/en/lifecycle.js';
import { projectRoot } from '../../src/setup/paths.mjs';

/** A line that the daemon may write to its log: what is put into it at run time is `…`. */
export interface LogLine {
  /** The file, or the key of the text. */
  from: string;
  text: string;
}

/** What a person sees only on purpose: the demo, measurements, what is printed on a terminal. */
const NOT_THE_DAEMON = /^(sandbox|setup)\/|^cli\/(bench|chaos|demo|soak)/;
const LEVELS = new Set(['warn', 'error', 'fatal']);

/** Every text of the life-cycle, in English. */
export function lifecycleLines(): LogLine[] {
  return Object.entries(lifecycle).map(([key, text]) => ({ from: `lifecycle.${key}`, text: sample(text) }));
}

/** Every line that the sources write as a warning or worse, but for texts of the life-cycle. */
export function alarmingLines(): LogLine[] {
  const folder = join(projectRoot, 'src');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts') && !NOT_THE_DAEMON.test(file));
  return files.sort().flatMap((file) => linesOf(file, readFileSync(join(folder, file), 'utf8')));
}

/** A text with `…` for what it takes, however much of it there is. */
function sample(text: string | ((...blanks: never[]) => string)): string {
  return typeof text === 'string' ? text : (text as (...blanks: string[]) => string)('…', '…', '…', '…');
}

function linesOf(file: string, source: string): LogLine[] {
  const lines: LogLine[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && isAlarm(node.expression)) {
      const message = node.arguments.at(-1);
      if (message !== undefined) lines.push(...textsOf(message).map((text) => ({ from: `src/${file}`, text })));
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true));
  return lines.filter(({ text }) => text !== 'lifecycle');
}

/** `log.warn`, `this.#options.log.error`, `jobLog.fatal` … */
function isAlarm(callee: ts.Expression): boolean {
  return ts.isPropertyAccessExpression(callee) && LEVELS.has(callee.name.text) && /log$/i.test(callee.expression.getText());
}

/** What an expression may say. What cannot be known from the source is its own source, in braces. */
function textsOf(message: ts.Expression): string[] {
  if (ts.isParenthesizedExpression(message)) return textsOf(message.expression);
  if (ts.isConditionalExpression(message)) return [...textsOf(message.whenTrue), ...textsOf(message.whenFalse)];
  if (ts.isStringLiteralLike(message)) return [message.text];
  if (ts.isTemplateExpression(message)) {
    return [message.head.text + message.templateSpans.map(({ literal }) => `…${literal.text}`).join('')];
  }
  if (ts.isBinaryExpression(message) && message.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    return textsOf(message.left).flatMap((left) => textsOf(message.right).map((right) => left + right));
  }
  const source = message.getText();
  return /\btexts\./.test(source) ? ['lifecycle'] : [`{${source}}`];
}
