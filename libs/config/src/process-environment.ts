/** The environment of this process, for who embeds the gateway and does not hand it one. Read here, at the edge. */
export function processEnvironment(): NodeJS.ProcessEnv {
  return process.env;
}
