/** Where those go who have no session: Telegram's data centre 2, which tells them where they belong. */
export const FIRST_DATA_CENTRE = { id: 2, ip: '149.154.167.50' };
