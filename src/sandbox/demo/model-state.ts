import { BUNDLED_MODEL } from '../../setup/model-catalogue.mjs';
import type { PageState } from './wire.js';

/** What the page is told of the model in use. */
export function modelState(model: string): Pick<PageState, 'model' | 'isBundledModel'> {
  return { model, isBundledModel: model === BUNDLED_MODEL.name };
}
