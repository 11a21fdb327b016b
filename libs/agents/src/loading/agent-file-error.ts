/** Why one AGENT.md does not load: thrown inside this folder, an `Issue` with file and line outside of it. */
export class AgentFileError extends Error {
  constructor(
    readonly line: number,
    message: string,
    readonly hint: string,
  ) {
    super(message);
  }
}
