import { Injectable, type PipeTransform } from '@nestjs/common';
import { isId, LonghaulError } from '@longhaul/kernel';

/** What cannot be an approval's id is answered without asking the database. */
@Injectable()
export class ApprovalIdPipe implements PipeTransform<string, string> {
  transform(id: string): string {
    if (isId('appr', id)) return id;
    throw new LonghaulError('not_found', 'no such approval: ids look like appr_01J…; see GET /v1/approvals');
  }
}
