import { needsApproval, unapprovedSenders } from './approval-rule';
import type { ToolTag } from './tool';

const tool = (name: string, tags: ToolTag[], requiresApproval = false) => ({ name, tags, requiresApproval });
const reader = tool('customers', ['reads_private']);
const browser = tool('browse', ['ingests_untrusted']);
const sender = tool('mail', ['sends_out']);
const webhook = tool('webhook', ['sends_out', 'ingests_untrusted']);
const clock = tool('clock', []);

describe('the rule of three', () => {
  it.each([
    ['nothing that reads', [browser, sender]],
    ['nothing that takes in', [reader, sender]],
    ['nothing that sends', [reader, browser]],
    ['no tools', []],
  ])('wants nothing of an agent with %s', (_, tools) => {
    const user = { tools, requiresApproval: false };
    expect(unapprovedSenders(user)).toEqual([]);
    expect(tools.filter((one) => needsApproval(one, user))).toEqual([]);
  });

  it('wants a person to decide on what sends, and on nothing else', () => {
    const user = { tools: [reader, browser, sender, webhook, clock], requiresApproval: false };
    expect(unapprovedSenders(user)).toEqual(['mail', 'webhook']);
    expect(user.tools.filter((one) => needsApproval(one, user))).toEqual([sender, webhook]);
  });

  it('holds also where two tools, or one, have it all between them', () => {
    expect(unapprovedSenders({ tools: [reader, webhook], requiresApproval: false })).toEqual(['webhook']);
    const all = tool('all', ['reads_private', 'ingests_untrusted', 'sends_out']);
    expect(unapprovedSenders({ tools: [all], requiresApproval: [] })).toEqual(['all']);
  });

  it.each([
    ['the agent for all of its tools', true, [reader, browser, sender]],
    ['the agent for this one', ['mail'], [reader, browser, sender]],
    ['the tool', false, [reader, browser, tool('mail', ['sends_out'], true)]],
  ])('is content when it is asked for by %s', (_, requiresApproval, tools) => {
    const user = { tools, requiresApproval };
    expect(unapprovedSenders(user)).toEqual([]);
    expect(needsApproval(tools[2]!, user)).toBe(true);
  });
});

describe('a call needs approval', () => {
  it('when the tool or the agent says so, whatever its tags are', () => {
    expect(needsApproval(clock, { tools: [clock], requiresApproval: false })).toBe(false);
    expect(needsApproval(clock, { tools: [clock], requiresApproval: ['clock'] })).toBe(true);
    expect(needsApproval(clock, { tools: [clock], requiresApproval: true })).toBe(true);
    expect(needsApproval(tool('x', [], true), { tools: [], requiresApproval: false })).toBe(true);
  });
});
