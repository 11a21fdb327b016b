import { Column, Entity, PrimaryColumn } from 'typeorm';
import { column } from './columns';

/** What was taken of one thing of which there is only so much in a time, as far as it still counts. */
@Entity('rate_limits')
export class RateLimitRow {
  @PrimaryColumn({ ...column.text('name', 200), primaryKeyConstraintName: 'pk_rate_limits' } as object)
  name: string;

  @Column(column.prose('marks'))
  marks: string;

  @Column(column.moment('asked_at'))
  askedAt: number;
}
