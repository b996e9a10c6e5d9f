/** One state, changed by one pure function, and those who look at it. */
export interface Store<State, Action> {
  readonly state: State;
  act(action: Action): void;
  /** Returns how to stop. */
  subscribe(listener: () => void): () => void;
}

export function createStore<State, Action>(
  first: State,
  reduce: (state: State, action: Action) => State,
): Store<State, Action> {
  let state = first;
  const listeners = new Set<() => void>();
  return {
    get state() {
      return state;
    },
    act(action) {
      const next = reduce(state, action);
      if (next === state) return;
      state = next;
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
