/** What the tabs (and the worker) of one owner share goes by this name: the lock of whoever drains, and their channel. */
export function scopeOf(owner: string | null): string {
  return `farside:${owner === null ? 'anonymous' : `user:${owner}`}`;
}
