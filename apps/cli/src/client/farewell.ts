import { commandName } from '../command-name';

/** What Ctrl-C says: nothing is lost, and how to go on. */
export function farewell(id: string): string[] {
  const name = commandName();
  return [
    `detached: ${id} goes on`,
    `  watch it again:  ${name} watch ${id}`,
    `  cancel it:       ${name} executions cancel ${id}`,
  ];
}
