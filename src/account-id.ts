/** Until accounts have an issue of their own there is one. */
export const ACCOUNT_ID = 'main';
