import { ChoiceField } from '../validation/fields';

export class CallbackSecretQuery {
  @ChoiceField({ description: "Whose, when not the caller's own; wants `admin`.", choices: ['operator'] })
  for?: 'operator';
}
