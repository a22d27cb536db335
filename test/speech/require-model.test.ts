import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SetupError } from '../../src/errors.js';
import { requireModel } from '../../src/speech/require-model.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** What a person is told to do about a model that is not on this machine. */
async function remedyFor(name: string): Promise<string> {
  const refusal = await requireModel(join(await temporaryFolder(), `ggml-${name}.bin`)).catch((error: unknown) => error);
  return refusal instanceof SetupError ? refusal.remedy : String(refusal);
}

test('a model that the catalogue has is to be pulled; a name that it does not have is mistyped, and is not to be pulled', async () => {
  expect(await remedyFor('small-q5_1')).toBe('The model is not here yet: npm run model -- pull small-q5_1');
  expect(await remedyFor('smal')).toBe('There is no model named smal; did you mean small? All there are: npm run model -- list');
  expect(await remedyFor('something-else')).toBe('There is no model named something-else. All there are: npm run model -- list');
});
