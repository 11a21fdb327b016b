import { Injectable, type PipeTransform } from '@nestjs/common';
import { isId, LonghaulError } from '@longhaul/kernel';

/** What cannot be an endpoint's id is answered without asking the database. */
@Injectable()
export class EndpointIdPipe implements PipeTransform<string, string> {
  transform(id: string): string {
    if (isId('whe', id)) return id;
    throw new LonghaulError(
      'not_found',
      'no such webhook endpoint: ids look like whe_01J…; see GET /v1/webhook-endpoints',
    );
  }
}
