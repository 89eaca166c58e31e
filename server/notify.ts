/** Tells somebody of what has happened: their failure is theirs, and undoes nothing. */
export function notify<Event extends object>(tell: (event: Event) => void, event: Event): void {
  try {
    tell(Object.freeze(event));
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
