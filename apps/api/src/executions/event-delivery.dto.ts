import { isId, type JsonValue } from '@longhaul/kernel';
import { FormField, JsonField, TextField } from '../validation/fields';

export class SendEventRequest {
  @TextField({ description: 'As the executions wait for it.', max: 200, required: true, example: 'order.paid' })
  name: string;

  @JsonField({ description: 'What they get; null when absent.', required: false, example: { order: 4711 } })
  data?: JsonValue;

  @FormField({
    description: 'Only for this execution; for all of yours that wait for it when absent.',
    form: 'an id such as exec_01J…',
    test: (text) => isId('exec', text),
  })
  execution_id?: string;
}
