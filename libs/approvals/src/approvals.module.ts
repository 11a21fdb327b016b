import { Global, Module } from '@nestjs/common';
import { ApprovalsReader } from './approvals.reader';
import { ApprovalsService } from './approvals.service';

/** What people must decide: `ApprovalsService`, in any module. Stands on the database and the executions. */
@Global()
@Module({ providers: [ApprovalsReader, ApprovalsService], exports: [ApprovalsService] })
export class ApprovalsModule {}
