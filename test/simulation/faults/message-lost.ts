import type { MessageFault } from './fault.ts';

export const messageLost: MessageFault = {
  name: 'message-lost',
  says: 'a message between two tabs was lost',
  at: 'message',
  rate: 0.05,
};
