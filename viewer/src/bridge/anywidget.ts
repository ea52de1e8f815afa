// The part of anywidget's protocol that the loader uses (https://anywidget.dev/en/afm/).

export interface Model {
  get<T>(name: string): T;
  set(name: string, value: unknown): void;
  save_changes(): void;
  on(event: string, callback: () => void): void;
  off(event: string, callback: () => void): void;
}

export interface RenderProps {
  model: Model;
  el: HTMLElement;
  signal?: AbortSignal;
}
