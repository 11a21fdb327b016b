import { Injectable, type PipeTransform } from '@nestjs/common';
import { isId, LonghaulError } from '@longhaul/kernel';

/** What cannot be an execution's id is answered without asking the database. */
@Injectable()
export class ExecutionIdPipe implements PipeTransform<string, string> {
  transform(id: string): string {
    if (isId('exec', id)) return id;
    throw new LonghaulError('not_found', 'no such execution: ids look like exec_01J… and come from a submission');
  }
}
