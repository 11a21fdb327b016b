/** The queue of the first glob that matches; only `*` (any run of characters) is special. `default` when none does. */
export function routedQueue(id: string, routes: Readonly<Record<string, string>>): string {
  const route = Object.entries(routes).find(([glob]) => matches(glob, id));
  return route?.[1] ?? 'default';
}

function matches(glob: string, id: string): boolean {
  const pattern = glob.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${pattern.join('.*')}$`).test(id);
}
