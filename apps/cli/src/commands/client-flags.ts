import { Command, InvalidArgumentError } from 'commander';

/** A command that talks to a gateway. */
export function clientCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('--url <url>', 'the gateway (LONGHAUL_URL; http://127.0.0.1:8000)')
    .option('--json', 'JSON on stdout, and nothing else there');
}

/** For what tries a failed execution anew. */
export function changeFlags(command: Command): Command {
  return command
    .option('--input <json>', 'instead of its input: JSON, @file, or - for stdin')
    .option('--message <text>', 'of a chat, instead of its message; - reads stdin')
    .option('--context <json>', 'of a chat, instead of its context: a JSON object, @file, or -');
}

export function seconds(text: string): number {
  return number(text, 0, 'seconds');
}

export function count(text: string): number {
  const value = number(text, 0, 'a whole number from 0');
  if (Number.isInteger(value)) return value;
  throw new InvalidArgumentError('expected a whole number from 0.');
}

function number(text: string, min: number, what: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= min && Number.isFinite(value)) return value;
  throw new InvalidArgumentError(`expected ${what}.`);
}

/** For a flag that may be given several times. */
export function several(text: string, before: string[] = []): string[] {
  return [...before, text];
}
