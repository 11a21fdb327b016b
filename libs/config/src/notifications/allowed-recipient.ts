/** Whether a request may name this recipient: `allowed` is `notifications.allowed_recipients`, in which `*` is anything. */
export function isAllowedRecipient(to: string, allowed: readonly string[]): boolean {
  return allowed.some((glob) => {
    const pattern = glob.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
    return new RegExp(`^${pattern.join('.*')}$`, 'is').test(to);
  });
}
