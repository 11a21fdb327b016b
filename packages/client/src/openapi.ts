// Generated from openapi.json by `npm run client`.
export interface paths {
    "/v1/agents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The catalogue */
        get: operations["listAgents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agents/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One agent */
        get: operations["getAgent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tools": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What agents can be given to use */
        get: operations["listTools"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agents/{id}/chat": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask an agent; multi-turn with conversation_id */
        post: operations["chat"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agents/{id}/invoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Call an agent with an input that fits its schema; single-turn */
        post: operations["invoke"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/executions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Executions, newest first */
        get: operations["listExecutions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/executions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The record; waits for the end when asked to */
        get: operations["getExecution"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/executions/{id}/tree": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** It and all executions below it, each with its `parent_id` */
        get: operations["getTree"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/executions/{id}/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The attempts, with their errors and workers */
        get: operations["listRuns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/executions/{id}/steps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The step journal: what is recorded, and is not done again */
        get: operations["listSteps"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/executions/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask for it to be cancelled; idempotent, also on a terminal one */
        post: operations["cancelExecution"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/executions/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The event log
         * @description Server-sent events, live, until the terminal one; `id` is seq. A client that lost its connection comes back to any replica with the last id and misses nothing; an EventSource does so by itself. Or a list, for `Accept: application/json`, whose next_cursor is the next `after`.
         */
        get: operations["listEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/executions/{id}/diff/{other}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Two executions beside each other: their steps by key, what they cost, and how they ended
         * @description Of any two; a fork and what it was forked from share the steps before it. As they are now.
         */
        get: operations["diffExecutions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/executions/{id}/fork": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Do one that is over again from a step on, with something changed, as a new execution
         * @description The new one has `forked_from`; the other one never changes. What was recorded before `from_step` is shared: not done again, not paid again. What a person had to decide is asked anew. A fork is no turn of a conversation: it knows what was said before, and adds nothing. Never waits for the end.
         */
        post: operations["forkExecution"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/executions/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try a failed one anew, as a new execution; with another input where that is given
         * @description The new one has `retry_of`; the failed one never changes. Asked again, it answers the same execution, unless that one was cancelled (there will be another) or failed (that one is tried anew). With `from_step` it begins with what was recorded of the steps that were begun before that one; that step, and all after it, run anew. Never waits for the end.
         */
        post: operations["retryExecution"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/approvals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What people are, or were, asked to decide; newest first */
        get: operations["listApprovals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/approvals/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One of them, with the exact arguments */
        get: operations["getApproval"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/approvals/{id}/decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Approve it, as it is or with other arguments, or reject it
         * @description Once: of several who decide at the same time one comes first, and the others are told who did. Changed arguments that do not fit decide nothing. The execution goes on by itself.
         */
        post: operations["decideApproval"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tell the executions that wait for it that something has happened
         * @description It is for those that wait at this moment (`waitForEvent`); where none does, it is nobody's, and `delivered_to` is empty: it is not kept for those that begin to wait later.
         */
        post: operations["sendEvent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/executions/{id}/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** An HTTP agent answers, or reports progress; signed by its secret */
        post: operations["takeCallback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/conversations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Conversations, newest first */
        get: operations["listConversations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/conversations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One conversation */
        get: operations["getConversation"];
        put?: never;
        post?: never;
        /**
         * Delete it with its messages
         * @description Its executions stay. Refused while a turn of it is not over: cancel that one, or wait for it.
         */
        delete: operations["deleteConversation"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/conversations/{id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was said, oldest first
         * @description In the order of the turns. A turn that has not ended yet, or that failed, has no answer here.
         */
        get: operations["listMessages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Failed executions, the latest failure first
         * @description Those that nobody has looked after yet, unless `state` says otherwise.
         */
        get: operations["listDeadLetters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What is open, grouped by its cause; the latest failure first
         * @description The same agent, error code and message, ids and numbers in it aside, are the same `fingerprint`.
         */
        get: operations["listDeadLetterGroups"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One, with the input of its execution, its last error and its runs */
        get: operations["getDeadLetter"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters/redrive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try them anew, each as a new execution; spread over time
         * @description One that was redriven before answers the execution of then. What is refused (its agent is gone or disabled, its input does not fit any more) is listed and stays open. Go on with `next_cursor` until it is null: what fails meanwhile does not belong to it.
         */
        post: operations["redriveDeadLetters"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters/discard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give them up; their executions stay failed
         * @description Go on with `next_cursor` until it is null. A discarded one can still be retried by its id.
         */
        post: operations["discardDeadLetters"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/stream-tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A ticket for one WebSocket
         * @description For a browser, whose WebSocket takes no headers: `new WebSocket(url + "/v1/stream?ticket=" + ticket)`. It is good for one connection, at any replica, and may do what your key may.
         */
        post: operations["createStreamTicket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhook-endpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Registered endpoints, newest first */
        get: operations["listEndpoints"];
        put?: never;
        /**
         * Register a URL to be called when executions end; its secret is shown this once
         * @description Calls are signed by Standard Webhooks, and tried again for three days. From this answer on no end is missed: the first one takes a second or two.
         */
        post: operations["createEndpoint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhook-endpoints/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One endpoint, and how it has been doing */
        get: operations["getEndpoint"];
        put?: never;
        post?: never;
        /** Remove it; what is still to be delivered to it fails */
        delete: operations["deleteEndpoint"];
        options?: never;
        head?: never;
        /** Change it, disable it, enable it again; what is absent stays */
        patch: operations["changeEndpoint"];
        trace?: never;
    };
    "/v1/webhook-endpoints/{id}/rotate-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give it a new secret, shown this once
         * @description For a day, or `overlap_s`, calls are signed with both.
         */
        post: operations["rotateSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhook-endpoints/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send it a `webhook.test`, to see that it arrives and verifies */
        post: operations["testEndpoint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/callback-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The secret that calls to a `callback_url` are signed with
         * @description The caller's own: nobody else's calls are signed with it. `for=operator`: of webhooks that gateway.yaml and AGENT.md name.
         */
        get: operations["getCallbackSecret"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What left, or is to leave, when something happened; newest first */
        get: operations["listDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deliveries/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One delivery with each of its tries */
        get: operations["getDelivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deliveries/{id}/redeliver": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send it again, under the same id
         * @description Also one that has arrived. One that waits for its next try is tried now. What goes to a target that the operator named wants `admin`.
         */
        post: operations["redeliver"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deliveries/redeliver": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send several again: by their ids, those that fit a filter, or all that failed
         * @description Oldest first, each under its id; what only an `admin` may is left out. Go on with `next_cursor` until it is null.
         */
        post: operations["redeliverMany"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A WebSocket that follows many executions
         * @description The events of many executions, or of all turns of a conversation, on one connection, with the same cursors as the event streams. Who sends neither Authorization nor a ticket sends a key or a ticket in the first message: `{"type":"auth","key":"…"}`. Then `{"type":"subscribe","execution_id":"…","after":12}`. docs/websocket.md has all messages.
         */
        get: operations["openStream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The workers, living ones first
         * @description Each incarnation of a process that runs executions, newest first: those that live, and those that ended within the last hour. `executions` has the twenty that have run longest.
         */
        get: operations["listWorkers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workers/{id}/drain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a worker stop
         * @description It takes nothing more, lets what it runs go on for `queue.drain_timeout_s`, gives the rest back at no cost to its attempts, and ends. A `serve --worker-only` process exits with 0; one that also serves the API goes on without a worker until it is restarted. May be asked twice, also of one that has ended.
         */
        post: operations["drainWorker"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process answers */
        get: operations["getLive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether requests should be sent here, with each dependency and its state */
        get: operations["getReady"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Metrics in Prometheus' text format; scope admin unless server.metrics.public */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        ChatRequest: {
            /** @description The conversation that this belongs to; a new one when absent. A chat is a turn of it and waits for the turns before it; an invoke only carries it. */
            conversation_id?: string;
            /** @description Comes back with the record, untouched. */
            metadata?: {
                [key: string]: unknown;
            };
            /** @description To find executions by. */
            tags?: string[];
            /**
             * @description Over the agent's own.
             * @enum {string}
             */
            priority?: "high" | "default" | "low";
            /** @description Seconds before it becomes due. */
            delay_s?: number;
            /** @description Hard limit of each run in seconds. */
            timeout_s?: number;
            /** @description Attempts after the first one. */
            max_retries?: number;
            /** @description Called when it has ended, signed by Standard Webhooks with the secret of GET /v1/callback-secret; tried again for three days. */
            callback_url?: string;
            /**
             * @description What that call says. `thin` when absent: what has ended, and where to read the rest; `whole`: the record.
             * @enum {string}
             */
            callback_body?: "thin" | "whole";
            /** @description Who is told when it has ended, besides those whom the agent and the gateway name: a channel (`slack`, `telegram`, `email`, `pagerduty`), or `{ channel, to, template }`, or a list. `to` as far as the gateway allows it. */
            notify?: unknown;
            /** @description What the agent is asked. */
            message: string;
            /** @description Facts that the agent gets besides the message. */
            context?: {
                [key: string]: unknown;
            };
        };
        InvokeRequest: {
            /** @description The conversation that this belongs to; a new one when absent. A chat is a turn of it and waits for the turns before it; an invoke only carries it. */
            conversation_id?: string;
            /** @description Comes back with the record, untouched. */
            metadata?: {
                [key: string]: unknown;
            };
            /** @description To find executions by. */
            tags?: string[];
            /**
             * @description Over the agent's own.
             * @enum {string}
             */
            priority?: "high" | "default" | "low";
            /** @description Seconds before it becomes due. */
            delay_s?: number;
            /** @description Hard limit of each run in seconds. */
            timeout_s?: number;
            /** @description Attempts after the first one. */
            max_retries?: number;
            /** @description Called when it has ended, signed by Standard Webhooks with the secret of GET /v1/callback-secret; tried again for three days. */
            callback_url?: string;
            /**
             * @description What that call says. `thin` when absent: what has ended, and where to read the rest; `whole`: the record.
             * @enum {string}
             */
            callback_body?: "thin" | "whole";
            /** @description Who is told when it has ended, besides those whom the agent and the gateway name: a channel (`slack`, `telegram`, `email`, `pagerduty`), or `{ channel, to, template }`, or a list. `to` as far as the gateway allows it. */
            notify?: unknown;
            /** @description Checked against the agent's `input_schema`. */
            input: unknown;
        };
        ForkExecutionRequest: {
            /** @description Of an invoke: checked against the agent's `input_schema`. */
            input?: unknown;
            /** @description Of a chat. */
            message?: string;
            /** @description Of a chat: facts that the agent gets besides the message. */
            context?: {
                [key: string]: unknown;
            };
            /** @description A key or id of its journal: that step, and all that was begun after it, is done anew; what was recorded before is shared. Absent: everything is done anew. */
            from_step?: string;
            /** @description What the agent's own instructions are to be, for what is done anew. Wants the scope `admin`. */
            prompt?: string;
            /** @description Instead of the agent's own model, for what is done anew. Wants the scope `admin`. */
            model?: string;
            /** @description By key: what shared steps are to have answered, JSON; of a call to a tool or to a model its text. Wants the scope `admin`. */
            step_results?: {
                [key: string]: unknown;
            };
        };
        RetryRequest: {
            /** @description Of an invoke: checked against the agent's `input_schema`. */
            input?: unknown;
            /** @description Of a chat. */
            message?: string;
            /** @description Of a chat: facts that the agent gets besides the message. */
            context?: {
                [key: string]: unknown;
            };
            /** @description A key of its journal: what was begun before is taken over. */
            from_step?: string;
        };
        DecisionRequest: {
            /**
             * @description Yes or no.
             * @enum {string}
             */
            decision: "approve" | "reject";
            /** @description With `approve`: these instead of those that were asked for. They must fit the `schema` of the approval. */
            arguments?: {
                [key: string]: unknown;
            };
            /** @description Why; the agent gets to read it. */
            feedback?: string;
        };
        SendEventRequest: {
            /** @description As the executions wait for it. */
            name: string;
            /** @description What they get; null when absent. */
            data?: unknown;
            /** @description Only for this execution; for all of yours that wait for it when absent. */
            execution_id?: string;
        };
        DeadLetterSelection: {
            /** @description The agent's id. */
            agent?: string;
            /** @description Of one group. */
            fingerprint?: string;
            /** @description The error's code. */
            reason?: string;
            /**
             * Format: date-time
             * @description Failed after this moment.
             */
            failed_after?: string;
            /**
             * Format: date-time
             * @description Failed before this moment.
             */
            failed_before?: string;
        };
        RedriveRequest: {
            /** @description The failed executions. */
            execution_ids?: string[];
            /** @description Those that are open and fit, oldest failure first. */
            filter?: components["schemas"]["DeadLetterSelection"];
            /**
             * @description All that are open, oldest failure first.
             * @enum {boolean}
             */
            all?: true;
            /** @description With `filter` or `all`: how many in this request; 1000 when absent. */
            max?: number;
            /** @description With `filter` or `all`: `next_cursor` of the answer before. */
            cursor?: string;
            /** @description How many of them begin in a second; 50 when absent. */
            per_s?: number;
            /** @description Seconds before the first of them begins. */
            delay_s?: number;
            /** @description With exactly one execution, an invoke: its input instead. */
            input?: unknown;
            /** @description With exactly one execution, a chat: its message instead. */
            message?: string;
            /** @description With exactly one execution, a chat: its context instead. */
            context?: {
                [key: string]: unknown;
            };
        };
        DiscardRequest: {
            /** @description The failed executions. */
            execution_ids?: string[];
            /** @description Those that are open and fit, oldest failure first. */
            filter?: components["schemas"]["DeadLetterSelection"];
            /**
             * @description All that are open, oldest failure first.
             * @enum {boolean}
             */
            all?: true;
            /** @description With `filter` or `all`: how many in this request; 1000 when absent. */
            max?: number;
            /** @description With `filter` or `all`: `next_cursor` of the answer before. */
            cursor?: string;
            /** @description Why nobody will try them anew. */
            reason: string;
        };
        CreateEndpointRequest: {
            /** @description What it is told of; all when absent, or with `*`. */
            events?: ("execution.completed" | "execution.failed" | "execution.cancelled" | "*")[];
            /** @description Only of these agents; of all when absent or empty. */
            agents?: string[];
            /** @description For people. */
            description?: string;
            /**
             * @description `thin` (when absent): what it is about, and where to read the rest. `whole`: the record.
             * @enum {string}
             */
            body?: "thin" | "whole";
            /**
             * @description `standard` when absent: `{type, timestamp, data}`. `cloudevents`: CloudEvents 1.0, structured.
             * @enum {string}
             */
            envelope?: "standard" | "cloudevents";
            /** @description Where to call. */
            url: string;
        };
        ChangeEndpointRequest: {
            /** @description What it is told of; all when absent, or with `*`. */
            events?: ("execution.completed" | "execution.failed" | "execution.cancelled" | "*")[];
            /** @description Only of these agents; of all when absent or empty. */
            agents?: string[];
            /** @description For people. */
            description?: string;
            /**
             * @description `thin` (when absent): what it is about, and where to read the rest. `whole`: the record.
             * @enum {string}
             */
            body?: "thin" | "whole";
            /**
             * @description `standard` when absent: `{type, timestamp, data}`. `cloudevents`: CloudEvents 1.0, structured.
             * @enum {string}
             */
            envelope?: "standard" | "cloudevents";
            /** @description Where to call from now on; also what is still to be delivered. */
            url?: string;
            /** @description `false`: nothing is sent to it. `true`: again, with its circuit closed. */
            enabled?: boolean;
        };
        RotateSecretRequest: {
            /** @description How long the old secret signs too; a day when absent. */
            overlap_s?: number;
        };
        DeliverySelection: {
            /** @description `webhook`, `slack`… */
            channel?: string;
            /** @description `execution.completed`… */
            event?: string;
            /** @description The agent's id. */
            agent?: string;
            /** @description Of one execution. */
            execution_id?: string;
            /** @description To one endpoint. */
            endpoint_id?: string;
            /**
             * Format: date-time
             * @description Ordered after this moment.
             */
            created_after?: string;
            /**
             * Format: date-time
             * @description Ordered before this moment.
             */
            created_before?: string;
            /**
             * @description Whatever became of them when absent.
             * @enum {string}
             */
            status?: "pending" | "delivered" | "failed";
        };
        RedeliverRequest: {
            /** @description These. */
            delivery_ids?: string[];
            /** @description Those that fit, oldest first; failed ones, unless `status` says otherwise. */
            filter?: components["schemas"]["DeliverySelection"];
            /**
             * @description All that failed, oldest first.
             * @enum {boolean}
             */
            all?: true;
            /** @description With `filter` or `all`: how many in this request; 1000 when absent. */
            max?: number;
            /** @description With `filter` or `all`: `next_cursor` of the answer before. */
            cursor?: string;
        };
        /** @description An agent of the catalogue. */
        Agent: {
            id: string;
            display_name: string;
            description: string;
            tags: string[];
            version?: string;
            enabled: boolean;
            available: boolean;
            unavailable_reason?: string;
            /** @enum {string} */
            runtime: "llm" | "command" | "http" | "code";
            model?: string;
            tools?: string[];
            mcp_servers?: string[];
            /** @enum {string} */
            execution_mode: "sync" | "async";
            queue: string;
            /** @enum {string} */
            priority: "high" | "default" | "low";
            input_schema?: {
                [key: string]: unknown;
            };
            output_schema?: {
                [key: string]: unknown;
            };
            limits: {
                timeout_s: number;
                soft_timeout_s?: number;
                deadline_s: number;
                idle_timeout_s: number;
                max_turns?: number;
                max_tool_calls?: number;
                max_tokens?: number;
            };
            retries: {
                max_retries: number;
                /** @enum {string} */
                backoff: "exponential" | "linear" | "fixed";
                delay_s: number;
            };
        };
        /** @description One page; the last one when `next_cursor` is null. */
        AgentList: {
            items: components["schemas"]["Agent"][];
            next_cursor: string | null;
        };
        /** @description Something that agents can be given to use. */
        Tool: {
            /** @description What models call it by. */
            name: string;
            description: string;
            /** @description What carries it out: http, command, notify…, code, or mcp. */
            kind: string;
            /** @description JSON Schema of its arguments. */
            parameters: {
                [key: string]: unknown;
            };
            /** @enum {string} */
            effects: "repeatable" | "idempotent" | "at_most_once";
            tags: ("reads_private" | "ingests_untrusted" | "sends_out")[];
            requires_approval: boolean;
            timeout_s: number;
            max_result_chars: number;
            /** @description Each call is an execution of its own, in this queue. */
            queue?: string;
            /** @enum {string} */
            priority?: "high" | "default" | "low";
            /** @description A model may start it as a job, which it does not wait for. */
            background?: boolean;
            available: boolean;
            unavailable_reason?: string;
        };
        /** @description One page; the last one when `next_cursor` is null. */
        ToolList: {
            items: components["schemas"]["Tool"][];
            next_cursor: string | null;
        };
        /** @description The record. What there is not is absent, never null. Terminal statuses never change. */
        Execution: {
            execution_id: string;
            job_id: string;
            run_id: string;
            agent: string;
            /** @enum {string} */
            status: "queued" | "running" | "waiting" | "completed" | "failed" | "cancelled";
            /** @enum {string} */
            status_detail?: "retrying" | "delayed" | "cancelling" | "waiting_quota";
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            started_at?: string;
            /** Format: date-time */
            completed_at?: string;
            /**
             * Format: date-time
             * @description What is not over by then fails with deadline_exceeded.
             */
            deadline_at?: string;
            output?: unknown;
            error?: components["schemas"]["Failure"];
            progress?: {
                percent: number;
                message?: string;
                step?: string;
            };
            attempt: number;
            max_attempts: number;
            /** Format: date-time */
            next_attempt_at?: string;
            waiting_for?: {
                /** @enum {string} */
                kind: "timer" | "child" | "event" | "approval";
                wait_id: string;
                /** @description The key of the step that waits. */
                step: string;
                /** @description The event, the child execution, what is to be approved, or why it sleeps. */
                name?: string;
            }[];
            usage?: components["schemas"]["Usage"];
            conversation_id: string;
            correlation_id: string;
            metadata: {
                [key: string]: unknown;
            };
            tags: string[];
            /** @description The failed execution that this one tries anew. */
            retry_of?: string;
            /** @description The execution whose recorded steps this one began with. */
            forked_from?: string;
            /** @description What is not as it was there. */
            fork?: {
                /** @description The first step that was done anew; absent: all of them. */
                from_step?: string;
                /** @description `input`, `prompt`, `model`, `step_results.KEY`. */
                changed: string[];
                model?: string;
            };
            /** @description The execution whose step asked for this one. */
            parent_id?: string;
        };
        /** @description One page; the last one when `next_cursor` is null. */
        ExecutionList: {
            items: components["schemas"]["Execution"][];
            next_cursor: string | null;
        };
        /** @description An execution, and those that its steps and theirs asked for. */
        ExecutionTree: {
            /** @description A parent stands before its children. */
            items: components["schemas"]["Execution"][];
            /** @description There are more of them: ask for the tree of one below. */
            truncated: boolean;
        };
        /** @description What the client holds from now on. */
        Accepted: {
            execution_id: string;
            job_id: string;
            run_id: string;
            conversation_id: string;
            correlation_id: string;
            agent: string;
            /** @enum {string} */
            status: "queued" | "running" | "waiting" | "completed" | "failed" | "cancelled";
            poll_url: string;
            stream_url: string;
            cancel_url: string;
        };
        /** @description A numbered fact about an execution; `seq` starts at 0 and has no gaps. */
        Event: {
            seq: number;
            /** @enum {string} */
            type: "execution.queued" | "execution.started" | "execution.progress" | "step.started" | "step.completed" | "step.failed" | "output.delta" | "output.reset" | "tool.called" | "tool.completed" | "approval.requested" | "approval.decided" | "execution.waiting" | "execution.retrying" | "execution.cancelling" | "execution.completed" | "execution.failed" | "execution.cancelled";
            /** Format: date-time */
            at: string;
            execution_id: string;
            run_id?: string;
            data: {
                [key: string]: unknown;
            };
        };
        /** @description One page; the last one when `next_cursor` is null. */
        EventList: {
            items: components["schemas"]["Event"][];
            next_cursor: string | null;
        };
        /** @description The right to open one stream, for whoever shows it first. */
        StreamTicket: {
            /** @description For `?ticket=`, or the first message. */
            ticket: string;
            /**
             * Format: date-time
             * @description In 30 seconds.
             */
            expires_at: string;
        };
        /** @description One attempt by one worker. */
        Run: {
            run_id: string;
            execution_id: string;
            attempt: number;
            worker_id: string;
            /** Format: date-time */
            started_at: string;
            /** Format: date-time */
            ended_at?: string;
            /** @enum {string} */
            outcome?: "completed" | "failed" | "retrying" | "cancelled" | "released" | "waiting" | "lost";
            error?: components["schemas"]["Failure"];
            usage?: components["schemas"]["Usage"];
        };
        /** @description One page; the last one when `next_cursor` is null. */
        RunList: {
            items: components["schemas"]["Run"][];
            next_cursor: string | null;
        };
        /** @description A journalled piece of work; `interrupted` where its run was cut before it had ended. */
        Step: {
            step_id: string;
            execution_id: string;
            /** @description Names it within the execution. */
            key: string;
            /** @enum {string} */
            effects: "repeatable" | "idempotent" | "at_most_once";
            /** @enum {string} */
            status: "started" | "waiting" | "completed" | "failed" | "interrupted";
            attempt: number;
            /** @description The run that said last how it stands. */
            run_id: string;
            /** Format: date-time */
            started_at: string;
            /** Format: date-time */
            completed_at?: string;
            /** @description With `?include=result`, of a completed one. */
            result?: unknown;
            error?: components["schemas"]["Failure"];
        };
        /** @description One page; the last one when `next_cursor` is null. */
        StepList: {
            items: components["schemas"]["Step"][];
            next_cursor: string | null;
        };
        /** @description One of the two. */
        DiffSide: {
            execution: components["schemas"]["Execution"];
            /** @description From its first start to its end. */
            duration_ms?: number;
            /** @description Of a fork: instead of the agent's own. */
            prompt?: string;
            /** @description Of a fork: instead of the agent's own. */
            model?: string;
        };
        /** @description Two executions beside each other. */
        ExecutionDiff: {
            left: components["schemas"]["DiffSide"];
            right: components["schemas"]["DiffSide"];
            /** @enum {string} */
            input: "same" | "changed";
            /** @enum {string} */
            output: "same" | "changed";
            /** @description Steps that were done once, for both. */
            shared_steps: number;
            /** @description Results were asked for, and only the first 8 MB of them are here. */
            results_truncated: boolean;
            /** @description Steps by outcome. */
            counts: {
                same: number;
                changed: number;
                only_left: number;
                only_right: number;
            };
            steps: {
                key: string;
                /**
                 * @description `same`: the same status, result and error.
                 * @enum {string}
                 */
                outcome: "same" | "changed" | "only_left" | "only_right";
                shared: boolean;
                left?: components["schemas"]["Step"];
                right?: components["schemas"]["Step"];
            }[];
        };
        /** @description What model calls took. Without `cost_usd` when the price of a model is not known. */
        Usage: {
            input_tokens: number;
            output_tokens: number;
            cost_usd?: number;
        };
        /** @description What executions say to each other, one at a time, in the order of their submission. */
        Conversation: {
            conversation_id: string;
            /** @description The one that the first message was for. */
            agent: string;
            turns: number;
            /** Format: date-time */
            created_at: string;
            /**
             * Format: date-time
             * @description When the latest message was accepted.
             */
            last_at: string;
        };
        /** @description One page; the last one when `next_cursor` is null. */
        ConversationList: {
            items: components["schemas"]["Conversation"][];
            next_cursor: string | null;
        };
        /** @description What was said, by whom. Of turn n, `seq` 2n - 1 is the question and 2n the answer. */
        Message: {
            seq: number;
            /** @enum {string} */
            role: "user" | "assistant";
            text: string;
            execution_id: string;
            /** Format: date-time */
            at: string;
        };
        /** @description One page; the last one when `next_cursor` is null. */
        MessageList: {
            items: components["schemas"]["Message"][];
            next_cursor: string | null;
        };
        /** @description One thing that an execution wants a person to say yes or no to. */
        Approval: {
            approval_id: string;
            execution_id: string;
            agent: string;
            /** @description The key of the step that asks. */
            step: string;
            /** @description A tool's name, or a few words. */
            subject: string;
            /** @description By the agent, for whoever decides. */
            message?: string;
            /** @description Exactly what will be done if it is approved as it is. */
            arguments: {
                [key: string]: unknown;
            };
            /** @description JSON Schema that changed arguments must fit. */
            schema?: {
                [key: string]: unknown;
            };
            /**
             * @description What it counts as when nobody decides in time.
             * @enum {string}
             */
            on_expiry: "approve" | "reject";
            /**
             * @description `expired`: nobody decided in time. `withdrawn`: nobody did, and the execution has ended or is being cancelled.
             * @enum {string}
             */
            state: "pending" | "decided" | "expired" | "withdrawn";
            /** Format: date-time */
            requested_at: string;
            /**
             * Format: date-time
             * @description Absent: it does not, while the execution lives.
             */
            expires_at?: string;
            /** @enum {string} */
            decision?: "approve" | "reject";
            /** @description What is done instead. */
            changed_arguments?: {
                [key: string]: unknown;
            };
            feedback?: string;
            /** @description The name of the key. Absent: it expired. */
            decided_by?: string;
            /** Format: date-time */
            decided_at?: string;
        };
        /** @description One page; the last one when `next_cursor` is null. */
        ApprovalList: {
            items: components["schemas"]["Approval"][];
            next_cursor: string | null;
        };
        EventDelivered: {
            /** @description The executions that waited for it. */
            delivered_to: string[];
        };
        /** @description A failed execution that somebody has to look after, or has. */
        DeadLetter: {
            execution_id: string;
            agent: string;
            queue: string;
            /** @description The error's code. */
            reason: string;
            /** @description The same cause has the same one. */
            fingerprint: string;
            error?: components["schemas"]["Failure"];
            /** Format: date-time */
            failed_at: string;
            attempts: number;
            max_attempts: number;
            /** @description Workers lost in a row. */
            interruptions: number;
            /** @enum {string} */
            state: "open" | "redriven" | "discarded";
            /** Format: date-time */
            handled_at?: string;
            /** @description The execution that it is tried anew as. */
            redriven_as?: string;
            discard_reason?: string;
            execution_url: string;
            runs_url: string;
        };
        /** @description One page; the last one when `next_cursor` is null. */
        DeadLetterList: {
            items: components["schemas"]["DeadLetter"][];
            next_cursor: string | null;
        };
        /** @description With all that one needs to decide what to do about it. */
        DeadLetterDetail: {
            execution_id: string;
            agent: string;
            queue: string;
            /** @description The error's code. */
            reason: string;
            /** @description The same cause has the same one. */
            fingerprint: string;
            error?: components["schemas"]["Failure"];
            /** Format: date-time */
            failed_at: string;
            attempts: number;
            max_attempts: number;
            /** @description Workers lost in a row. */
            interruptions: number;
            /** @enum {string} */
            state: "open" | "redriven" | "discarded";
            /** Format: date-time */
            handled_at?: string;
            /** @description The execution that it is tried anew as. */
            redriven_as?: string;
            discard_reason?: string;
            execution_url: string;
            runs_url: string;
            input: unknown;
            conversation_id: string;
            correlation_id: string;
            retry_of?: string;
            runs: components["schemas"]["Run"][];
        };
        /** @description Dead letters with the same cause, as far as agent, code and message tell. */
        DeadLetterGroup: {
            fingerprint: string;
            reason: string;
            agent: string;
            count: number;
            /** Format: date-time */
            first_failed_at: string;
            /** Format: date-time */
            last_failed_at: string;
            /** @description The one of them that was submitted last. */
            sample: {
                execution_id: string;
                message: string;
            };
        };
        /** @description One page; the last one when `next_cursor` is null. */
        DeadLetterGroupList: {
            items: components["schemas"]["DeadLetterGroup"][];
            next_cursor: string | null;
        };
        /** @description Each as a new execution. */
        Redriven: {
            count: number;
            items: {
                /** @description The new one. */
                execution_id: string;
                retry_of: string;
                /** @description It was redriven before, as this one. */
                repeated: boolean;
                /** Format: date-time */
                due_at: string;
            }[];
            /** Format: date-time */
            last_due_at?: string;
            refused: {
                execution_id: string;
                code: string;
                message: string;
            }[];
            /** @description How many come after these. */
            remaining: number;
            next_cursor: string | null;
        };
        Discarded: {
            count: number;
            execution_ids: string[];
            refused: {
                execution_id: string;
                code: string;
                message: string;
            }[];
            /** @description How many come after these. */
            remaining: number;
            next_cursor: string | null;
        };
        /** @description A URL that is called when executions end. */
        WebhookEndpoint: {
            endpoint_id: string;
            url: string;
            description?: string;
            events: ("execution.completed" | "execution.failed" | "execution.cancelled")[];
            /** @description Empty: all of them. */
            agents: string[];
            /** @enum {string} */
            body: "thin" | "whole";
            /** @enum {string} */
            envelope: "standard" | "cloudevents";
            enabled: boolean;
            disabled_reason?: string;
            /** @description Tries that failed in a row, of all its deliveries. */
            failures: number;
            /**
             * Format: date-time
             * @description It failed too often: nothing is sent to it before.
             */
            paused_until?: string;
            /**
             * Format: date-time
             * @description Until then the secret before the present one signs too.
             */
            previous_secret_until?: string;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
        };
        /** @description One page; the last one when `next_cursor` is null. */
        WebhookEndpointList: {
            items: components["schemas"]["WebhookEndpoint"][];
            next_cursor: string | null;
        };
        /** @description With its secret, which is shown this once. */
        WebhookEndpointWithSecret: {
            endpoint_id: string;
            url: string;
            description?: string;
            events: ("execution.completed" | "execution.failed" | "execution.cancelled")[];
            /** @description Empty: all of them. */
            agents: string[];
            /** @enum {string} */
            body: "thin" | "whole";
            /** @enum {string} */
            envelope: "standard" | "cloudevents";
            enabled: boolean;
            disabled_reason?: string;
            /** @description Tries that failed in a row, of all its deliveries. */
            failures: number;
            /**
             * Format: date-time
             * @description It failed too often: nothing is sent to it before.
             */
            paused_until?: string;
            /**
             * Format: date-time
             * @description Until then the secret before the present one signs too.
             */
            previous_secret_until?: string;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            secret: string;
        };
        CallbackSecret: {
            secret: string;
        };
        /** @description One thing that must leave: one event, through one channel, to one target. */
        Delivery: {
            /** @description The `webhook-id` of all its tries. */
            delivery_id: string;
            event: string;
            channel: string;
            /**
             * @description Who named the target: a request, or the operator (gateway.yaml, AGENT.md). Of the latter only an `admin` sees the target, and what was answered.
             * @enum {string}
             */
            source: "client" | "operator";
            endpoint_id?: string;
            /** @description Where to, when it is no registered endpoint. */
            target?: string;
            execution_id?: string;
            agent?: string;
            /** @enum {string} */
            status: "pending" | "delivered" | "failed";
            /** @enum {string} */
            status_detail?: "sending";
            /** @description Tries that have begun. */
            attempt: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            next_attempt_at?: string;
            /** Format: date-time */
            ended_at?: string;
            last_status?: number;
            last_error?: string;
        };
        /** @description One page; the last one when `next_cursor` is null. */
        DeliveryList: {
            items: components["schemas"]["Delivery"][];
            next_cursor: string | null;
        };
        /** @description With each of its tries. */
        DeliveryDetail: {
            /** @description The `webhook-id` of all its tries. */
            delivery_id: string;
            event: string;
            channel: string;
            /**
             * @description Who named the target: a request, or the operator (gateway.yaml, AGENT.md). Of the latter only an `admin` sees the target, and what was answered.
             * @enum {string}
             */
            source: "client" | "operator";
            endpoint_id?: string;
            /** @description Where to, when it is no registered endpoint. */
            target?: string;
            execution_id?: string;
            agent?: string;
            /** @enum {string} */
            status: "pending" | "delivered" | "failed";
            /** @enum {string} */
            status_detail?: "sending";
            /** @description Tries that have begun. */
            attempt: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            next_attempt_at?: string;
            /** Format: date-time */
            ended_at?: string;
            last_status?: number;
            last_error?: string;
            tries: {
                attempt: number;
                /** Format: date-time */
                at: string;
                duration_ms: number;
                /** @enum {string} */
                outcome: "delivered" | "failed";
                /** @description Of HTTP. */
                status?: number;
                error?: string;
                /** @description The beginning of what was answered. */
                excerpt?: string;
            }[];
        };
        DeliveryOrdered: {
            delivery_id: string;
        };
        Redelivered: {
            count: number;
            delivery_ids: string[];
            next_cursor: string | null;
        };
        /** @description One incarnation of a process that runs executions. Times are by the clock of the database. */
        Worker: {
            worker_id: string;
            /**
             * @description `draining`: takes nothing more. `ended`: stopped of its own will. `lost`: it died or fell silent.
             * @enum {string}
             */
            state: "active" | "draining" | "ended" | "lost";
            host: string;
            pid: number;
            version: string;
            /** @description The most of each queue that may run here at once; null: no limit. */
            queues: {
                [key: string]: unknown;
            };
            /** @description Over all queues; absent where each request has its own. */
            slots?: number;
            running: number;
            /** @description What runs there, at most twenty. */
            executions: {
                execution_id: string;
                /** Format: date-time */
                started_at: string;
            }[];
            /** Format: date-time */
            started_at: string;
            /** Format: date-time */
            last_heartbeat_at: string;
            silent_for_s: number;
            /** Format: date-time */
            drain_requested_at?: string;
            /** Format: date-time */
            ended_at?: string;
            /**
             * @description `died`: its process was seen to be gone. `silent`: no heartbeat for queue.visibility_timeout_s.
             * @enum {string}
             */
            end_reason?: "stopped" | "silent" | "died";
        };
        /** @description One page; the last one when `next_cursor` is null. */
        WorkerList: {
            items: components["schemas"]["Worker"][];
            next_cursor: string | null;
        };
        /** @description Why it failed. `code` is stable; ours are body_required, invalid_json, invalid_request, invalid_cursor, payload_too_large, unsupported_media_type, unauthenticated, forbidden, not_found, method_not_allowed, not_acceptable, upgrade_required, agent_disabled, conversation_busy, idempotency_key_reused, not_supported, queue_full, rate_limited, too_many_executions, too_many_streams, events_deleted, already_answered, answer_too_late, not_failed, not_over, already_retried, dead_letter_handled, already_decided, approval_over, agent_error, agent_unavailable, tool_unavailable, invalid_input, provider_error, command_failed, provider_rate_limited, provider_timeout, output_invalid, limit_exceeded, timeout, soft_timeout, idle_timeout, deadline_exceeded, cancelled, worker_lost, effect_unknown, remote_error, outbound_refused, outbound_failed, invalid_configuration, unavailable, internal_error, an agent may have others. */
        Failure: {
            code: string;
            message: string;
            retryable: boolean;
            details?: {
                [key: string]: unknown;
            };
        };
        /** @description What an HTTP agent says of an execution; `execution_id` and `attempt` as they were sent to it. */
        Callback: {
            execution_id: string;
            attempt: number;
            /** @enum {string} */
            status: "completed" | "failed" | "running";
            output?: unknown;
            usage?: {
                input_tokens?: number;
                output_tokens?: number;
                cost_usd?: number;
            };
            error?: {
                code?: string;
                message?: string;
                retryable?: boolean;
            };
            progress?: {
                percent?: number;
                message?: string;
                step?: string;
            };
        };
        CallbackTaken: {
            execution_id: string;
            attempt: number;
            repeated: boolean;
        };
        /** @description Each dependency and its state: up, degraded or down. */
        Health: {
            /** @enum {string} */
            status: "ok" | "degraded";
            details: {
                [key: string]: unknown;
            };
        };
        /** @description Every answer that is not a success (RFC 9457). */
        Problem: {
            type: string;
            title: string;
            status: number;
            detail: string;
            /** @description Stable. One of body_required, invalid_json, invalid_request, invalid_cursor, payload_too_large, unsupported_media_type, unauthenticated, forbidden, not_found, method_not_allowed, not_acceptable, upgrade_required, agent_disabled, conversation_busy, idempotency_key_reused, not_supported, queue_full, rate_limited, too_many_executions, too_many_streams, events_deleted, already_answered, answer_too_late, not_failed, not_over, already_retried, dead_letter_handled, already_decided, approval_over, agent_error, agent_unavailable, tool_unavailable, invalid_input, provider_error, command_failed, provider_rate_limited, provider_timeout, output_invalid, limit_exceeded, timeout, soft_timeout, idle_timeout, deadline_exceeded, cancelled, worker_lost, effect_unknown, remote_error, outbound_refused, outbound_failed, invalid_configuration, unavailable, internal_error, or the code an agent failed with. */
            code: string;
            instance: string;
            errors?: {
                path: string;
                message: string;
                hint?: string;
            }[];
            execution_id?: string;
            details?: {
                [key: string]: unknown;
            };
            trace_id: string;
        };
        invoke_test_runner_input: {
            /**
             * @description Only the tests whose name fits this regular expression
             * @default .*
             */
            only: string;
            /**
             * @description careless makes a test fail
             * @default exact
             * @enum {unknown}
             */
            rounding: "exact" | "careless";
        };
        invoke_triage_input: {
            subject: string;
            body: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listAgents: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every agent that loaded, by id. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentList"];
                };
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    /** @description The limit: `q` requests in `w` seconds. Also on other answers to a key that has one. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of it: `r` requests, until the window is over in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getAgent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The agent, with its schemas, queue, mode and limits. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Agent"];
                };
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    /** @description The limit: `q` requests in `w` seconds. Also on other answers to a key that has one. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of it: `r` requests, until the window is over in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTools: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every tool that there is at the moment, by name: of files, code and MCP servers. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToolList"];
                };
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    /** @description The limit: `q` requests in `w` seconds. Also on other answers to a key that has one. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of it: `r` requests, until the window is over in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    chat: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body give the same execution, for 24 h unless configured otherwise. */
                "Idempotency-Key"?: string;
                /** @description `respond-async` for 202 at once, `wait=10` to wait up to 10 s for the result. */
                Prefer?: string;
                /** @description The caller's own id, carried through; made when absent. */
                "X-Correlation-Id"?: string;
                /** @description W3C Trace Context, carried through; a new root when absent or malformed. */
                traceparent?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChatRequest"];
            };
        };
        responses: {
            /** @description A synchronous one that completed while the request waited. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Execution"];
                };
            };
            /** @description Accepted: it will run. Also a synchronous one that outlived server.sync_wait_s. */
            202: {
                headers: {
                    /** @description The record. */
                    Location?: string;
                    /** @description Seconds until the first look is worth its while. */
                    "Retry-After"?: string;
                    /** @description The caller's, or the one that was made. */
                    "X-Correlation-Id"?: string;
                    /** @description `true`: the key was known, nothing new was made. */
                    "Idempotency-Replayed"?: string;
                    /** @description What was made of Prefer; always there with backend none. */
                    "Preference-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description `body_required`: A body is required. `invalid_json`: The body is not acceptable JSON. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `agent_disabled`: The agent is disabled. `cancelled`: The execution was cancelled. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The Idempotency-Key was used for another request. `not_supported`: Not supported yet. `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_full`: The queue is full. `too_many_executions`: Too many executions are not over yet. `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    /** @description The limit: `q` requests in `w` seconds. Also on other answers to a key that has one. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of it: `r` requests, until the window is over in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `agent_error`: The agent failed. `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `provider_error`: The model provider failed. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `agent_unavailable`: The agent is unavailable. `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `timeout`: The execution ran into its time limit. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    invoke: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body give the same execution, for 24 h unless configured otherwise. */
                "Idempotency-Key"?: string;
                /** @description `respond-async` for 202 at once, `wait=10` to wait up to 10 s for the result. */
                Prefer?: string;
                /** @description The caller's own id, carried through; made when absent. */
                "X-Correlation-Id"?: string;
                /** @description W3C Trace Context, carried through; a new root when absent or malformed. */
                traceparent?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InvokeRequest"];
            };
        };
        responses: {
            /** @description A synchronous one that completed while the request waited. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Execution"];
                };
            };
            /** @description Accepted: it will run. Also a synchronous one that outlived server.sync_wait_s. */
            202: {
                headers: {
                    /** @description The record. */
                    Location?: string;
                    /** @description Seconds until the first look is worth its while. */
                    "Retry-After"?: string;
                    /** @description The caller's, or the one that was made. */
                    "X-Correlation-Id"?: string;
                    /** @description `true`: the key was known, nothing new was made. */
                    "Idempotency-Replayed"?: string;
                    /** @description What was made of Prefer; always there with backend none. */
                    "Preference-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description `body_required`: A body is required. `invalid_json`: The body is not acceptable JSON. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `agent_disabled`: The agent is disabled. `cancelled`: The execution was cancelled. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The Idempotency-Key was used for another request. `not_supported`: Not supported yet. `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_full`: The queue is full. `too_many_executions`: Too many executions are not over yet. `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    /** @description The limit: `q` requests in `w` seconds. Also on other answers to a key that has one. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of it: `r` requests, until the window is over in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `agent_error`: The agent failed. `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `provider_error`: The model provider failed. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `agent_unavailable`: The agent is unavailable. `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `timeout`: The execution ran into its time limit. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listExecutions: {
        parameters: {
            query?: {
                /** @description The agent's id. */
                agent?: string;
                /** @description One or several. */
                status?: ("queued" | "running" | "waiting" | "completed" | "failed" | "cancelled")[];
                /** @description All turns of one conversation. */
                conversation_id?: string;
                /** @description The caller's own id. */
                correlation_id?: string;
                /** @description Those that carry the tag. */
                tag?: string;
                /** @description Created after this moment. */
                created_after?: string;
                /** @description Created before this moment. */
                created_before?: string;
                /** @description Text in the id, the agent or the input, in any case. */
                q?: string;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Items of one page; 20 when absent. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExecutionList"];
                };
            };
            /** @description `invalid_cursor`: The cursor is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    /** @description The limit: `q` requests in `w` seconds. Also on other answers to a key that has one. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of it: `r` requests, until the window is over in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getExecution: {
        parameters: {
            query?: {
                /** @description Seconds to wait for the end; never more than server.sync_wait_s. */
                wait?: number;
            };
            header?: {
                /** @description The ETag of an earlier answer. */
                "If-None-Match"?: string;
                /** @description `wait=25`, the same as ?wait=25. */
                Prefer?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record. */
            200: {
                headers: {
                    /** @description Changes with the record. */
                    ETag?: string;
                    /** @description Seconds, while it is not terminal. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Execution"];
                };
            };
            /** @description Nothing has changed since the ETag. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    /** @description The limit: `q` requests in `w` seconds. Also on other answers to a key that has one. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of it: `r` requests, until the window is over in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getTree: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Level by level, 500 at most. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExecutionTree"];
                };
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    /** @description The limit: `q` requests in `w` seconds. Also on other answers to a key that has one. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of it: `r` requests, until the window is over in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listRuns: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description First one first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunList"];
                };
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    /** @description The limit: `q` requests in `w` seconds. Also on other answers to a key that has one. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of it: `r` requests, until the window is over in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSteps: {
        parameters: {
            query?: {
                /** @description `result`: also what each step has recorded, 5 MB at most; a page has 100 of them, or 8 MB, at most. */
                include?: "result";
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Steps of one page; 1000 when absent. */
                limit?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page, in the order in which they were first begun. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StepList"];
                };
            };
            /** @description `invalid_cursor`: The cursor is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    /** @description The limit: `q` requests in `w` seconds. Also on other answers to a key that has one. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of it: `r` requests, until the window is over in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelExecution: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record as it is at this moment. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Execution"];
                };
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    /** @description The limit: `q` requests in `w` seconds. Also on other answers to a key that has one. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of it: `r` requests, until the window is over in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listEvents: {
        parameters: {
            query?: {
                /** @description Only events with a greater seq. The header Last-Event-ID comes first. */
                after?: number;
                /** @description `false`: only what is stored by now. */
                follow?: "true" | "false";
                /** @description JSON only: events of one page; 100 when absent. */
                limit?: number;
            };
            header?: {
                /** @description The seq of the last event that was seen. */
                "Last-Event-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventList"];
                    "text/event-stream": string;
                };
            };
            /** @description The execution has ended and there is nothing after that seq: stop coming back. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_cursor`: The cursor is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_acceptable`: No acceptable representation. */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `events_deleted`: The events are not kept any more. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_streams`: Too many event streams are open. `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    /** @description The limit: `q` requests in `w` seconds. Also on other answers to a key that has one. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of it: `r` requests, until the window is over in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    diffExecutions: {
        parameters: {
            query?: {
                /** @description `result`: also what the steps have recorded, the first 8 MB in all; the steps of each have the rest. */
                include?: "result";
            };
            header?: never;
            path: {
                id: string;
                other: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description In the order of the left one, which is the first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExecutionDiff"];
                };
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    /** @description The limit: `q` requests in `w` seconds. Also on other answers to a key that has one. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of it: `r` requests, until the window is over in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    forkExecution: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body give the same execution, for 24 h unless configured otherwise. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ForkExecutionRequest"];
            };
        };
        responses: {
            /** @description Accepted: it will run. */
            202: {
                headers: {
                    /** @description The record of the new one. */
                    Location?: string;
                    /** @description Seconds until the first look is worth its while. */
                    "Retry-After"?: string;
                    /** @description The caller's, or the other one's. */
                    "X-Correlation-Id"?: string;
                    /** @description `true`: the key was known, nothing new was made. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description `invalid_json`: The body is not acceptable JSON. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_over`: Only an execution that is over can be forked. `agent_disabled`: The agent is disabled. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The Idempotency-Key was used for another request. `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_full`: The queue is full. `too_many_executions`: Too many executions are not over yet. `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    /** @description The limit: `q` requests in `w` seconds. Also on other answers to a key that has one. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of it: `r` requests, until the window is over in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `agent_unavailable`: The agent is unavailable. `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retryExecution: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RetryRequest"];
            };
        };
        responses: {
            /** @description Accepted: it will run. Or the execution that it is tried anew as already. */
            202: {
                headers: {
                    /** @description The record of the new one. */
                    Location?: string;
                    /** @description Seconds until the first look is worth its while. */
                    "Retry-After"?: string;
                    /** @description The failed one's. */
                    "X-Correlation-Id"?: string;
                    /** @description `true`: it was tried anew already, nothing new was made. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description `invalid_json`: The body is not acceptable JSON. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_failed`: Only a failed execution can be tried anew. `already_retried`: It was tried anew already, otherwise. `dead_letter_handled`: Somebody looked after the dead letter already. `agent_disabled`: The agent is disabled. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_full`: The queue is full. `too_many_executions`: Too many executions are not over yet. `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    /** @description The limit: `q` requests in `w` seconds. Also on other answers to a key that has one. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of it: `r` requests, until the window is over in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `agent_unavailable`: The agent is unavailable. `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listApprovals: {
        parameters: {
            query?: {
                /** @description Whatever became of them when absent. */
                state?: "pending" | "decided" | "expired" | "withdrawn";
                /** @description Of one execution. */
                execution_id?: string;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Items of one page; 20 when absent. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApprovalList"];
                };
            };
            /** @description `invalid_cursor`: The cursor is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    /** @description The limit: `q` requests in `w` seconds. Also on other answers to a key that has one. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of it: `r` requests, until the window is over in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getApproval: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it stands. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Approval"];
                };
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    /** @description The limit: `q` requests in `w` seconds. Also on other answers to a key that has one. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of it: `r` requests, until the window is over in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    decideApproval: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DecisionRequest"];
            };
        };
        responses: {
            /** @description Decided. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Approval"];
                };
            };
            /** @description `body_required`: A body is required. `invalid_json`: The body is not acceptable JSON. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `already_decided`: Somebody has decided already. `approval_over`: Nobody waits for this decision any more. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    /** @description The limit: `q` requests in `w` seconds. Also on other answers to a key that has one. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of it: `r` requests, until the window is over in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sendEvent: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SendEventRequest"];
            };
        };
        responses: {
            /** @description These got it, and go on. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventDelivered"];
                };
            };
            /** @description `body_required`: A body is required. `invalid_json`: The body is not acceptable JSON. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    /** @description The limit: `q` requests in `w` seconds. Also on other answers to a key that has one. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of it: `r` requests, until the window is over in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    takeCallback: {
        parameters: {
            query?: never;
            header: {
                /** @description Seconds since 1970, within five minutes. */
                "webhook-timestamp": string;
                /** @description Any id of this message; signed along. */
                "webhook-id": string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Callback"];
            };
        };
        responses: {
            /** @description Stored: from now on it is not lost. The same again is `repeated` and changes nothing. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallbackTaken"];
                };
            };
            /** @description `body_required`: A body is required. `invalid_json`: The body is not acceptable JSON. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `already_answered`: The execution has another answer. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `answer_too_late`: Nobody waits for this answer any more. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `agent_unavailable`: The agent is unavailable. `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listConversations: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Items of one page; 20 when absent. */
                limit?: number;
                /** @description The id of the agent that the first message was for. */
                agent?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationList"];
                };
            };
            /** @description `invalid_cursor`: The cursor is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    /** @description The limit: `q` requests in `w` seconds. Also on other answers to a key that has one. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of it: `r` requests, until the window is over in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getConversation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Whose it was first, and how many turns it has. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    /** @description The limit: `q` requests in `w` seconds. Also on other answers to a key that has one. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of it: `r` requests, until the window is over in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteConversation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conversation_busy`: A turn of the conversation is not over. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    /** @description The limit: `q` requests in `w` seconds. Also on other answers to a key that has one. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of it: `r` requests, until the window is over in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listMessages: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Items of one page; 20 when absent. */
                limit?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageList"];
                };
            };
            /** @description `invalid_cursor`: The cursor is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    /** @description The limit: `q` requests in `w` seconds. Also on other answers to a key that has one. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of it: `r` requests, until the window is over in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDeadLetters: {
        parameters: {
            query?: {
                /** @description The agent's id. */
                agent?: string;
                /** @description Of one group. */
                fingerprint?: string;
                /** @description The error's code. */
                reason?: string;
                /** @description Failed after this moment. */
                failed_after?: string;
                /** @description Failed before this moment. */
                failed_before?: string;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Items of one page; 20 when absent. */
                limit?: number;
                /** @description `open` when absent: nobody has looked after them yet. `all`: whatever became of them. */
                state?: "open" | "redriven" | "discarded" | "all";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetterList"];
                };
            };
            /** @description `invalid_cursor`: The cursor is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    /** @description The limit: `q` requests in `w` seconds. Also on other answers to a key that has one. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of it: `r` requests, until the window is over in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDeadLetterGroups: {
        parameters: {
            query?: {
                /** @description The agent's id. */
                agent?: string;
                /** @description Of one group. */
                fingerprint?: string;
                /** @description The error's code. */
                reason?: string;
                /** @description Failed after this moment. */
                failed_after?: string;
                /** @description Failed before this moment. */
                failed_before?: string;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Items of one page; 20 when absent. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetterGroupList"];
                };
            };
            /** @description `invalid_cursor`: The cursor is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    /** @description The limit: `q` requests in `w` seconds. Also on other answers to a key that has one. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of it: `r` requests, until the window is over in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDeadLetter: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Whatever became of it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetterDetail"];
                };
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    /** @description The limit: `q` requests in `w` seconds. Also on other answers to a key that has one. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of it: `r` requests, until the window is over in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    redriveDeadLetters: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RedriveRequest"];
            };
        };
        responses: {
            /** @description Accepted: they will run. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Redriven"];
                };
            };
            /** @description `body_required`: A body is required. `invalid_json`: The body is not acceptable JSON. `invalid_cursor`: The cursor is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_full`: The queue is full. `too_many_executions`: Too many executions are not over yet. `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    /** @description The limit: `q` requests in `w` seconds. Also on other answers to a key that has one. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of it: `r` requests, until the window is over in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    discardDeadLetters: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DiscardRequest"];
            };
        };
        responses: {
            /** @description They are discarded. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Discarded"];
                };
            };
            /** @description `body_required`: A body is required. `invalid_json`: The body is not acceptable JSON. `invalid_cursor`: The cursor is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    /** @description The limit: `q` requests in `w` seconds. Also on other answers to a key that has one. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of it: `r` requests, until the window is over in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createStreamTicket: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The ticket. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StreamTicket"];
                };
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    /** @description The limit: `q` requests in `w` seconds. Also on other answers to a key that has one. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of it: `r` requests, until the window is over in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listEndpoints: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Items of one page; 20 when absent. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookEndpointList"];
                };
            };
            /** @description `invalid_cursor`: The cursor is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    /** @description The limit: `q` requests in `w` seconds. Also on other answers to a key that has one. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of it: `r` requests, until the window is over in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateEndpointRequest"];
            };
        };
        responses: {
            /** @description It is called from now on. Keep the secret. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookEndpointWithSecret"];
                };
            };
            /** @description `body_required`: A body is required. `invalid_json`: The body is not acceptable JSON. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    /** @description The limit: `q` requests in `w` seconds. Also on other answers to a key that has one. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of it: `r` requests, until the window is over in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Without its secret. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookEndpoint"];
                };
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    /** @description The limit: `q` requests in `w` seconds. Also on other answers to a key that has one. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of it: `r` requests, until the window is over in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    /** @description The limit: `q` requests in `w` seconds. Also on other answers to a key that has one. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of it: `r` requests, until the window is over in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeEndpointRequest"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookEndpoint"];
                };
            };
            /** @description `body_required`: A body is required. `invalid_json`: The body is not acceptable JSON. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    /** @description The limit: `q` requests in `w` seconds. Also on other answers to a key that has one. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of it: `r` requests, until the window is over in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rotateSecret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RotateSecretRequest"];
            };
        };
        responses: {
            /** @description With the new secret. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookEndpointWithSecret"];
                };
            };
            /** @description `body_required`: A body is required. `invalid_json`: The body is not acceptable JSON. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    /** @description The limit: `q` requests in `w` seconds. Also on other answers to a key that has one. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of it: `r` requests, until the window is over in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    testEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ask GET /v1/deliveries/{id} what became of it. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryOrdered"];
                };
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    /** @description The limit: `q` requests in `w` seconds. Also on other answers to a key that has one. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of it: `r` requests, until the window is over in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCallbackSecret: {
        parameters: {
            query?: {
                /** @description Whose, when not the caller's own; wants `admin`. */
                for?: "operator";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The same until webhooks.secret changes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallbackSecret"];
                };
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    /** @description The limit: `q` requests in `w` seconds. Also on other answers to a key that has one. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of it: `r` requests, until the window is over in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDeliveries: {
        parameters: {
            query?: {
                /** @description `webhook`, `slack`… */
                channel?: string;
                /** @description `execution.completed`… */
                event?: string;
                /** @description The agent's id. */
                agent?: string;
                /** @description Of one execution. */
                execution_id?: string;
                /** @description To one endpoint. */
                endpoint_id?: string;
                /** @description Ordered after this moment. */
                created_after?: string;
                /** @description Ordered before this moment. */
                created_before?: string;
                /** @description Whatever became of them when absent. */
                status?: "pending" | "delivered" | "failed";
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Items of one page; 20 when absent. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryList"];
                };
            };
            /** @description `invalid_cursor`: The cursor is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    /** @description The limit: `q` requests in `w` seconds. Also on other answers to a key that has one. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of it: `r` requests, until the window is over in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDelivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A number that is missing is a try whose sender was killed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryDetail"];
                };
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    /** @description The limit: `q` requests in `w` seconds. Also on other answers to a key that has one. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of it: `r` requests, until the window is over in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    redeliver: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is due. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    /** @description The limit: `q` requests in `w` seconds. Also on other answers to a key that has one. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of it: `r` requests, until the window is over in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    redeliverMany: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RedeliverRequest"];
            };
        };
        responses: {
            /** @description They are due. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Redelivered"];
                };
            };
            /** @description `invalid_cursor`: The cursor is not valid. `body_required`: A body is required. `invalid_json`: The body is not acceptable JSON. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    /** @description The limit: `q` requests in `w` seconds. Also on other answers to a key that has one. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of it: `r` requests, until the window is over in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    openStream: {
        parameters: {
            query?: {
                /** @description Of `POST /v1/stream-tickets`, where no Authorization can be sent. */
                ticket?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The connection is a WebSocket from here on. */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upgrade_required`: Another protocol is wanted. */
            426: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_streams`: Too many event streams are open. `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    /** @description The limit: `q` requests in `w` seconds. Also on other answers to a key that has one. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of it: `r` requests, until the window is over in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWorkers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them, at most 500. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkerList"];
                };
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    /** @description The limit: `q` requests in `w` seconds. Also on other answers to a key that has one. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of it: `r` requests, until the window is over in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    drainWorker: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The worker as it stands at that moment. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Worker"];
                };
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    /** @description The limit: `q` requests in `w` seconds. Also on other answers to a key that has one. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of it: `r` requests, until the window is over in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getLive: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    getReady: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Yes; `degraded` when something is missing that requests can do without. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What this process counted, and what waits in the database. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description `unauthenticated`: A valid key is required. */
            401: {
                headers: {
                    /** @description Which kind of credentials is wanted. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    /** @description The limit: `q` requests in `w` seconds. Also on other answers to a key that has one. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of it: `r` requests, until the window is over in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong in the gateway. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The gateway is unavailable. */
            503: {
                headers: {
                    /** @description Seconds. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
