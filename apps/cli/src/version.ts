/** Here as well as in libs/gateway, so that `--version` loads no gateway (a test compares both with package.json). */
export const VERSION = '0.1.0';
