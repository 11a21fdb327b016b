/** Why one file of a workspace cannot be used: thrown while it is read, an `Issue` with file and line for everybody else. */
export class WorkspaceFileError extends Error {
  constructor(
    readonly line: number,
    message: string,
    readonly hint: string,
  ) {
    super(message);
  }
}
