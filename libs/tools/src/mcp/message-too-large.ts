/** Of one message of a server, in bytes: whoever sends more is cut off. */
export const MAX_MESSAGE_BYTES = 8 * 1024 * 1024;

/** A server sent more in one message than is read. The connection ends with it: what follows cannot be understood. */
export class MessageTooLarge extends Error {
  constructor() {
    super(`sent a message of more than ${MAX_MESSAGE_BYTES / 1024 / 1024} MB`);
  }
}
