/** What an examination found of one thing: for `longhaul doctor`, and for people. */
export interface Finding {
  /** What was looked at: `database`, `database.clock`, `redis.persistence`. */
  subject: string;
  /** `warning`: it works, and something would not survive something. `problem`: a gateway would not start, or fail. */
  level: 'ok' | 'warning' | 'problem';
  message: string;
  mend?: string;
}
