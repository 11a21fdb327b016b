/** Fixed: scripts branch on them. docs/cli.md tells them to users. */
export const EXIT = {
  ok: 0,
  /** The execution failed or was cancelled; the gateway is not ready; whatever has no code of its own. */
  failed: 1,
  /** What the command was told is wrong: a flag, a file, the environment, the request, the key. */
  usage: 2,
  /** No gateway answers. */
  unreachable: 3,
  notFound: 4,
  /** --wait-timeout came first; the execution goes on. */
  timeout: 5,
  /** Ctrl-C; the execution goes on. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
