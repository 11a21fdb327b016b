/**
 * Waits until `condition` answers without throwing and with something other than `false`, and gives that back. Fails
 * at `timeoutMs` with the last reason. Tests wait for what they claim, never for a length of time.
 */
export async function eventually<T>(
  condition: () => T | false | Promise<T | false>,
  { timeoutMs = 30_000, intervalMs = 20 }: { timeoutMs?: number; intervalMs?: number } = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    let reason: unknown = new Error('the condition stayed false');
    try {
      const value = await condition();
      if (value !== false) return value;
    } catch (error) {
      reason = error;
    }
    if (performance.now() > deadline) {
      const message = reason instanceof Error ? reason.message : String(reason);
      throw new Error(`not within ${timeoutMs} ms: ${message}`, { cause: reason });
    }
    await new Promise((resolve) => setTimeout(resolve, intervalMs));
  }
}
