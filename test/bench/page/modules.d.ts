/** As much of React as React Flow is started with: its own types are a package of their own that nothing else needs. */
declare module 'react' {
  export interface ReactElement {
    readonly type: unknown;
  }
  export function createElement<Props extends object>(component: (props: Props) => unknown, props: Props): ReactElement;
}

declare module 'react-dom/client' {
  import type { ReactElement } from 'react';
  export function createRoot(container: Element): { render(element: ReactElement): void };
}

declare module '*.css';
