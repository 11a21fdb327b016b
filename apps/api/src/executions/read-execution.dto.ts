import { ChoiceField, NumberParameter, TextField } from '../validation/fields';

export class GetExecutionQuery {
  @NumberParameter({
    description: 'Seconds to wait for the end; never more than server.sync_wait_s.',
    min: 0,
    max: 3_600,
    example: 25,
  })
  wait?: string;
}

export class StepsQuery {
  @ChoiceField({
    description: '`result`: also what each step has recorded, 5 MB at most; a page has 100 of them, or 8 MB, at most.',
    choices: ['result'],
  })
  include?: string;

  @TextField({ description: '`next_cursor` of the page before.', max: 256 })
  cursor?: string;

  @NumberParameter({ description: 'Steps of one page; 1000 when absent.', min: 1, max: 1_000, integer: true })
  limit?: string;
}

export class DiffQuery {
  @ChoiceField({
    description: '`result`: also what the steps have recorded, the first 8 MB in all; the steps of each have the rest.',
    choices: ['result'],
  })
  include?: string;
}

export class EventsQuery {
  @NumberParameter({
    description: 'Only events with a greater seq. The header Last-Event-ID comes first.',
    min: -1,
    max: 2_147_483_647,
    integer: true,
  })
  after?: string;

  @ChoiceField({ description: '`false`: only what is stored by now.', choices: ['true', 'false'] })
  follow?: string;

  @NumberParameter({
    description: 'JSON only: events of one page; 100 when absent.',
    min: 1,
    max: 1_000,
    integer: true,
  })
  limit?: string;
}
