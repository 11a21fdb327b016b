import { Injectable, type PipeTransform } from '@nestjs/common';
import { isId, LonghaulError } from '@longhaul/kernel';

/** What cannot be a delivery's id is answered without asking the database. */
@Injectable()
export class DeliveryIdPipe implements PipeTransform<string, string> {
  transform(id: string): string {
    if (isId('dlv', id)) return id;
    throw new LonghaulError('not_found', 'no such delivery: ids look like dlv_01J…; see GET /v1/deliveries');
  }
}
