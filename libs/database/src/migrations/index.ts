import { CreateExecutions1700000000001 } from './1700000000001-create-executions';
import { AddRunUsage1700000000002 } from './1700000000002-add-run-usage';
import { CreateConversations1700000000003 } from './1700000000003-create-conversations';
import { CreateRemoteAnswers1700000000004 } from './1700000000004-create-remote-answers';
import { CreateSteps1700000000005 } from './1700000000005-create-steps';
import { AddDeadlines1700000000006 } from './1700000000006-add-deadlines';
import { CreateDeadLetters1700000000007 } from './1700000000007-create-dead-letters';
import { AddWorkerDetails1700000000008 } from './1700000000008-add-worker-details';
import { AddLiveIndex1700000000010 } from './1700000000010-add-live-index';
import { CreateStreamTickets1700000000011 } from './1700000000011-create-stream-tickets';
import { CreateDeliveries1700000000012 } from './1700000000012-create-deliveries';
import { CreateWaits1700000000013 } from './1700000000013-create-waits';
import { CreateToolLimits1700000000014 } from './1700000000014-create-tool-limits';
import { AddApprovalsIndex1700000000015 } from './1700000000015-add-approvals-index';
import { AddForks1700000000016 } from './1700000000016-add-forks';
import { AddDetached1700000000017 } from './1700000000017-add-detached';
import { GeneraliseRateLimits1700000000018 } from './1700000000018-generalise-rate-limits';
import { CreateStepValues1700000000019 } from './1700000000019-create-step-values';
import { AddStepSeq1700000000020 } from './1700000000020-add-step-seq';

/** In order. A migration that has been released is never edited. */
export const MIGRATIONS = [
  CreateExecutions1700000000001,
  AddRunUsage1700000000002,
  CreateConversations1700000000003,
  CreateRemoteAnswers1700000000004,
  CreateSteps1700000000005,
  AddDeadlines1700000000006,
  CreateDeadLetters1700000000007,
  AddWorkerDetails1700000000008,
  AddLiveIndex1700000000010,
  CreateStreamTickets1700000000011,
  CreateDeliveries1700000000012,
  CreateWaits1700000000013,
  CreateToolLimits1700000000014,
  AddApprovalsIndex1700000000015,
  AddForks1700000000016,
  AddDetached1700000000017,
  GeneraliseRateLimits1700000000018,
  CreateStepValues1700000000019,
  AddStepSeq1700000000020,
];
