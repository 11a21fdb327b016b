import { Injectable, type PipeTransform } from '@nestjs/common';
import { isId, LonghaulError } from '@longhaul/kernel';

/** What cannot be a worker's id is answered without asking the database. */
@Injectable()
export class WorkerIdPipe implements PipeTransform<string, string> {
  transform(id: string): string {
    if (isId('wrk', id)) return id;
    throw new LonghaulError('not_found', 'no such worker: ids look like wrk_01J… and come from GET /v1/workers');
  }
}
