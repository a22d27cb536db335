/** How a message was found: as it came, or afterwards, in what Telegram tells of the time without a connection. */
export type Origin = 'live' | 'recovered';
