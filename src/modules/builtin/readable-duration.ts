export { readableDuration } from '../readable-duration.js';
