/**
 * Why a download ended without a file: `unreachable` (network), `busy` (the server goes on saying that it cannot serve now),
 * `refused` (an answer that trying again does not change), `not-a-model` (a web page, a pointer file), `altered` (wrong
 * checksum, twice), `disk-full`, `unwritable` (the folder takes no file), `bad-proxy` (its link is not understood).
 *
 * @typedef {'unreachable' | 'busy' | 'refused' | 'not-a-model' | 'altered' | 'disk-full' | 'unwritable' | 'bad-proxy'} DownloadFailure
 */

export class DownloadError extends Error {
  /**
   * @param {DownloadFailure} reason
   * @param {string} detail a few technical words: a status, an error code; nothing secret
   * @param {ErrorOptions} [options]
   */
  constructor(reason, detail, options) {
    super(`${reason}: ${detail}`, options);
    this.name = 'DownloadError';
    this.reason = reason;
    this.detail = detail;
  }
}
