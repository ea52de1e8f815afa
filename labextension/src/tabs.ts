// The tabs with viewers in them: making, finding, restoring, closing.

import type { ILayoutRestorer, JupyterFrontEnd } from "@jupyterlab/application";
import { type IThemeManager, MainAreaWidget, WidgetTracker } from "@jupyterlab/apputils";
import type { TranslationBundle } from "@jupyterlab/translation";
import type { ReadonlyPartialJSONObject } from "@lumino/coreutils";
import { Debouncer } from "@lumino/polling";
import { type Address, keyOf } from "./address";
import { viewerIcon } from "./icon";
import { ViewerTab } from "./tab";

const SAVE_AFTER_MS = 500; // each save writes the whole layout to the server

export type Tab = MainAreaWidget<ViewerTab>;

export class Tabs {
  readonly tracker = new WidgetTracker<Tab>({ namespace: "jupyter-cxg" });

  constructor(
    private readonly app: JupyterFrontEnd,
    private readonly themes: IThemeManager | null,
    private readonly trans: TranslationBundle,
  ) {}

  /** What goes into a tab. */
  content(address: Address): ViewerTab {
    const { contents, serverSettings } = this.app.serviceManager;
    return new ViewerTab({
      base: serverSettings.baseUrl,
      contents,
      address,
      label: this.trans.__("AnnData viewer"),
      lost: {
        title: this.trans.__("This view has expired and could not be renewed"),
        message: this.trans.__("Log in again, or reload the page."),
      },
      themes: this.themes,
    });
  }

  /** A tab for what is no document: a folder, or a snapshot. */
  create(address: Address, label: string): Tab {
    const tab = new MainAreaWidget({ content: this.content(address) });
    tab.id = `jupyter-cxg-${keyOf(address)}`;
    tab.title.label = label;
    tab.title.caption = "path" in address ? address.path : label;
    tab.title.icon = viewerIcon;
    tab.title.closable = true;
    tab.toolbar.hide();
    this.app.shell.add(tab, "main");
    this.track(tab);
    return tab;
  }

  /** Remember a tab, and the view in it, over a reload of the page. */
  track(tab: Tab): void {
    void this.tracker.add(tab);
    const save = new Debouncer(() => this.tracker.save(tab), SAVE_AFTER_MS);
    tab.content.changed.connect(() => void save.invoke().catch(() => {}));
    tab.disposed.connect(() => save.dispose());
  }

  find(address: Address): Tab | undefined {
    return this.tracker.find((tab) => keyOf(tab.content.address) === keyOf(address));
  }

  /** Close what shows one of these. */
  close(keys: readonly string[]): void {
    const tabs = this.tracker.filter((tab) => keys.includes(keyOf(tab.content.address)));
    for (const tab of tabs) tab.dispose();
  }

  restore(restorer: ILayoutRestorer, command: string): void {
    void restorer.restore(this.tracker, {
      command,
      args: ({ content: { address, state }, title: { label } }) =>
        // A view is plain data; TypeScript does not see that of interfaces.
        ({ ...address, label, ...(state && { state }) }) as unknown as ReadonlyPartialJSONObject,
      name: (tab) => keyOf(tab.content.address),
    });
  }
}
