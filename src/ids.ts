/**
 * Every id that package.json and code share. test/unit/manifest.test.ts holds both against each other,
 * so a forgotten or misspelt one fails the build.
 */

export const viewContainer = 'dockerNetworks';

export const views = {
  networks: 'dockerNetworks.networks',
  containers: 'dockerNetworks.containers',
  hostLinks: 'dockerNetworks.hostLinks',
} as const;
export type ViewId = (typeof views)[keyof typeof views];

export const commands = {
  refresh: 'dockerNetworks.refresh',
  inspect: 'dockerNetworks.inspect',
  copyName: 'dockerNetworks.copyName',
  copyId: 'dockerNetworks.copyId',
  copyIp: 'dockerNetworks.copyIp',
  copyMac: 'dockerNetworks.copyMac',
  copyLinkName: 'dockerNetworks.copyLinkName',
  revealContainer: 'dockerNetworks.revealContainer',
  revealHostLink: 'dockerNetworks.revealHostLink',
  revealEndpoint: 'dockerNetworks.revealEndpoint',
  showLog: 'dockerNetworks.showLog',
  selectEngine: 'dockerNetworks.selectEngine',
  openSample: 'dockerNetworks.openSample',
  openSettings: 'dockerNetworks.openSettings',
  /** What a click on the status bar opens. */
  engineMenu: 'dockerNetworks.engineMenu',
  groupByNone: 'dockerNetworks.groupByNone',
  groupByDriver: 'dockerNetworks.groupByDriver',
  groupByProject: 'dockerNetworks.groupByProject',
  showBuiltIn: 'dockerNetworks.showBuiltIn',
  hideBuiltIn: 'dockerNetworks.hideBuiltIn',
  showStopped: 'dockerNetworks.showStopped',
  hideStopped: 'dockerNetworks.hideStopped',
} as const;
export type CommandId = (typeof commands)[keyof typeof commands];

export const settings = {
  connection: 'dockerNetworks.connection',
  groupBy: 'dockerNetworks.groupBy',
  showBuiltIn: 'dockerNetworks.showBuiltIn',
  showStopped: 'dockerNetworks.showStopped',
  readKernel: 'dockerNetworks.readKernel',
} as const;
export type SettingId = (typeof settings)[keyof typeof settings];

export const contextKeys = {
  /** `connecting`, `ready`, `empty`, `unreachable`, `denied`, `unsupported` or `failed`: which welcome view is shown. */
  state: 'dockerNetworks.state',
  /** `read`, or the `KernelAbsence`: why *Host Links* has no rows. */
  kernel: 'dockerNetworks.kernel',
  /** `none`, `driver` or `project`. */
  groupBy: 'dockerNetworks.groupBy',
  builtInShown: 'dockerNetworks.builtInShown',
  stoppedShown: 'dockerNetworks.stoppedShown',
} as const;
export type ContextKeyId = (typeof contextKeys)[keyof typeof contextKeys];
