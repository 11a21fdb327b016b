/** The server was gone before the message: it was not sent, and nothing was carried out. */
export class NotSent extends Error {}
